/** Opens MQTT connections, publishes one message on each and keeps them. Argument: JSON {port, connections, secure}; prints `connected` when all are. */
import { connect, type Socket } from 'node:net'
import { connect as connectSecure } from 'node:tls'
import { generate } from 'mqtt-packet'

interface Options {
  readonly port: number
  readonly connections: number
  readonly secure: boolean
}

const AT_ONCE = 100
const { port, connections, secure } = JSON.parse(process.argv[2]!) as Options
const sockets: Socket[] = []

function open(index: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const host = '127.0.0.1'
    const socket = secure ? connectSecure({ port, host, rejectUnauthorized: false }) : connect(port, host)
    sockets.push(socket)
    socket.on('error', reject)
    socket.once('close', () => reject(new Error(`connection ${index} was closed`)))
    socket.once('data', () => {
      socket.once('data', () => resolve())
      socket.write(
        generate({
          cmd: 'publish',
          topic: 'idle',
          payload: 'x',
          qos: 1,
          messageId: 1,
          dup: false,
          retain: false,
        }),
      )
    })
    socket.write(
      generate({
        cmd: 'connect',
        protocolId: 'MQTT',
        protocolVersion: 4,
        clientId: `idle-device-${index}`,
        clean: true,
        keepalive: 1_200,
      }),
    )
  })
}

for (let index = 0; index < connections; index += AT_ONCE)
  await Promise.all(
    Array.from({ length: Math.min(AT_ONCE, connections - index) }, (_, each) => open(index + each)),
  )
console.log(`connected ${sockets.length}`)
