import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { inspectorUrl, memoryOf } from '../helpers/heap.ts'
import { ask, createFleet, fleetRule, listAll } from '../helpers/many-rules.ts'
import { killAllProcesses } from '../helpers/process.ts'
import { TestServer } from '../helpers/server.ts'

const COUNT = 1_500
const FIRST = 100

let server: TestServer
beforeAll(async () => {
  const env = { ...process.env, NODE_OPTIONS: '--inspect=0' }
  server = await TestServer.start({}, { kafka: { embedded: true } }, { env })
}, 60_000)
afterAll(async () => {
  await server?.stop()
  await killAllProcesses()
})

/** bench/rules.ts measures the same with 10,000 rules. */
describe('many rules created through the API', () => {
  it('are listed once each, whatever the size of a page, and cost less than 40 KB each', async () => {
    const base = `http://127.0.0.1:${server.metricsPort}`
    const { pid } = server.process!
    const inspector = inspectorUrl(await server.process!.line(/^Debugger listening/))
    const ruleOf = (index: number): object => fleetRule(index, '127.0.0.1:9092', 'fleet')
    await createFleet(base, { from: 0, to: FIRST, concurrency: 8 }, ruleOf)
    const before = await memoryOf(pid, inspector)
    await createFleet(base, { from: FIRST, to: COUNT, concurrency: 8 }, ruleOf)
    const after = await memoryOf(pid, inspector)
    const expected = Array.from({ length: COUNT }, (_, index) => `fleet_${index}`).sort()
    for (const size of [37, 1_000, 10_000]) expect(await listAll(base, size)).toEqual(expected)
    expect((after.heap - before.heap) / (COUNT - FIRST)).toBeLessThan(40 * 1024)
    expect((after.heap - before.heap) / (COUNT - FIRST)).toBeGreaterThan(100)
    for (let index = 0; index < COUNT; index += 100) await ask(base, 'DELETE', `/rules/fleet_${index}`)
    expect(await listAll(base, 10_000)).toHaveLength(COUNT - 15)
  })
})
