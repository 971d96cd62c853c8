import { execFile, fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import mqtt from 'mqtt'
import { afterEach, describe, expect, it } from 'vitest'
import { connected, openRaw, publish, start, type Running } from './helpers.ts'

const run = promisify(execFile)
let server: Running | undefined

afterEach(async () => {
  await server?.stop()
  server = undefined
})

describe('mosquitto_pub', () => {
  it.each([
    ['mqttv311', '0'],
    ['mqttv311', '1'],
    ['mqttv311', '2'],
    ['mqttv5', '0'],
    ['mqttv5', '1'],
    ['mqttv5', '2'],
  ])('publishes with %s at QoS %s', async (version, qos) => {
    server = await start()
    server.sink.settleWith = 'unmatched'
    const args = [
      '-h',
      '127.0.0.1',
      '-p',
      String(server.port),
      '-V',
      version,
      '-q',
      qos,
      '-t',
      'a/b',
      '-m',
      'hello',
    ]
    await run('mosquitto_pub', args)
    const [message] = await server.sink.received(1)
    expect(message).toMatchObject({ topic: 'a/b', qos: Number(qos) })
    expect(message!.payload.toString()).toBe('hello')
  })
})

describe('MQTT.js', () => {
  it.each([4, 5] as const)(
    'sends what was withheld again when it has reconnected (level %i)',
    async (level) => {
      server = await start()
      server.sink.settleWith = 'withheld'
      const client = await mqtt.connectAsync(`mqtt://127.0.0.1:${server.port}`, {
        protocolVersion: level,
        clientId: 'resender',
        clean: false,
        reconnectPeriod: 20,
        ...(level === 5 ? { properties: { sessionExpiryInterval: 100 } } : {}),
      })
      const published = client.publishAsync('a/b', 'again', { qos: 1 })
      await server.sink.received(2)
      server.sink.settleWith = 'taken'
      await published
      expect(server.sink.messages.every(({ payload }) => payload.toString() === 'again')).toBe(true)
      await client.endAsync()
    },
  )

  it.each([4, 5] as const)(
    'gets a thousand messages acknowledged in order (level %i)',
    async (protocolVersion) => {
      server = await start()
      server.sink.settleWith = 'taken'
      const client = await mqtt.connectAsync(`mqtt://127.0.0.1:${server.port}`, { protocolVersion })
      const all = Array.from({ length: 1_000 }, (_, index) =>
        client.publishAsync('a/b', String(index), { qos: index % 2 === 0 ? 1 : 2 }),
      )
      await Promise.all(all)
      expect(server.sink.messages.map(({ payload }) => Number(payload))).toEqual(all.map((_, index) => index))
      await client.endAsync()
    },
  )
})

describe('kill -9', () => {
  async function spawnServer(directory: string): Promise<{ child: ChildProcess; port: number }> {
    const entry = fileURLToPath(new URL('./session-process.ts', import.meta.url))
    const child = fork(entry, [directory], { execArgv: ['--import', 'tsx'] })
    const [{ port }] = (await once(child, 'message')) as [{ port: number }]
    return { child, port }
  }

  it('right after CONNACK leaves the session on disk', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'killed-'))
    const first = await spawnServer(directory)
    const before = await connected(first.port, 4, { clean: false, clientId: 'survivor' })
    expect(before.connack).toMatchObject({ sessionPresent: false })
    first.child.kill('SIGKILL')
    await once(first.child, 'exit')
    const second = await spawnServer(directory)
    const after = await connected(second.port, 4, { clean: false, clientId: 'survivor' })
    expect(after.connack).toMatchObject({ sessionPresent: true })
    const other = await connected(second.port, 4, { clean: false, clientId: 'stranger' })
    expect(other.connack).toMatchObject({ sessionPresent: false })
    second.child.kill('SIGKILL')
    await once(second.child, 'exit')
    await rm(directory, { recursive: true, force: true })
  }, 30_000)
})

describe('Closing the server', () => {
  it('waits for unsettled messages, acknowledges them and says that it shuts down', async () => {
    server = await start()
    const { client } = await connected(server.port, 5, { will: { topic: 'will', payload: 'w', qos: 0 } })
    client.send(publish({ messageId: 1 }))
    const [message] = await server.sink.received(1)
    const closing = server.ingest.close(5_000)
    message!.settle('taken')
    expect(await client.next()).toMatchObject({ cmd: 'puback', messageId: 1 })
    expect(await client.next()).toMatchObject({ cmd: 'disconnect', reasonCode: 0x8b })
    expect(await closing).toEqual({ unsettledConnections: 0 })
    expect(server.sink.messages).toHaveLength(1)
  })

  it('reports what is left at the deadline', async () => {
    server = await start()
    const { client } = await connected(server.port, 4)
    client.send(publish({ messageId: 1 }))
    await server.sink.received(1)
    expect(await server.ingest.close(10)).toEqual({ unsettledConnections: 1 })
    expect(await client.next()).toBeUndefined()
  })
})

describe('A client that', () => {
  it('does not read its answers is closed before they fill memory', async () => {
    server = await start({ limits: { outboundBytes: 50_000 } })
    const { client } = await connected(server.port, 5)
    client.socket.pause()
    const subscribe = Buffer.from('8207000100000161', 'hex')
    const request = Buffer.concat([subscribe, Buffer.from([0])])
    const flood = Buffer.concat(Array.from({ length: 5_000 }, () => request))
    const write = (): void => {
      while (!client.closed && client.socket.writable && client.socket.write(flood));
    }
    client.socket.on('drain', write)
    write()
    await server.events.counted('connections_closed', 1)
    client.destroy()
  }, 20_000)

  it('never finishes its WebSocket or TLS handshake is closed', async () => {
    server = await start({
      listeners: [{ host: '127.0.0.1', port: 0, transport: 'ws' }],
      limits: { connectTimeout: 50 },
    })
    const silent = await openRaw(server.port)
    const slow = await openRaw(server.port)
    slow.send(Buffer.from('GET /mqtt HTTP/1.1\r\nhost: a\r\n'))
    await Promise.all([silent.end(), slow.end()])
  })
})
