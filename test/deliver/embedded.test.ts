import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  createDelivery,
  type EmbeddedKafka,
  embeddedTarget,
  type KafkaDelivery,
  openReader,
  type ReadRecord,
  startEmbeddedKafka,
} from '../../src/deliver/index.ts'
import { deliver, record, until } from './helpers.ts'

const run = promisify(execFile)
let kafka: EmbeddedKafka
let delivery: KafkaDelivery

beforeAll(async () => {
  kafka = await startEmbeddedKafka()
  delivery = createDelivery({ maxProducers: 4, idleTimeout: 60_000 })
})
afterAll(async () => {
  await delivery.close()
  await kafka.close()
})

async function readBack(topic: string, count: number): Promise<ReadRecord[]> {
  const records: ReadRecord[] = []
  const reader = await openReader({
    bootstrap: kafka.bootstrap,
    topics: [topic],
    from: 'beginning',
    onRecord: (read) => records.push(read),
  })
  await until(() => records.length >= count, `${count} records in ${topic}`)
  await reader.close()
  return records
}

describe('producing to the embedded Kafka', () => {
  it('delivers topic, partition, key, headers in order with duplicates, and value', async () => {
    const sender = delivery.open(embeddedTarget(kafka.bootstrap))
    const headers = [
      ['site', 'München'],
      ['1', 'number-like'],
      ['site', 'again'],
      ['', 'nameless'],
    ] as const
    const failure = await deliver(
      sender,
      record({ topic: 'all-parts', partition: 3, key: 'device-7', headers, value: Buffer.from([0, 255, 1]) }),
    )
    expect(failure).toBeUndefined()
    const [read] = await readBack('all-parts', 1)
    expect(read).toMatchObject({ partition: 3, headers: headers.map((pair) => [...pair]) })
    expect(read?.key?.toString()).toBe('device-7')
    expect(read?.value).toEqual(Buffer.from([0, 255, 1]))
    sender.release()
  })

  it('carries a header whose key is the name of a JavaScript internal', async () => {
    const sender = delivery.open(embeddedTarget(kafka.bootstrap))
    await deliver(sender, record({ topic: 'odd-header', partition: 0, headers: [['__proto__', 'x']] }))
    const { stdout } = await run('kcat', [
      '-b',
      kafka.bootstrap,
      '-C',
      '-t',
      'odd-header',
      '-o',
      'beginning',
      '-e',
      '-q',
      '-f',
      '%h',
    ])
    expect(stdout).toBe('__proto__=x')
    sender.release()
  })

  it('tells a null key from an empty one and an empty value from a tombstone', async () => {
    const sender = delivery.open(embeddedTarget(kafka.bootstrap))
    await deliver(sender, record({ topic: 'empties', partition: 0, value: Buffer.alloc(0) }))
    await deliver(sender, record({ topic: 'empties', partition: 0, key: '', value: Buffer.from('x') }))
    await deliver(sender, record({ topic: 'empties', partition: 0, key: 'a\0b', value: Buffer.from('x') }))
    const format = '%K|%S|%k;'
    const { stdout } = await run('kcat', [
      '-b',
      kafka.bootstrap,
      '-C',
      '-t',
      'empties',
      '-o',
      'beginning',
      '-e',
      '-q',
      '-f',
      format,
    ])
    expect(stdout).toBe('-1|0|;0|1|;3|1|a\0b;')
    sender.release()
  })

  it('puts a key into the partition of the Java client (murmur2)', async () => {
    const sender = delivery.open(embeddedTarget(kafka.bootstrap))
    const keys = [
      'device-1',
      'device-2',
      'device-3',
      'device-4',
      'Ω',
      'foobar',
      '21',
      'a-little-bit-long-string',
    ]
    for (const key of keys) await deliver(sender, record({ topic: 'by-key', key }))
    const read = await readBack('by-key', keys.length)
    for (const { key, partition } of read)
      expect(partition, String(key)).toBe((murmur2(key!) & 0x7fffffff) % 4)
    sender.release()
  })

  it('reports each of 50,000 records exactly once and keeps the order within a partition', async () => {
    const sender = delivery.open(embeddedTarget(kafka.bootstrap))
    const count = 50_000
    const settled = new Uint8Array(count)
    let failures = 0
    for (let index = 0; index < count; index += 1) {
      const value = Buffer.alloc(4)
      value.writeUInt32BE(index)
      sender.send(record({ topic: 'many', partition: index % 2, value }), {
        settled: (failure) => {
          settled[index]! += 1
          if (failure !== undefined) failures += 1
        },
      })
    }
    expect(await delivery.drain(30_000)).toBe(0)
    expect(failures).toBe(0)
    expect(settled.every((times) => times === 1)).toBe(true)
    const read = await readBack('many', count)
    for (const partition of [0, 1]) {
      const indexes = read
        .filter((one) => one.partition === partition)
        .map(({ value }) => value!.readUInt32BE())
      expect(indexes).toEqual(Array.from({ length: count / 2 }, (_, index) => index * 2 + partition))
    }
    sender.release()
  }, 60_000)

  it('fails a record for a partition that does not exist as the fault of the message', async () => {
    const sender = delivery.open(embeddedTarget(kafka.bootstrap))
    await deliver(sender, record({ topic: 'four', partition: 0 }))
    expect(await deliver(sender, record({ topic: 'four', partition: 99 }))).toMatchObject({
      code: 'KAFKA_PARTITION_UNKNOWN',
      class: 'message',
      resource: 'four',
    })
    expect(await deliver(sender, record({ topic: 'four', partition: 1 }))).toBeUndefined()
    sender.release()
  })

  it('is readable by a consumer group of another client', async () => {
    const sender = delivery.open(embeddedTarget(kafka.bootstrap))
    await deliver(sender, record({ topic: 'grouped', value: Buffer.from('hello') }))
    const { stdout } = await run('timeout', [
      '20',
      'kcat',
      '-b',
      kafka.bootstrap,
      '-G',
      'some-group',
      '-X',
      'auto.offset.reset=earliest',
      '-c',
      '1',
      '-q',
      'grouped',
    ])
    expect(stdout.trim()).toBe('hello')
    sender.release()
  }, 30_000)

  it('shows a reader that follows a pattern the records of a topic that appears later', async () => {
    const records: ReadRecord[] = []
    const sender = delivery.open(embeddedTarget(kafka.bootstrap))
    await deliver(sender, record({ topic: 'follow.a', value: Buffer.from('before') }))
    const reader = await openReader({
      bootstrap: kafka.bootstrap,
      topics: [/^follow\./],
      from: 'beginning',
      onRecord: (read) => records.push(read),
    })
    await until(() => records.length === 1, 'the record that was there')
    await deliver(sender, record({ topic: 'follow.b', value: Buffer.from('after') }))
    await until(() => records.length === 2, 'the record of the later topic')
    expect(records.map(({ topic, value }) => [topic, String(value)])).toEqual([
      ['follow.a', 'before'],
      ['follow.b', 'after'],
    ])
    await reader.close()
    sender.release()
  }, 30_000)
})

/** Kafka's `Utils.murmur2`, written from its Java source. */
function murmur2(data: Buffer): number {
  const m = 0x5bd1e995
  let h = (0x9747b28c ^ data.length) | 0
  const words = data.length >> 2
  for (let index = 0; index < words; index += 1) {
    let k = Math.imul(data.readInt32LE(index * 4), m)
    k = Math.imul(k ^ (k >>> 24), m)
    h = Math.imul(h, m) ^ k
  }
  const rest = data.subarray(words * 4)
  if (rest.length > 2) h ^= rest[2]! << 16
  if (rest.length > 1) h ^= rest[1]! << 8
  if (rest.length > 0) h = Math.imul(h ^ rest[0]!, m)
  h = Math.imul(h ^ (h >>> 13), m)
  return h ^ (h >>> 15)
}
