import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { ToxicProxy } from './toxic-proxy.ts'
import { until } from './until.ts'

let close: (() => Promise<unknown> | void)[] = []
afterEach(async () => {
  for (const step of close.reverse()) await step()
  close = []
})

/** A client through a proxy to a server that sends back what it gets. */
async function echo(): Promise<{ proxy: ToxicProxy; client: Socket; received: () => Buffer }> {
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    socket.on('error', () => undefined)
    socket.pipe(socket)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const proxy = await ToxicProxy.start({ port: (server.address() as AddressInfo).port })
  close.push(
    () => void server.close(),
    () => proxy.stop(),
  )
  const client = connect({ port: proxy.port, host: '127.0.0.1', allowHalfOpen: true })
  const chunks: Buffer[] = []
  client.on('data', (chunk: Buffer) => chunks.push(chunk))
  client.on('error', () => undefined)
  await once(client, 'connect')
  close.push(() => void client.destroy())
  return { proxy, client, received: () => Buffer.concat(chunks) }
}

describe('the proxy', () => {
  it('passes bytes as they are, also many, and the end of a stream', async () => {
    const { client, received } = await echo()
    const bytes = Buffer.alloc(3_000_000, 'abcdefg')
    client.end(bytes)
    await once(client, 'end')
    expect(received().equals(bytes)).toBe(true)
  })

  it('holds everything back while it hangs, and passes it on in order afterwards', async () => {
    const { proxy, client, received } = await echo()
    client.write('before,')
    await until(() => received().length === 7, '7 bytes')
    proxy.set({ hang: true })
    client.write('during,')
    await new Promise((resolve) => setTimeout(resolve, 100))
    expect(received().toString()).toBe('before,')
    proxy.set({})
    client.write('after')
    await until(() => received().length === 19, '19 bytes')
    expect(received().toString()).toBe('before,during,after')
  })

  it('delays both directions', async () => {
    const { proxy, client, received } = await echo()
    proxy.set({ latency: 100 })
    const started = performance.now()
    client.write('x')
    await until(() => received().length === 1, '1 bytes')
    expect(performance.now() - started).toBeGreaterThanOrEqual(195)
  })

  it('lets no more through than its bandwidth', async () => {
    const { proxy, client, received } = await echo()
    proxy.set({ bandwidth: 10_000 })
    const started = performance.now()
    client.write(Buffer.alloc(5_000, 'x'))
    await until(() => received().length === 5_000, '5_000 bytes')
    expect(performance.now() - started).toBeGreaterThan(400)
  })

  it('resets connections and takes new ones', async () => {
    const { proxy, client } = await echo()
    client.write('x')
    await once(client, 'data')
    const failed = once(client, 'error').catch((error: unknown) => [error])
    const closed = new Promise((resolve) => client.once('close', resolve))
    proxy.reset()
    await closed
    expect(await Promise.race([failed, Promise.resolve(undefined)])).toMatchObject([{ code: 'ECONNRESET' }])
    const again = connect({ port: proxy.port, host: '127.0.0.1' })
    await once(again, 'connect')
    again.write('y')
    expect(String((await once(again, 'data'))[0])).toBe('y')
    again.destroy()
  })
})
