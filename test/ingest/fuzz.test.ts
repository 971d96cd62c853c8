import { expect, it } from 'vitest'
import { answers, sendStreams } from '../../scripts/fuzz/client.ts'
import { makeCertificates } from './certificates.ts'
import { start } from './helpers.ts'

it('3,000 random and mutated byte streams leave the server answering', async () => {
  const server = await start()
  server.sink.settleWith = 'taken'
  await sendStreams(server.port, 7, 0, 3_000)
  expect(await answers(server.port)).toBe(true)
  expect(server.events.counts.get('protocol_faults')).toBeGreaterThan(1_000)
  expect(server.events.counts.get('acknowledged')).toBeGreaterThan(300)
  await server.stop()
  expect(server.ingest.stats()).toMatchObject({ connections: 0, deferredBytes: 0 })
}, 60_000)

it('random bytes leave TLS, WebSocket and PROXY listeners answering', async () => {
  const tls = makeCertificates('fuzzed').server
  const local = { host: '127.0.0.1', port: 0, anonymous: true }
  const server = await start({
    listeners: [
      { ...local, transport: 'tcp' },
      { ...local, transport: 'tcp', tls },
      { ...local, transport: 'ws' },
      { ...local, transport: 'ws', tls },
      { ...local, transport: 'tcp', proxyProtocol: true },
      { ...local, transport: 'ws', tls, proxyProtocol: true },
    ],
  })
  server.sink.settleWith = 'taken'
  for (const port of server.ports.slice(1)) await sendStreams(port, 9, 0, 300)
  expect(await answers(server.port)).toBe(true)
  await server.stop()
}, 60_000)
