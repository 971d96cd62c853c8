import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { readLetters } from '../chaos/read-letters.ts'
import { access, kcat, startKafka, type Kafka } from '../helpers/kafka/index.ts'
import { LedgerPublisher } from '../helpers/ledger-publisher.ts'
import { killAllProcesses } from '../helpers/process.ts'
import { kafkaAction, payload, TestServer } from '../helpers/server.ts'
import { makeSmallDisk, type SmallDisk } from '../helpers/small-disk.ts'

let kafka: Kafka
let directory: string
let disk: SmallDisk
let server: TestServer
const publishers: LedgerPublisher[] = []
beforeAll(async () => {
  kafka = await startKafka()
  directory = mkdtempSync(join(tmpdir(), 'topicrule-disk-'))
}, 300_000)
afterEach(async () => {
  await Promise.all(publishers.splice(0).map((publisher) => publisher.end()))
  await server.stop()
  await disk.remove()
})
afterAll(async () => {
  await kafka.stop()
  await killAllProcesses()
  rmSync(directory, { recursive: true, force: true })
})

function device(name: string, topic: string): LedgerPublisher {
  const made = new LedgerPublisher(server.url, name, topic, 4)
  publishers.push(made)
  return made
}

async function letters(): Promise<number[]> {
  const found: number[] = []
  await readLetters(disk.directory, (text) => found.push((JSON.parse(text.toString()) as { n: number }).n))
  return found
}

async function failures(): Promise<number> {
  return Number(/^topicrule_dead_letter_failures_total (\d+)/m.exec(await server.metrics())![1])
}

const segments = (): string[] => readdirSync(disk.directory).filter((name) => name.endsWith('.ndjson'))

const mayMount = process.getuid?.() === 0

describe('a full disk of the dead letters', () => {
  it.each<SmallDisk['kind']>(mayMount ? ['tmpfs', 'limit'] : ['limit'])(
    'withholds what cannot be kept, holds up nothing else, and is over when there is room again (%s)',
    async (kind) => {
      await kafka.createTopic(kind)
      disk = await makeSmallDisk(join(directory, kind), 4 * 1024 * 1024, kind)
      const properties = {
        'bootstrap.servers': access(kafka, 'PLAINTEXT').bootstrap,
        'security.protocol': 'PLAINTEXT',
      }
      server = await TestServer.start(
        {
          broken: payload("SELECT * FROM 'dead'", kafkaAction({ topic: '${nothing}', properties })),
          good: payload("SELECT * FROM 'good'", kafkaAction({ topic: kind, properties })),
        },
        { deadLetter: { directory: disk.directory } },
      )
      const [dead, good] = [device('dead', 'dead'), device('good', 'good')]
      dead.start(200)
      good.start(200)
      await Promise.all([dead.atLeast(200), good.atLeast(200)])

      await disk.fill(server.process!.pid)
      // Where the limit is the process's own, sessions cannot be written either, and it lets nobody connect again.
      await expect.poll(failures, { timeout: 20_000 }).toBeGreaterThan(kind === 'tmpfs' ? 3 : 0)
      // Whatever was acknowledged before the disk was full is on it; nothing is acknowledged from here on.
      const [acknowledged, others] = [dead.acknowledged.size, good.acknowledged.size]
      const kept = new Set(await letters())
      expect([...dead.acknowledged].filter((n) => !kept.has(n))).toEqual([])
      await good.atLeast(others + 400)
      expect(dead.acknowledged.size).toBe(acknowledged)
      expect(server.process!.stderr.some((line) => line.includes('"deadletter.failed"'))).toBe(true)

      await disk.free(server.process!.pid)
      await dead.atLeast(dead.published + 100, 30_000)
      for (const each of [dead, good]) each.stop()
      await Promise.all([dead.allAcknowledged(30_000), good.allAcknowledged(30_000)])
      expect(new Set(await letters())).toEqual(new Set(Array.from({ length: dead.published }, (_, n) => n)))
      const inKafka = await kcat(access(kafka, 'PLAINTEXT'), kind)
      expect(inKafka).toHaveLength(good.published)
      // Each failed write is tried anew: no trace of it stays.
      expect(segments().length).toBeLessThanOrEqual(2)
    },
  )
})
