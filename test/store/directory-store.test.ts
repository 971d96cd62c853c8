import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { DirectoryStore, type StoreSnapshot } from '../../src/store/index.ts'

let directory: string
let store: DirectoryStore

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'topicrule-store-'))
  store = new DirectoryStore(directory)
})

afterEach(async () => {
  await store.close()
  rmSync(directory, { recursive: true, force: true })
})

function put(name: string, text: string): void {
  writeFileSync(join(directory, name), text)
}

function namesOf({ documents }: StoreSnapshot): (string | undefined)[] {
  return documents.map(({ name }) => name)
}

/** Snapshots as the store reports them, to be awaited one by one. */
function changes(): () => Promise<StoreSnapshot> {
  const arrived: StoreSnapshot[] = []
  const waiting: ((snapshot: StoreSnapshot) => void)[] = []
  store.subscribe(() => {
    const next = waiting.shift()
    if (next === undefined) arrived.push(store.snapshot())
    else next(store.snapshot())
  })
  store.watch()
  return () => {
    const past = arrived.shift()
    return past === undefined ? new Promise((resolve) => waiting.push(resolve)) : Promise.resolve(past)
  }
}

describe('loading a directory', () => {
  it('reads JSON and YAML files in the order of their names and leaves everything else alone', async () => {
    put('b.yaml', 'sql: SELECT 1')
    put('a.json', '{"sql": "SELECT 2"}')
    put('c.yml', 'sql: SELECT 3')
    put('README.md', 'no rule')
    put('.hidden.json', '{}')
    mkdirSync(join(directory, 'sub'))
    const snapshot = await store.load()
    expect(namesOf(snapshot)).toEqual(['a', 'b', 'c'])
    expect(snapshot.unreadable).toEqual([])
  })

  it('reports a file that cannot be parsed, with position, and keeps the others', async () => {
    put('good.json', '{"sql": "SELECT 1"}')
    put('bad.json', '{"sql": \n oops}')
    const { documents, unreadable } = await store.load()
    expect(documents).toHaveLength(1)
    expect(unreadable).toMatchObject([
      { file: join(directory, 'bad.json'), diagnostics: [{ code: 'STORE_UNREADABLE', line: 2, column: 2 }] },
    ])
  })

  it('refuses a file of more than 1 MiB and a directory in the place of a file', async () => {
    put('large.json', `{"description": "${'x'.repeat(1024 * 1024)}"}`)
    mkdirSync(join(directory, 'folder.json'))
    const { documents, unreadable } = await store.load()
    expect(documents).toEqual([])
    expect(unreadable.map(({ file }) => file)).toEqual([
      join(directory, 'folder.json'),
      join(directory, 'large.json'),
    ])
  })

  it('rejects when the directory does not exist', async () => {
    await expect(new DirectoryStore(join(directory, 'absent')).load()).rejects.toThrow('ENOENT')
  })

  it('keeps its version while nothing changes', async () => {
    put('a.json', '{}')
    const { version } = await store.load()
    expect((await store.load()).version).toBe(version)
    put('a.json', '{ }')
    expect((await store.load()).version).toBe(version + 1)
  })

  it('sees an edit that keeps the size, however quickly it follows', async () => {
    put('a.json', '{"sql": "1"}')
    await store.load()
    for (const digit of ['2', '3', '4', '5']) {
      put('a.json', `{"sql": "${digit}"}`)
      expect((await store.load()).documents[0]?.document).toEqual({ sql: digit })
    }
  })
})

describe('watching a directory', () => {
  it('reports a new file, an edit, an atomic replacement and a removal', async () => {
    put('a.json', '{"sql": "1"}')
    await store.load()
    const next = changes()
    put('b.json', '{"sql": "2"}')
    expect(namesOf(await next())).toEqual(['a', 'b'])
    put('b.json', '{"sql": "3"}')
    expect((await next()).documents[1]?.document).toEqual({ sql: '3' })
    put('a.json.tmp', '{"sql": "4"}')
    renameSync(join(directory, 'a.json.tmp'), join(directory, 'a.json'))
    expect((await next()).documents[0]?.document).toEqual({ sql: '4' })
    unlinkSync(join(directory, 'a.json'))
    expect(namesOf(await next())).toEqual(['b'])
  })

  it('reports a change made between loading and watching', async () => {
    await store.load()
    put('a.json', '{}')
    expect(namesOf(await changes()())).toEqual(['a'])
  })

  it('says nothing when a file is written with the text it had', async () => {
    put('a.json', '{"sql": "1"}')
    await store.load()
    const next = changes()
    put('a.json', '{"sql": "1"}')
    put('ignored.txt', 'x')
    put('b.json', '{"sql": "2"}')
    const snapshot = await next()
    expect([snapshot.version, namesOf(snapshot)]).toEqual([2, ['a', 'b']])
  })

  it('follows a symbolic link that is switched, as Kubernetes does with a ConfigMap', async () => {
    for (const version of ['1', '2']) {
      mkdirSync(join(directory, `..v${version}`))
      put(`..v${version}/rule.json`, `{"sql": "${version}"}`)
    }
    symlinkSync('..v1', join(directory, '..data'))
    symlinkSync('..data/rule.json', join(directory, 'rule.json'))
    expect((await store.load()).documents[0]?.document).toEqual({ sql: '1' })
    const next = changes()
    symlinkSync('..v2', join(directory, '..next'))
    renameSync(join(directory, '..next'), join(directory, '..data'))
    expect((await next()).documents[0]?.document).toEqual({ sql: '2' })
  })

  it('reports a file that has become faulty and later its repair', async () => {
    put('a.json', '{"sql": "1"}')
    await store.load()
    const next = changes()
    put('a.json', '{"sql": ')
    const broken = await next()
    expect([broken.documents, broken.unreadable.length]).toEqual([[], 1])
    put('a.json', '{"sql": "1"}')
    expect(namesOf(await next())).toEqual(['a'])
  })
})
