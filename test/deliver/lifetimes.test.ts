import { readdirSync } from 'node:fs'
import { expect, it } from 'vitest'
import { createDelivery, type KafkaTarget, startEmbeddedKafka } from '../../src/deliver/index.ts'
import { awsPolicy, resolveTarget } from '../../src/deliver/specs.ts'
import { deliver, record, until } from './helpers.ts'

const ROUNDS = 6
const COMPRESSIONS = ['none', 'gzip', 'snappy', 'lz4', 'zstd']

function targets(bootstrap: string): KafkaTarget[] {
  return COMPRESSIONS.flatMap((compression) =>
    ['1', 'all'].map((acks) => {
      const properties = {
        'bootstrap.servers': bootstrap,
        'security.protocol': 'PLAINTEXT',
        'compression.type': compression,
        acks,
      }
      const result = resolveTarget(properties, { ...awsPolicy, extensions: ['PLAINTEXT'] })
      if (!result.ok) throw new Error(JSON.stringify(result.diagnostics))
      return result.target
    }),
  )
}

function openFiles(): number {
  return readdirSync('/proc/self/fd').length
}

it('gives everything back that producers took, however many come and go', async () => {
  const kafka = await startEmbeddedKafka()
  const delivery = createDelivery({ maxProducers: 20, idleTimeout: 40 })
  const all = targets(kafka.bootstrap)
  const used: { files: number; bytes: number }[] = []
  for (let round = 0; round < ROUNDS; round += 1) {
    const senders = all.map((target) => delivery.open(target))
    const failures = await Promise.all(senders.map((sender) => deliver(sender, record())))
    expect(failures.filter((failure) => failure !== undefined)).toEqual([])
    for (const sender of senders) sender.release()
    await until(() => delivery.health().length === 0, 'all closed')
    used.push({ files: openFiles(), bytes: process.memoryUsage().rss })
  }
  const [first, last] = [used[1]!, used.at(-1)!]
  // Connections of the mock cluster itself close a little later.
  await until(() => openFiles() - first.files < 20, 'files closed')
  expect(last.bytes - first.bytes).toBeLessThan(48 * 1024 * 1024)
  await delivery.close()
  await kafka.close()
}, 60_000)
