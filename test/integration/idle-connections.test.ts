import { afterAll, expect, it } from 'vitest'
import { measureIdle } from '../../bench/idle.ts'
import { killAllProcesses } from '../helpers/process.ts'
import { TestServer } from '../helpers/server.ts'

const CONNECTIONS = 2_000
const KILOBYTES_EACH = 25

afterAll(() => killAllProcesses())

it('A connection that is idle costs the server less than 25 KB', async () => {
  const server = await TestServer.start({})
  const { before, connected } = await measureIdle(server, CONNECTIONS, 3_000)
  expect(connected - before).toBeLessThan(CONNECTIONS * KILOBYTES_EACH)
  await server.stop()
})
