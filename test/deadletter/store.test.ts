import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, utimesSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import {
  type DeadLetter,
  type DeadLetterOptions,
  DeadLetterStore,
  type FoundLetter,
  markResent,
  readLetters,
} from '../../src/deadletter/index.ts'
import { type Failure } from '../../src/errors.ts'

let directory: string
let told: string[]
let parent: string
beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'topicrule-deadletter-'))
  directory = join(parent, 'letters')
  told = []
})
afterEach(() => {
  vi.useRealTimers()
  rmSync(parent, { recursive: true })
})

function opened(options: Partial<DeadLetterOptions> = {}): Promise<DeadLetterStore> {
  return DeadLetterStore.open(
    { directory, maxBytes: 1e9, maxAge: 1e9, segmentBytes: 1e6, ...options },
    {
      removed: (_file, letters, because) => told.push(`removed ${letters} ${because}`),
      damaged: (_file, lines) => told.push(`damaged ${lines}`),
      failed: (reason) => told.push(`failed ${reason}`),
    },
  )
}

function letter(n: number, more: Partial<DeadLetter> = {}): DeadLetter {
  return {
    time: new Date(1e12 + n).toISOString(),
    ...{ rule: 'r', topic: `a/${n}`, traceId: `t${n}`, clientId: 'd', qos: 1 },
    payload: Buffer.from([n, 0, 255]),
    failures: [
      { action: 'kafka[0]', code: 'KAFKA_TOPIC_INVALID', class: 'message', resource: 'k', message: 'no' },
    ],
    ...more,
  }
}

function written(store: DeadLetterStore, ...letters: DeadLetter[]): Promise<(Failure | undefined)[]> {
  return Promise.all(
    letters.map((each) => new Promise<Failure | undefined>((settled) => store.append(each, { settled }))),
  )
}

async function found(): Promise<FoundLetter[]> {
  const all: FoundLetter[] = []
  for await (const each of readLetters(directory, ({ lines }) => told.push(`passed over ${lines}`)))
    all.push(each)
  return all
}

const files = (): string[] => readdirSync(directory).filter((name) => name.endsWith('.ndjson'))

