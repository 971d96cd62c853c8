import { mkdtempSync, rmSync, unlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { DirectoryStore, type StoreEdit } from '../../src/store/index.ts'

let directory: string
let store: DirectoryStore
let told: StoreEdit[]

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'topicrule-edits-'))
  store = new DirectoryStore(directory)
  told = []
  store.subscribe(({ edits }) => told.push(...edits))
})

afterEach(async () => {
  await store.close()
  rmSync(directory, { recursive: true, force: true })
})

function put(name: string, ...rules: (readonly [name: string, sql: string])[]): void {
  const documents = rules.map(([ruleName, sql]) => ({ ruleName, topicRulePayload: { sql, actions: [] } }))
  writeFileSync(join(directory, name), JSON.stringify(documents))
}

/** Of each edit the rule, and its statement before and after. */
function seen(): unknown[] {
  const sqlOf = (edit: StoreEdit['before']): unknown =>
    (edit?.document as { topicRulePayload: { sql: string } } | undefined)?.topicRulePayload.sql
  const lines = told.map(({ before, after }) => [(after ?? before)?.ruleName, sqlOf(before), sqlOf(after)])
  told = []
  return lines
}

describe('edits by others', () => {
  it('are told by the names of rules, wherever in the file they stand', async () => {
    put('a.json', ['one', 'SELECT 1'], ['two', 'SELECT 2'])
    await store.load()
    expect(seen()).toEqual([])
    put('a.json', ['new', 'SELECT 0'], ['one', 'SELECT 1'], ['two', 'SELECT 22'])
    await store.load()
    expect(seen()).toEqual([
      ['two', 'SELECT 2', 'SELECT 22'],
      ['new', undefined, 'SELECT 0'],
    ])
    unlinkSync(join(directory, 'a.json'))
    await store.load()
    expect(seen()).toEqual([
      ['new', 'SELECT 0', undefined],
      ['one', 'SELECT 1', undefined],
      ['two', 'SELECT 22', undefined],
    ])
  })

  it('are none of what the store writes, also where the directory is read while it does', async () => {
    await store.load()
    const writes = Array.from({ length: 50 }, (_, index) =>
      store.create(`rule${index}`, { sql: 'SELECT 1', actions: [] }),
    )
    let isDone = false
    const looking = (async () => {
      while (!isDone) await store.load()
    })()
    expect((await Promise.all(writes)).every(({ ok }) => ok)).toBe(true)
    await store.replace(store.named('rule7')[0]!, { sql: 'SELECT 2', actions: [] })
    await store.remove(store.named('rule8')[0]!)
    isDone = true
    await looking
    expect(seen()).toEqual([])
    expect(store.names()).toHaveLength(49)
  })

  it('are told when a write finds them', async () => {
    put('a.json', ['one', 'SELECT 1'])
    await store.load()
    put('a.json', ['one', 'SELECT 11'])
    const refused = await store.replace(store.named('one')[0]!, { sql: 'SELECT 2', actions: [] })
    expect(refused).toMatchObject({ ok: false, reason: 'edited' })
    expect(seen()).toEqual([['one', 'SELECT 1', 'SELECT 11']])
  })
})
