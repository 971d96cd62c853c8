import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { DirectoryStore, payloadOf, type StoreChange, type StoredDocument } from '../../src/store/index.ts'

let directory: string
let store: DirectoryStore

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'topicrule-write-'))
  store = new DirectoryStore(directory)
})

afterEach(async () => {
  await store.close()
  rmSync(directory, { recursive: true, force: true })
})

function put(name: string, text: string): void {
  writeFileSync(join(directory, name), text)
}

function read(name: string): string {
  return readFileSync(join(directory, name), 'utf8')
}

function document(name: string): StoredDocument {
  return store.named(name)[0]!
}

const payload = { sql: "SELECT * FROM 'new'", actions: [] }

describe('a write to a file that people wrote', () => {
  const yaml = `# all rules of the hall
ruleName: first   # the first
topicRulePayload:
  # what it selects
  sql: SELECT * FROM 'a'
  actions: []
---
# the second
ruleName: second
topicRulePayload:
    sql: >-
      SELECT *
      FROM 'b'
    actions:   # none yet
    - kafka: {topic: x}
# the end
`

  it('leaves the other documents of a YAML file as they are, to the letter, and keeps comments', async () => {
    put('hall.yaml', yaml)
    await store.load()
    expect(await store.replace(document('first'), { ...payload, ruleDisabled: true })).toMatchObject({
      ok: true,
    })
    const text = read('hall.yaml')
    expect(text.slice(text.indexOf('---'))).toBe(yaml.slice(yaml.indexOf('---')))
    expect(text).toContain('# all rules of the hall')
    expect(text).toContain('# the first')
    expect(text).toContain('# what it selects')
    expect(payloadOf(document('first').document)).toEqual({ ...payload, ruleDisabled: true })
  })

  it('removes one document of several, and the file with the last', async () => {
    put('hall.yaml', yaml)
    await store.load()
    expect(await store.remove(document('first'))).toMatchObject({ ok: true })
    expect(read('hall.yaml')).toBe(yaml.slice(yaml.indexOf('---')))
    expect(await store.remove(document('second'))).toMatchObject({ ok: true })
    expect(() => read('hall.yaml')).toThrow('ENOENT')
    expect((await store.load()).documents).toEqual([])
  })

  it.each([
    [
      'an array',
      'all.json',
      `[\n{"ruleName":"a","topicRulePayload":{"sql":"1","actions":[]}},\n{"ruleName":"b","topicRulePayload":{"sql":"2","actions":[]}}]`,
    ],
    [
      'one a line',
      'all.json',
      `{"ruleName":"a","topicRulePayload":{"sql":"1","actions":[]}}\n\n{"ruleName":"b","topicRulePayload":{"sql":"2","actions":[]}}\n`,
    ],
    [
      'a list in YAML',
      'all.yaml',
      `- ruleName: a\n  topicRulePayload: {sql: "1", actions: []}\n- ruleName: b # kept\n  topicRulePayload: {sql: "2", actions: []}\n`,
    ],
  ])('changes one of the documents of %s', async (_form, file, text) => {
    put(file, text)
    await store.load()
    expect(await store.replace(document('a'), payload)).toMatchObject({ ok: true })
    expect(payloadOf(document('a').document)).toEqual(payload)
    expect(payloadOf(document('b').document)).toEqual({ sql: '2', actions: [] })
    expect(await store.remove(document('a'))).toMatchObject({ ok: true })
    expect(store.names()).toEqual(['b'])
    const fresh = new DirectoryStore(directory)
    await fresh.load()
    expect(fresh.names()).toEqual(['b'])
    await fresh.close()
  })

  it('changes two documents of one file side by side', async () => {
    put('hall.yaml', yaml)
    await store.load()
    const results = await Promise.all([
      store.replace(document('first'), payload),
      store.replace(document('second'), { ...payload, description: 'd' }),
    ])
    expect(results.map(({ ok }) => ok)).toEqual([true, true])
    await store.load()
    expect(payloadOf(document('first').document)).toEqual(payload)
    expect(payloadOf(document('second').document)).toEqual({ ...payload, description: 'd' })
  })

  it('is refused where a part of the file cannot be read, and where the file is a link', async () => {
    put('half.json', '{"ruleName":"a","topicRulePayload":{"sql":"1","actions":[]}}\n{"ruleName":\n')
    mkdirSync(join(directory, 'elsewhere'))
    put('elsewhere/b.json', '{"sql":"1","actions":[]}')
    symlinkSync('elsewhere/b.json', join(directory, 'b.json'))
    await store.load()
    for (const name of ['a', 'b'])
      expect(await store.replace(document(name), payload)).toMatchObject({ ok: false, reason: 'edited' })
    expect(read('elsewhere/b.json')).toBe('{"sql":"1","actions":[]}')
  })
})

