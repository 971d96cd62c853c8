import { expect, it } from 'vitest'
import { answers, sendStreams } from '../../scripts/fuzz/client.ts'
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