describe('dead letters', () => {
  it('come back as they were written, in their order, from private files', async () => {
    const store = await opened()
    const properties = {
      correlationData: Buffer.from([0, 255]),
      userProperties: [
        ['k', '1'],
        ['k', '2'],
      ] as const,
    }
    const letters = [letter(1), letter(2, { properties, principal: 'p', sourceIp: '192.0.2.1' }), letter(3)]
    expect(await written(store, ...letters)).toEqual([undefined, undefined, undefined])
    expect((await found()).map((each) => each.letter)).toEqual(letters)
    expect(statSync(directory).mode & 0o777).toBe(0o700)
    expect(files().map((name) => statSync(join(directory, name)).mode & 0o777)).toEqual([0o600])
    expect(store.bytes).toBe(statSync(join(directory, files()[0]!)).size)
    await store.close()
  })

  it('are one JSON object a line with a checksum', async () => {
    const store = await opened()
    await written(store, letter(1))
    await store.close()
    const line = readFileSync(join(directory, files()[0]!), 'utf8')
    expect(JSON.parse(line)).toMatchObject({
      rule: 'r',
      payload: 'AQD/',
      crc: expect.stringMatching(/^[0-9a-f]{8}$/),
    })
  })

  it('survive a torn last line, which is told and passed over; a new process begins a new file', async () => {
    const first = await opened()
    await written(first, letter(1), letter(2))
    await first.close()
    const whole = readFileSync(join(directory, files()[0]!), 'utf8')
    appendFileSync(join(directory, files()[0]!), whole.slice(0, 50))
    const second = await opened()
    expect(told).toEqual(['damaged 1'])
    await written(second, letter(3))
    await second.close()
    expect((await found()).map((each) => each.letter.topic)).toEqual(['a/1', 'a/2', 'a/3'])
    expect(told).toEqual(['damaged 1', 'passed over 1'])
    expect(files()).toHaveLength(2)
  })

  it.each([
    ['a changed byte', (line: string) => line.replace('"topic":"a/1"', '"topic":"a/9"')],
    ['a missing checksum', (line: string) => line.replace(/,"crc":"\w+"/, '')],
  ])('with %s are passed over', async (_name, damage) => {
    const store = await opened()
    await written(store, letter(1))
    await store.close()
    const line = readFileSync(join(directory, files()[0]!), 'utf8')
    appendFileSync(join(directory, files()[0]!), damage(line))
    expect(await found()).toHaveLength(1)
    expect(told).toEqual(['passed over 1'])
  })

  it('are bounded in size: the oldest files go first, and are counted', async () => {
    const store = await opened({ segmentBytes: 600, maxBytes: 2_000 })
    for (let n = 1; n <= 30; n += 1) await written(store, letter(n))
    await store.close()
    const left = (await found()).map((each) => Number(each.letter.topic.slice(2)))
    expect(store.bytes).toBeLessThanOrEqual(2_000)
    const onDisk = files().map((file) => statSync(join(directory, file)).size)
    expect(onDisk.reduce((sum, bytes) => sum + bytes, 0)).toBe(store.bytes)
    expect(left.length).toBeGreaterThan(3)
    expect(left).toEqual(Array.from({ length: left.length }, (_, index) => 30 - left.length + 1 + index))
    const removed = told.map((line) => Number(/^removed (\d+) size$/.exec(line)?.[1]))
    expect(removed.reduce((sum, count) => sum + count, 0)).toBe(30 - left.length)
  })

  it('are found again when the clock stood at 1970 as they were written, or stepped back', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: 5_000 })
    const first = await opened()
    await written(first, letter(1))
    await first.close()
    vi.setSystemTime(1e12)
    const second = await opened()
    await written(second, letter(2))
    await second.close()
    vi.setSystemTime(1e12 - 3_600_000)
    const third = await opened()
    await written(third, letter(3))
    await third.close()
    vi.useRealTimers()
    expect((await found()).map((each) => each.letter.topic)).toEqual(['a/1', 'a/2', 'a/3'])
  })

  it('are bounded in age, what was noted beside them included', async () => {
    const first = await opened()
    await written(first, letter(1))
    await first.close()
    const [{ id }] = (await found()) as [FoundLetter]
    await markResent(directory, [id], Date.now())
    utimesSync(join(directory, files()[0]!), 1, 1)
    const second = await opened()
    await second.close()
    expect(told).toEqual(['removed 1 age'])
    expect(readdirSync(directory)).toEqual([])
  })

  it('remember that they were sent again', async () => {
    const store = await opened()
    await written(store, letter(1), letter(2))
    const [first] = (await found()) as [FoundLetter]
    await markResent(directory, [first.id], 1e12)
    expect((await found()).map(({ resentAt }) => resentAt)).toEqual(['2001-09-09T01:46:40.000Z', undefined])
    await store.close()
  })

  it('that cannot be written are a failure of the environment, and the next ones are written again', async () => {
    const store = await opened({ segmentBytes: 1 })
    rmSync(directory, { recursive: true })
    const [failure] = await written(store, letter(1))
    expect(failure).toMatchObject({ code: 'DEADLETTER_UNWRITABLE', class: 'environment' })
    expect(told).toEqual(['failed ENOENT'])
    const again = await opened()
    expect(await written(store, letter(2))).toEqual([undefined])
    expect((await found()).map((each) => each.letter.topic)).toEqual(['a/2'])
    await Promise.all([store.close(), again.close()])
  })

  it('that came in while a write was under way are written together before close ends', async () => {
    const store = await opened()
    const all = written(store, ...Array.from({ length: 500 }, (_, n) => letter(n % 256)))
    await store.close()
    expect(await all).toHaveLength(500)
    expect(await found()).toHaveLength(500)
    expect(files()).toHaveLength(1)
  })
})
