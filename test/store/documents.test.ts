import { describe, expect, it } from 'vitest'
import { readDocuments } from '../../src/store/index.ts'

const values = (file: string, text: string): unknown[] =>
  readDocuments(file, text).documents.map(({ document }) => document)

const faults = (file: string, text: string): unknown[] =>
  readDocuments(file, text).unread.flatMap(({ index, diagnostics }) =>
    diagnostics.map(({ code, line, column }) => [index, code, line, column]),
  )

describe('the documents of a file', () => {
  it.each([
    ['r.json', '{"a": 1}', [{ a: 1 }]],
    ['r.json', '\uFEFF{"a": 1}', [{ a: 1 }]],
    ['r.json', '{\n\t"a": {\n\t\t"b": "\\ud83d\\ude00 \\/"\n\t}\n}', [{ a: { b: '😀 /' } }]],
    ['r.json', '[{"a": 1}, {"b": 2}]', [{ a: 1 }, { b: 2 }]],
    ['-', '{"a": 1}\n\n{"b": 2}\n', [{ a: 1 }, { b: 2 }]],
    ['-', 'a: 1\n', [{ a: 1 }]],
    ['r.yaml', 'a: 1\n---\nb: 2\n', [{ a: 1 }, { b: 2 }]],
    ['r.yaml', '- a: 1\n- b: 2\n', [{ a: 1 }, { b: 2 }]],
    ['r.yaml', '{a: 1}', [{ a: 1 }]],
    ['r.yaml', 'sql: >-\n  SELECT *\n  FROM "a"\n', [{ sql: 'SELECT * FROM "a"' }]],
  ])('%s %j', (file, text, expected) => {
    expect(values(file, text)).toEqual(expected)
    expect(faults(file, text)).toEqual([])
  })

  it('get their name from the file only where it holds one', () => {
    expect(readDocuments('/x/my-rule.json', '{}').documents[0]?.name).toBe('my_rule')
    expect(readDocuments('/x/my rule.json', '{}').documents[0]?.name).toBeUndefined()
    expect(readDocuments('/x/two.json', '[{}, {}]').documents.map(({ name }) => name)).toEqual([
      undefined,
      undefined,
    ])
  })

  it('are told apart by file and position', () => {
    expect(readDocuments('a.json', '[{}, {}]').documents.map(({ source }) => source)).toEqual([
      'a.json#0',
      'a.json#1',
    ])
  })
})

