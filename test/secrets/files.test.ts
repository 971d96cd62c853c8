import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { createSecretSource, type SecretRequest, type SecretSource } from '../../src/secrets/index.ts'

let root: string
let source: SecretSource
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'topicrule-secrets-'))
  const directory = join(root, 'mounted')
  mkdirSync(join(directory, '..data-1'), { recursive: true })
  mkdirSync(join(directory, 'kafka'))
  writeFileSync(join(root, 'outside'), 'outside-value')
  writeFileSync(join(directory, 'token'), 'token-value\n')
  writeFileSync(join(directory, 'login.json'), '{"user":"alice","port":9093,"nested":{"a":[1]}}')
  writeFileSync(join(directory, 'store.jks'), Buffer.from([0xfe, 0xed, 0xfe, 0xed, 0x0a]))
  writeFileSync(join(directory, '..data-1', 'password'), 'linked-value')
  symlinkSync('../..data-1/password', join(directory, 'kafka', 'password'))
  symlinkSync('../outside', join(directory, 'escape'))
  writeFileSync(join(directory, 'large'), Buffer.alloc(131_073))
  execFileSync('mkfifo', [join(directory, 'pipe')])
  process.env['TESTSECRET_KAFKA_ORDERS'] = 'from-the-environment'
  process.env['TESTSECRET_KEY'] = Buffer.from([1, 2, 255]).toString('base64')
  source = createSecretSource({
    stores: [
      { kind: 'directory', prefix: 'file/', path: directory },
      { kind: 'environment', prefix: 'env/', variables: 'TESTSECRET_' },
    ],
    cacheTime: 60_000,
  })
})
afterAll(() => rmSync(root, { recursive: true }))

async function valueOf(id: string, more: Partial<SecretRequest> = {}): Promise<string> {
  const answer = await source.get({ id, type: 'SecretString', ...more })
  if (answer.ok) expect(inspect(answer) + JSON.stringify(answer)).not.toContain(answer.value.reveal())
  return answer.ok ? answer.value.reveal() : `${answer.failure.class} ${answer.failure.code}`
}

describe('a directory of files', () => {
  it('gives text without the line break at its end, members of JSON, and bytes in base64', async () => {
    expect(await valueOf('file/token')).toBe('token-value')
    expect(await valueOf('file/login.json', { key: 'user' })).toBe('alice')
    expect(await valueOf('file/login.json', { key: 'port' })).toBe('9093')
    expect(await valueOf('file/login.json', { key: 'nested' })).toBe('{"a":[1]}')
    expect(await valueOf('file/store.jks', { type: 'SecretBinary' })).toBe('/u3+7Qo=')
  })

  it('is read again in time although the wall clock was set back by an hour', async () => {
    const path = mkdtempSync(join(root, 'changing-'))
    const stores = [{ kind: 'directory', prefix: '', path }] as const
    const now = Date.now
    let step = 0
    vi.spyOn(Date, 'now').mockImplementation(() => now() + step)
    try {
      const changing = createSecretSource({ stores, cacheTime: 1 })
      const read = async (): Promise<string> => {
        const answer = await changing.get({ id: 'token', type: 'SecretString' })
        return answer.ok ? answer.value.reveal() : answer.failure.code
      }
      writeFileSync(join(path, 'token'), 'before')
      expect(await read()).toBe('before')
      writeFileSync(join(path, 'token'), 'after')
      step = -3_600_000
      await vi.waitFor(async () => expect(await read()).toBe('after'), { timeout: 2_000 })
    } finally {
      vi.restoreAllMocks()
    }
  })

  it('that is not there is a store out of reach, whatever secret is asked for', async () => {
    const unmounted = createSecretSource({
      stores: [{ kind: 'directory', prefix: '', path: join(root, 'unmounted') }],
      cacheTime: 60_000,
    })
    const answer = await unmounted.get({ id: 'token', type: 'SecretString' })
    expect(answer).toMatchObject({
      ok: false,
      failure: { class: 'environment', code: 'SECRET_UNREACHABLE' },
    })
  })

  it('takes a key for a file where the name is a directory, through links that stay inside', async () => {
    expect(await valueOf('file/kafka', { key: 'password' })).toBe('linked-value')
    expect(await valueOf('file/kafka/password')).toBe('linked-value')
  })

  it.each([
    ['file/../outside', {}, 'rule SECRET_NOT_FOUND'],
    ['file//etc/passwd', {}, 'rule SECRET_NOT_FOUND'],
    ['file/escape', {}, 'rule SECRET_NOT_FOUND'],
    ['file/..data-1/password', {}, 'rule SECRET_NOT_FOUND'],
    ['file/a\0b', {}, 'rule SECRET_NOT_FOUND'],
    ['file/pipe', {}, 'rule SECRET_NOT_FOUND'],
    ['file/nothing', {}, 'rule SECRET_NOT_FOUND'],
    ['file/token/deeper', {}, 'rule SECRET_NOT_FOUND'],
    ['file/large', {}, 'rule SECRET_TOO_LARGE'],
    ['file/kafka', {}, 'rule SECRET_KEY_MISSING'],
    ['file/kafka', { key: '../token' }, 'rule SECRET_KEY_MISSING'],
    ['file/kafka', { key: 'user' }, 'rule SECRET_KEY_MISSING'],
    ['file/login.json', { key: 'toString' }, 'rule SECRET_KEY_MISSING'],
    ['file/token', { key: 'user' }, 'rule SECRET_NOT_JSON'],
    ['file/store.jks', {}, 'rule SECRET_TYPE'],
    ['nowhere', {}, 'rule SECRET_NOT_FOUND'],
    ['arn:aws:secretsmanager:eu-central-1:123456789012:secret:x', {}, 'rule SECRET_NOT_FOUND'],
  ])('%j with %j is %s', async (id, more, outcome) => {
    expect(await valueOf(id, more)).toBe(outcome)
  })
})

describe('the environment', () => {
  it('has a secret under its name in capitals, bytes in base64', async () => {
    expect(await valueOf('env/kafka/orders')).toBe('from-the-environment')
    expect(await valueOf('env/key', { type: 'SecretBinary' })).toBe('AQL/')
    expect(await valueOf('env/kafka-orders', { type: 'SecretBinary' })).toBe('rule SECRET_TYPE')
    expect(await valueOf('env/none')).toBe('rule SECRET_NOT_FOUND')
  })
})
