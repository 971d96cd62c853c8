import { type Delivery, type KafkaRecord, type KafkaSender } from '../../src/deliver/index.ts'
import { type Failure } from '../../src/errors.ts'

export { until } from '../helpers/until.ts'

export function record(over: Partial<KafkaRecord> = {}): KafkaRecord {
  return {
    topic: 'readings',
    partition: null,
    key: undefined,
    headers: [],
    value: Buffer.from('{}'),
    ...over,
  }
}

/** Sends a record and resolves with its failure, undefined when it was delivered; rejects when it settles twice. */
export function deliver(sender: KafkaSender, sent: KafkaRecord): Promise<Failure | undefined> {
  return new Promise((resolve, reject) => {
    let settled = false
    const delivery: Delivery = {
      settled: (failure) => {
        if (settled) reject(new Error('settled twice'))
        settled = true
        resolve(failure)
      },
    }
    sender.send(sent, delivery)
  })
}
