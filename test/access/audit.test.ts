import { mkdtempSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import {
  type AuditEntry,
  AuditFile,
  auditLine,
  difference,
  findMask,
  MASK,
  maskSecrets,
} from '../../src/access/index.ts'

const directory = mkdtempSync(join(tmpdir(), 'topicrule-audit-'))
afterAll(() => rmSync(directory, { recursive: true }))

const rule = (password: string, topic = 'orders'): object => ({
  sql: "SELECT * FROM 'a'",
  actions: [
    {
      kafka: {
        topic,
        clientProperties: { 'sasl.scram.password': password, 'sasl.scram.username': 'ada' },
        headers: [
          { key: 'Authorization', value: 'Bearer abc' },
          { key: 'kind', value: 'order' },
        ],
      },
    },
  ],
})

describe('masking', () => {
  it('hides the texts of fields that sound like secrets, and headers that are named so', () => {
    const text = JSON.stringify(maskSecrets(rule('hunter2')))
    expect(text).not.toMatch(/hunter2|Bearer abc/)
    expect(maskSecrets(rule('hunter2'))).toMatchObject({
      actions: [
        {
          kafka: {
            topic: 'orders',
            clientProperties: { 'sasl.scram.password': MASK, 'sasl.scram.username': 'ada' },
            headers: [{ value: MASK }, { value: 'order' }],
          },
        },
      ],
    })
  })

  it('asks who knows before it guesses', () => {
    const document = { truststore: 'a', 'token.url': 'b', token: 'c', list: ['d'] }
    const knows = (name: string): boolean | undefined => ({ truststore: true, 'token.url': false })[name]
    expect(maskSecrets(document, knows)).toEqual({
      truststore: MASK,
      'token.url': 'b',
      token: MASK,
      list: ['d'],
    })
  })

  it.each([
    ["${get_secret('id', 'SecretString', 'password')}", false],
    ["${get_secret('id')}x", true],
    ["${concat(get_secret('id'), 'literal')}", true],
    ["${'literal'}", true],
    ['', false],
  ])('takes %s for a secret: %s', (password, isMasked) => {
    expect(maskSecrets({ password })).toEqual({ password: isMasked ? MASK : password })
  })

  it('masks lists of secrets, and what is too deep to look into', () => {
    let deep: unknown = 'x'
    for (let level = 0; level < 100; level += 1) deep = { deep }
    const text = JSON.stringify(maskSecrets({ passwords: ['a', 'b'], deep }))
    expect(text).toContain(`"passwords":["${MASK}","${MASK}"]`)
    expect(text).not.toContain('"x"')
  })

  it('finds the mask in a document', () => {
    expect(findMask(maskSecrets(rule('hunter2')))).toBe(
      'actions[0].kafka.clientProperties.sasl.scram.password',
    )
    expect(findMask(rule('hunter2'))).toBeUndefined()
  })
})

describe('a difference', () => {
  it('names each field that changed', () => {
    expect(difference(rule('a', 'x'), rule('a', 'y'))).toEqual([
      { path: 'actions[0].kafka.topic', before: 'x', after: 'y' },
    ])
    expect(difference({ a: 1, b: [1, 2] }, { b: [1], c: null })).toEqual([
      { path: 'a', before: 1 },
      { path: 'b[1]', before: 2 },
      { path: 'c', after: null },
    ])
  })

  it('tells that a secret changed without telling it', () => {
    expect(difference(rule('a'), rule('b'))).toEqual([
      { path: 'actions[0].kafka.clientProperties.sasl.scram.password', before: MASK, after: MASK },
    ])
  })

  it('shows a new and a removed document without its secrets', () => {
    const [created, removed] = [
      difference(undefined, rule('hunter2')),
      difference(rule('hunter2'), undefined),
    ]
    expect(created).toMatchObject([{ path: '', after: { sql: "SELECT * FROM 'a'" } }])
    expect(JSON.stringify([created, removed])).not.toMatch(/hunter2|Bearer abc/)
    expect('before' in created[0]!).toBe(false)
  })

  it('is bounded', () => {
    const many = Object.fromEntries(Array.from({ length: 1_000 }, (_, index) => [`f${index}`, index]))
    expect(difference({}, many)).toHaveLength(201)
    expect(difference({}, many).at(-1)).toEqual({ path: '… and 800 more' })
    expect(String(difference({ a: '' }, { a: 'x'.repeat(10_000) })[0]!.after)).toMatch(
      /^x{1024}… \(10000 characters\)$/,
    )
  })
})

describe('the audit file', () => {
  const entry: AuditEntry = {
    caller: { name: 'AKIDEXAMPLE', role: 'rules', by: 'signature' },
    address: '192.0.2.1',
    operation: 'ReplaceTopicRule',
    resource: 'arn:aws:iot:local:000000000000:rule/orders',
    before: rule('a'),
    after: rule('b', 'other\nline'),
  }

  it('holds who did what from where, one line each, and can be moved away', () => {
    const path = join(directory, 'audit.ndjson')
    const file = new AuditFile(path)
    file.write(auditLine(entry), new Date(0))
    file.write(auditLine(entry), new Date(1))
    expect(statSync(path).mode & 0o777).toBe(0o600)
    const lines = readFileSync(path, 'utf8').trimEnd().split('\n')
    expect(lines).toHaveLength(2)
    expect(JSON.parse(lines[0]!)).toEqual({
      time: '1970-01-01T00:00:00.000Z',
      caller: 'AKIDEXAMPLE',
      role: 'rules',
      by: 'signature',
      address: '192.0.2.1',
      operation: 'ReplaceTopicRule',
      resource: 'arn:aws:iot:local:000000000000:rule/orders',
      changes: [
        { path: 'actions[0].kafka.topic', before: 'orders', after: 'other\nline' },
        { path: 'actions[0].kafka.clientProperties.sasl.scram.password', before: MASK, after: MASK },
      ],
    })
    renameSync(path, `${path}.1`)
    file.close()
    file.write(auditLine(entry), new Date(2))
    file.close()
    expect(readFileSync(path, 'utf8').split('\n')).toHaveLength(2)
  })

  it('is synced to the disk where there is one, once for those who wait, also while it is closed', async () => {
    const file = new AuditFile(join(directory, 'synced.ndjson'))
    file.write(auditLine(entry), new Date(0))
    const [first, second] = [file.sync(), file.sync()]
    expect(second).toBe(first)
    await first
    file.write(auditLine(entry), new Date(1))
    const last = file.sync()
    file.close()
    await last
    const nowhere = new AuditFile('/dev/null')
    nowhere.write(auditLine(entry), new Date(0))
    await nowhere.sync()
    nowhere.close()
  })

  it('says when it cannot be opened', () => {
    expect(() => new AuditFile(join(directory, 'missing', 'audit'))).toThrow('ENOENT')
  })
})
