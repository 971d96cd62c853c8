import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parseConfig, printConfig } from '../../src/config/index.ts'

const listeners = 'mqtt: {listeners: [{anonymous: true}]}\n'
const parse = (control: string, environment: NodeJS.ProcessEnv = {}): ReturnType<typeof parseConfig> =>
  parseConfig(`${listeners}control: {${control}}`, '/etc/topicrule', environment)
const key = 'accessKeys: [{id: AKIDEXAMPLE, secret: 0123456789abcdef0123, role: admin}]'

/** Codes and paths of what is wrong. */
function found(control: string): (string | undefined)[][] {
  const result = parse(control)
  const diagnostics = result.ok ? result.warnings : result.diagnostics
  return diagnostics.map(({ code, path, severity }) => [severity, code, path])
}

describe('control', () => {
  it('listens on the loopback interface, where nobody needs to be named', () => {
    const result = parse('')
    expect(result).toMatchObject({ ok: true, warnings: [] })
    expect(result.ok && result.config.control).toMatchObject({
      ...{ host: '127.0.0.1', port: 8090, api: true, accessKeys: [], tokens: [], clients: [] },
      signatures: { unsignedPayload: false, clockSkew: 300_000 },
      limits: { failuresPerMinute: 60 },
    })
  })

  it.each(['0.0.0.0', '::', '192.0.2.1', 'example.com', '127.0.0.1.example.com', ''])(
    'is not open to other machines on %s',
    (host) => {
      expect(found(`host: '${host}'`)).toEqual([['error', 'CONFIG_CONTROL_OPEN', 'control.host']])
      expect(found(`host: '${host}', ${key}`)).toEqual([])
      expect(found(`host: '${host}', api: false`)).toEqual([])
    },
  )

  it.each(['127.0.0.2', '::1', 'localhost'])('may be open on %s', (host) => {
    expect(found(`host: '${host}'`)).toEqual([])
  })

  it('reads secrets from the environment and from files, and shows none', () => {
    const result = parse(
      'accessKeys: [{id: AKIDA, role: read}, {id: AKIDB, secretFile: b, role: publish, topics: [a/#]}], tokens: [{name: ci, file: t, role: rules}], audit: {file: audit.ndjson}',
      { TOPICRULE_CONTROL__ACCESS_KEYS__0__SECRET: 'a-secret-of-some-length' },
    )
    expect(result.ok && result.config.control).toMatchObject({
      accessKeys: [{ secret: 'a-secret-of-some-length' }, { secretFile: '/etc/topicrule/b' }],
      tokens: [{ file: '/etc/topicrule/t' }],
      audit: { file: '/etc/topicrule/audit.ndjson' },
    })
    const shown = result.ok ? printConfig(result.config) : ''
    expect(shown).toContain('AKIDA')
    expect(shown).not.toContain('a-secret-of-some-length')
  })

  it.each([
    'accessKeys: [{id: AKIDA, role: admin}]',
    'accessKeys: [{id: AKIDA, secret: 0123456789abcdef0123, secretFile: a, role: admin}]',
    'accessKeys: [{id: AKIDA, secret: short, role: admin}]',
    'accessKeys: [{id: A/B, secret: 0123456789abcdef0123, role: admin}]',
    'accessKeys: [{id: AKIDA, secret: 0123456789abcdef0123, role: root}]',
    'accessKeys: [{id: AKIDA, secret: 0123456789abcdef0123, role: read, topics: [a]}]',
    `${key.replace(/]$/, '')}, {id: AKIDEXAMPLE, secretFile: a, role: read}]`,
    'tokens: [{name: ci, sha256: abc, role: admin}]',
    'tokens: [{name: ci, role: admin}]',
    'clients: [{commonName: ada, role: admin}]',
    'tls: {cert: c, key: k, clientCa: ca}, clients: [{role: admin}]',
    'tls: {cert: c, key: k, clientCa: ca}, clients: [{commonName: ada, role: publish}]',
    'signatures: {clockSkew: 2h}',
  ])('does not take %s', (control) => {
    const result = parse(control)
    expect(result.ok).toBe(false)
    expect(JSON.stringify(result)).not.toContain('0123456789abcdef0123')
  })

  it('takes client certificates by either name', () => {
    const fingerprint = Array.from({ length: 32 }, () => 'AB').join(':')
    const clients = `clients: [{fingerprint: "${fingerprint}", role: admin}, {commonName: ada, role: read, name: a}]`
    expect(found(`tls: {cert: c, key: k, clientCa: ca}, ${clients}`)).toEqual([])
  })

  it('warns of tokens that travel in the clear', () => {
    const tokens = `tokens: [{name: ci, sha256: ${'ab'.repeat(32)}, role: admin}]`
    expect(found(tokens)).toEqual([])
    expect(found(`host: 0.0.0.0, ${tokens}`)).toEqual([
      ['warning', 'CONFIG_TOKENS_IN_CLEAR', 'control.tokens'],
    ])
    expect(found(`host: 0.0.0.0, tls: {cert: c, key: k}, ${tokens}`)).toEqual([])
  })

  it('names who may publish by HTTP', () => {
    const warned = (role: string): unknown => {
      const keys = `accessKeys: [{id: AKIDA, secretFile: a, role: ${role}}]`
      const result = parseConfig(`${listeners}publish: {}\ncontrol: {${keys}}`, '/', {})
      return result.ok && result.warnings.map(({ code }) => code)
    }
    expect(['admin', 'publish', 'rules', 'read'].map(warned)).toEqual([
      [],
      [],
      ['CONFIG_NO_ACCESS'],
      ['CONFIG_NO_ACCESS'],
    ])
  })

  it('is as docs/access.md shows it', () => {
    const page = readFileSync(new URL('../../docs/access.md', import.meta.url), 'utf8')
    const example = /```yaml\n([^]*?)```/.exec(page)![1]!
    expect(parseConfig(listeners + example, '/', {})).toMatchObject({ ok: true, warnings: [] })
  })
})
