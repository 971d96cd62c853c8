import { afterAll, afterEach, beforeAll } from 'vitest'
import { type Kafka, startKafka } from './kafka/index.ts'
import { killAllProcesses } from './process.ts'
import { type TestServer } from './server.ts'

/** A Kafka for all tests of a file, and the server that the running one of them started. */
export interface Stage {
  kafka: Kafka
  /** Stopped behind each test. */
  server: TestServer | undefined
}

/** Starts Kafka before the tests of a file and ends everything behind them. Call it once, at the top of the file. */
export function setStage(): Stage {
  const stage = { server: undefined } as Stage
  beforeAll(async () => {
    stage.kafka = await startKafka()
  }, 300_000)
  afterEach(async () => {
    await stage.server?.stop()
    stage.server = undefined
  })
  afterAll(async () => {
    await stage.kafka.stop()
    await killAllProcesses()
  })
  return stage
}
