import { afterEach, expect, it } from 'vitest'
import { createDelivery, type KafkaDelivery } from '../../src/deliver/index.ts'
import { awsPolicy, resolveTarget } from '../../src/deliver/specs.ts'
import { freePorts } from '../helpers/ports.ts'
import { deliver, record } from './helpers.ts'

let delivery: KafkaDelivery | undefined
afterEach(() => delivery?.close())

it('delivery.timeout.ms fails a record in time, as the environment does, so that its message is not lost', async () => {
  const [port] = await freePorts(1)
  const result = resolveTarget(
    {
      ...{ 'bootstrap.servers': `localhost:${port}`, 'security.protocol': 'PLAINTEXT' },
      ...{ 'delivery.timeout.ms': '1500', 'request.timeout.ms': '1000', acks: 'all' },
    },
    { ...awsPolicy, extensions: ['PLAINTEXT', 'CLIENT_TUNING'] },
  )
  if (!result.ok) throw new Error(JSON.stringify(result.diagnostics))
  delivery = createDelivery({ maxProducers: 1, idleTimeout: 60_000 })
  const failure = await deliver(delivery.open(result.target), record({}))
  expect(failure).toMatchObject({ code: 'KAFKA_DELIVERY_TIMEOUT', class: 'environment' })
}, 10_000)
