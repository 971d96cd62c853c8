import { once } from 'node:events'
import { connect } from 'node:net'
import { createRandom, createStream, type FuzzStream } from './streams.ts'

/** Streams under way at once. */
const CONCURRENT = 32

/** Sends numbered, seeded streams to an MQTT port on loopback, several at once. */
export async function sendStreams(port: number, seed: number, first: number, count: number): Promise<void> {
  let next = first
  const work = async (): Promise<void> => {
    while (next < first + count) {
      const number = next++
      await sendStream(port, number, createStream(createRandom(seed * 1_000_003 + number)))
    }
  }
  await Promise.all(Array.from({ length: CONCURRENT }, work))
}

/** Addresses vary and connections end with a reset, so that no ports are left waiting. */
async function sendStream(port: number, number: number, { chunks }: FuzzStream): Promise<void> {
  const localAddress = `127.0.${(number >> 8) & 0x7f}.${1 + (number % 250)}`
  const socket = connect({ host: '127.0.0.1', port, localAddress, noDelay: true })
  socket.on('error', () => undefined)
  socket.on('data', () => undefined)
  const closed = once(socket, 'close')
  await Promise.race([once(socket, 'connect').catch(() => undefined), closed])
  for (const chunk of chunks) {
    if (socket.destroyed) break
    socket.write(chunk)
    if (chunks.length > 1) await turn()
  }
  // Some streams wait for the server's answer, the others leave at once.
  if (number % 4 === 0) await Promise.race([closed, new Promise((resolve) => setTimeout(resolve, 5))])
  else await turn()
  socket.resetAndDestroy()
  await closed
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}

/** True when the server still takes a QoS 1 message and acknowledges it. */
export async function answers(port: number): Promise<boolean> {
  const socket = connect({ host: '127.0.0.1', port })
  const connectBytes = Buffer.from('101000044d5154540402003c0004616c6976', 'hex')
  const publishBytes = Buffer.from('32070001610001686921'.slice(0, 18), 'hex')
  socket.write(Buffer.concat([connectBytes, publishBytes]))
  const received: Buffer[] = []
  socket.on('error', () => undefined)
  socket.on('data', (chunk: Buffer) => {
    received.push(chunk)
    if (Buffer.concat(received).length >= 8) socket.end()
  })
  const timer = setTimeout(() => socket.destroy(), 5_000)
  await once(socket, 'close')
  clearTimeout(timer)
  return Buffer.concat(received).equals(Buffer.from('2002000040020001', 'hex'))
}