describe('what cannot be read', () => {
  it.each([
    ['r.json', '', [[0, 'STORE_UNREADABLE', 1, 1]]],
    ['r.json', '[]', [[0, 'STORE_UNREADABLE', undefined, undefined]]],
    ['r.yaml', '# nothing', [[0, 'STORE_UNREADABLE', undefined, undefined]]],
    ['r.json', '{"a": 1,\n "b": }', [[0, 'STORE_UNREADABLE', 2, 7]]],
    ['r.json', '{a: 1}', [[0, 'STORE_UNREADABLE', 1, 2]]],
    ['r.yaml', 'a: 1\na: 2', [[0, 'STORE_UNREADABLE', 2, 1]]],
    ['r.yaml', 'a: *b', [[0, 'STORE_UNREADABLE', undefined, undefined]]],
    ['r.yaml', '&a [*a]', [[0, 'STORE_UNREADABLE', 1, 5]]],
    ['r.yaml', '&a {x: *a}', [[0, 'STORE_UNREADABLE', 1, 4]]],
  ])('%s %j is reported with its position', (file, text, expected) => {
    expect(faults(file, text)).toEqual(expected)
    expect(values(file, text)).toEqual([])
  })

  it('is one line among others that can', () => {
    const text = '{"a": 1}\n{"b": oops}\n{"c": 3}'
    expect(values('-', text)).toEqual([{ a: 1 }, { c: 3 }])
    expect(faults('-', text)).toEqual([[1, 'STORE_UNREADABLE', 2, 7]])
    expect(readDocuments('-', text).documents.map(({ index }) => index)).toEqual([0, 2])
  })

  it('is one YAML document among others that can', () => {
    const text = 'a: 1\n---\nb: [1\n---\nc: 3\n'
    expect(values('r.yaml', text)).toContainEqual({ a: 1 })
    expect(faults('r.yaml', text).length).toBeGreaterThan(0)
  })

  it.each([
    ['nesting, JSON', 'r.json', '['.repeat(200_000)],
    ['nesting, closed', 'r.json', `${'['.repeat(100_000)}${']'.repeat(100_000)}`],
    ['nesting, YAML', 'r.yaml', '['.repeat(20_000)],
    ['nesting of one-line sequences', 'r.yaml', '- '.repeat(100_000)],
    [
      'nesting by indentation',
      'r.yaml',
      Array.from({ length: 1_000 }, (_, depth) => `${' '.repeat(depth)}a:`).join('\n'),
    ],
    ['nesting of flow maps', 'r.yaml', '{a: '.repeat(100_000)],
    ['nesting of explicit keys', 'r.yaml', '? '.repeat(100_000)],
    [
      'aliases that multiply',
      'r.yaml',
      `a: &a [x, x]\n${[...'bcdefgh'].map((key, index) => `${key}: &${key} [${`*${'abcdefg'[index]}, `.repeat(9)}]\n`).join('')}`,
    ],
  ])('does not harm the process: %s', (_name, file, text) => {
    expect(faults(file, text).length).toBeGreaterThan(0)
  })

  it('is never quoted, for it may be a secret', () => {
    for (const file of ['r.json', 'r.yaml'])
      for (const text of [
        '{"sasl.password": "hunter2" x}',
        '{"sasl.password": hunter2" }',
        'p: "hunter2\n',
        'p: "a" hunter2',
      ])
        expect(JSON.stringify(readDocuments(file, text).unread)).not.toContain('hunter2')
  })
})

describe('the position of a field', () => {
  const json = '{\n  "actions": [\n    {"kafka": {"clientProperties": {"bootstrap.servers": "x"}}}\n  ]\n}'

  it.each([
    ['', { line: 1, column: 1 }],
    ['actions', { line: 2, column: 3 }],
    ['actions[0]', { line: 3, column: 5 }],
    ['actions[0].kafka', { line: 3, column: 6 }],
    ['actions[0].kafka.clientProperties["bootstrap.servers"]', { line: 3, column: 37 }],
    ['actions[0].kafka.clientProperties.bootstrap.servers', { line: 3, column: 37 }],
    ['actions[0].kafka.topic', { line: 3, column: 6 }],
    ['actions[7].kafka', { line: 2, column: 3 }],
    ['nothing', { line: 1, column: 1 }],
  ])('%s, or of its nearest parent', (path, expected) => {
    expect(readDocuments('r.json', json).documents[0]?.locate(path)).toEqual(expected)
  })

  it('counts from the beginning of the file for every document in it', () => {
    const lines = readDocuments('-', '{"sql": 1}\n\n{"sql": 2}').documents
    expect(lines[1]?.locate('sql')).toEqual({ line: 3, column: 2 })
    const yaml = readDocuments('r.yaml', 'sql: 1\n---\nsql: 2').documents
    expect(yaml[1]?.locate('sql')).toEqual({ line: 3, column: 1 })
    const array = readDocuments('r.json', '[{"sql": 1},\n {"sql": 2}]').documents
    expect(array[1]?.locate('sql')).toEqual({ line: 2, column: 3 })
  })

  it('is that of the last one where JSON names a key twice, as the value is', () => {
    const [document] = readDocuments('r.json', '{"sql": 1,\n "sql": {"a": 1, "a": 2}}').documents
    expect(document?.document).toEqual({ sql: { a: 2 } })
    expect(document?.locate('sql')).toEqual({ line: 2, column: 2 })
    expect(document?.locate('sql.a')).toEqual({ line: 2, column: 18 })
  })
})
