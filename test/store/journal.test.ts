import { mkdirSync, mkdtempSync, rmdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { Journal, type JournalEntry } from '../../src/store/journal.ts'

let directory: string
let file: string

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'topicrule-journal-'))
  file = join(directory, 'state', 'journal.jsonl')
})

afterEach(() => rmSync(directory, { recursive: true, force: true }))

const entry = (key: string, value: unknown): JournalEntry => ({ kind: 'rule', key, value })
const many = Array.from({ length: 6_000 }, (_, index) => entry('a', index))

async function found(key: string): Promise<unknown> {
  const journal = new Journal(file)
  await journal.load()
  await journal.close()
  return journal.get('rule', key)
}

it('keeps what it was given, also behind a compaction', async () => {
  const journal = new Journal(file)
  await journal.append(many)
  expect(statSync(file).size).toBeLessThan(100)
  await journal.append([entry('b', 1)])
  await journal.append([entry('a', undefined)])
  await journal.close()
  expect([await found('a'), await found('b')]).toEqual([undefined, 1])
})

it('confirms what is on the disk where it cannot be compacted, and compacts later', async () => {
  const journal = new Journal(file)
  mkdirSync(`${file}.new`, { recursive: true })
  await journal.append(many)
  await journal.append([entry('b', 1)])
  expect([await found('a').catch(() => 'refused'), statSync(file).size > 100_000]).toEqual(['refused', true])
  rmdirSync(`${file}.new`)
  await journal.append([entry('c', 2)])
  expect(statSync(file).size).toBeLessThan(1_000)
  await journal.append([entry('d', 3)])
  await journal.close()
  expect(await Promise.all(['a', 'b', 'c', 'd'].map((key) => found(key)))).toEqual([5_999, 1, 2, 3])
})