describe('a new rule', () => {
  it('does not take the place of a file that holds another', async () => {
    put('mine.json', '{"ruleName":"other","topicRulePayload":{"sql":"1","actions":[]}}')
    await store.load()
    expect(await store.create('mine', payload)).toMatchObject({ ok: true })
    expect(store.names()).toEqual(['mine', 'other'])
    expect(JSON.parse(read('mine-2.json'))).toEqual({ ruleName: 'mine', topicRulePayload: payload })
  })

  it('does not take the place of a file that nobody has seen yet', async () => {
    await store.load()
    put('mine.json', '{"sql":"1","actions":[]}')
    expect(await store.create('mine', payload)).toMatchObject({ ok: false, reason: 'edited' })
    expect(await store.create('mine', payload)).toMatchObject({ ok: false, reason: 'exists' })
    expect(read('mine.json')).toBe('{"sql":"1","actions":[]}')
  })

  it('is told to listeners once, before the write resolves, and not again by the watch', async () => {
    await store.load()
    const changes: StoreChange[] = []
    store.subscribe((change) => changes.push(change))
    store.watch()
    await store.create('mine', payload)
    expect(changes.map(({ changed }) => changed.map(({ ruleName }) => ruleName))).toEqual([['mine']])
    // Whatever the watch would tell of the own write comes before what it tells of this.
    put('by_hand.json', '{"sql":"1","actions":[]}')
    await expect.poll(() => changes.length, { timeout: 20_000 }).toBe(2)
    expect(changes[1]!.changed.map(({ ruleName }) => ruleName)).toEqual(['by_hand'])
  })
})

describe('the journal', () => {
  it('drops a torn last line and goes on behind it', async () => {
    await store.load()
    await store.create('a', payload, { tags: { k: 'v' } })
    await store.close()
    appendFileSync(join(directory, '.topicrule/journal.jsonl'), '{"kind":"rule","key":"a","val')
    store = new DirectoryStore(directory)
    await store.load()
    expect(store.stateOf(document('a')).tags).toEqual({ k: 'v' })
    await store.tag(document('a'), { k: 'w' })
    await store.close()
    store = new DirectoryStore(directory)
    await store.load()
    expect([store.damaged, store.stateOf(document('a')).tags]).toEqual([0, { k: 'w' }])
  })

  it('counts an edit by hand as a version, keeps the time of creation, and holds nothing for a rule that is gone', async () => {
    await store.load()
    await store.create('a', payload)
    const before = store.stateOf(document('a'))
    put('a.json', JSON.stringify({ ruleName: 'a', topicRulePayload: { ...payload, description: 'hand' } }))
    await store.load()
    const after = store.stateOf(document('a'))
    expect([after.version, after.createdAt]).toEqual([2, before.createdAt])
    expect(after.revision).not.toBe(before.revision)
    await store.remove(document('a'))
    await store.create('a', payload)
    expect(store.stateOf(document('a')).version).toBe(1)
  })
})
