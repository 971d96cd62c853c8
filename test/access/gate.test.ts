import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import {
  type AccessRefusal,
  type AccessRequest,
  type AccessSettings,
  type Authentication,
  type Caller,
  Gate,
  type GateOptions,
} from '../../src/access/index.ts'
import { NOW, settings, signed } from './requests.ts'

const nobody: AccessSettings = { ...settings, keys: new Map() }
const caller = (name: string, by: Caller['by']): Caller => ({ name, role: 'rules', by })
const token = 'a-token-of-many-characters'
const named: AccessSettings = {
  ...settings,
  tokens: [{ digest: createHash('sha256').update(token).digest(), caller: caller('ci', 'token') }],
  certificates: [
    { fingerprint: 'ab'.repeat(32), caller: caller('robot', 'certificate') },
    { commonName: 'ada', caller: caller('ada', 'certificate') },
  ],
}

function gateOf(given: AccessSettings, options: Partial<GateOptions> = {}): Gate {
  return new Gate(given, {
    services: ['iot'],
    opensLocally: true,
    failuresPerMinute: 0,
    requestsPerMinute: 0,
    onRefused: () => undefined,
    ...options,
  })
}

function request(
  headers: Readonly<Record<string, string>>,
  more: Partial<AccessRequest> = {},
): AccessRequest {
  return {
    method: 'GET',
    url: '/rules',
    rawHeaders: Object.entries({ Host: 'localhost:8090', ...headers }).flat(),
    body: Buffer.alloc(0),
    address: '127.0.0.1',
    ...more,
  }
}

const errorOf = (decided: Authentication): string => (decided.ok ? decided.caller.name : decided.error)

describe('without configured access', () => {
  const gate = gateOf(nobody)

  it.each(['localhost', 'LOCALHOST:1', '127.0.0.1:8090', '127.9.9.9', '[::1]:8090', 'desk.localhost:80'])(
    'callers of this machine who ask for %s may do everything',
    (host) => {
      expect(gate.authenticate(request({ Host: host }))).toEqual({
        ok: true,
        caller: { name: 'local', role: 'admin', by: 'open' },
      })
    },
  )

  it.each([
    'evil.example',
    'localhost.evil.example',
    '127.0.0.1.evil.example',
    '192.0.2.1',
    '[::2]',
    '',
    '::1',
  ])('a name that was pointed at this machine (%s) is refused', (host) => {
    expect(errorOf(gate.authenticate(request({ Host: host })))).toBe('AccessDeniedException')
  })

  it.each<[string, Record<string, string>]>([
    ['another site', { Origin: 'https://evil.example' }],
    ['this machine', { Origin: 'http://localhost:8090' }],
    ['a sandbox', { Origin: 'null' }],
    ['another site, in an image', { 'Sec-Fetch-Site': 'cross-site' }],
    ['the same site', { 'Sec-Fetch-Site': 'same-origin' }],
  ])('a web page of %s can do nothing', (_, headers) => {
    expect(errorOf(gate.authenticate(request(headers)))).toBe('AccessDeniedException')
  })

  it('lets a user look by the address bar', () => {
    expect(gate.authenticate(request({ 'Sec-Fetch-Site': 'none' })).ok).toBe(true)
  })

  it('refuses two hosts, other machines, and everyone where it must not be open', () => {
    const twice = request({})
    const two = { ...twice, rawHeaders: [...twice.rawHeaders, 'host', 'localhost'] }
    expect(errorOf(gate.authenticate(two))).toBe('AccessDeniedException')
    const missing = 'MissingAuthenticationTokenException'
    expect(errorOf(gate.authenticate(request({}, { address: '192.0.2.1' })))).toBe(missing)
    expect(errorOf(gateOf(nobody, { opensLocally: false }).authenticate(request({})))).toBe(missing)
  })

  it('takes no notice of credentials that clients send because they must', () => {
    expect(gate.authenticate({ ...signed(), address: '::ffff:127.0.0.1' }, NOW).ok).toBe(true)
  })
})

describe('with configured access', () => {
  const gate = gateOf(named)

  it.each<[string, Record<string, string>, Partial<AccessRequest>, string]>([
    ['a token', { Authorization: `Bearer ${token}` }, {}, 'ci'],
    ['another token', { Authorization: `Bearer ${token}x` }, {}, 'UnrecognizedClientException'],
    ['an empty token', { Authorization: 'Bearer ' }, {}, 'IncompleteSignatureException'],
    ['another scheme', { Authorization: 'Basic YTpi' }, {}, 'IncompleteSignatureException'],
    ['nothing', {}, {}, 'MissingAuthenticationTokenException'],
    ['a fingerprint', {}, certificate('ab'.repeat(32), 'x'), 'robot'],
    ['a common name', {}, certificate('cd'.repeat(32), 'ada'), 'ada'],
    ['another certificate', {}, certificate('cd'.repeat(32), 'eve'), 'UnrecognizedClientException'],
    [
      'a certificate without a name',
      {},
      certificate('cd'.repeat(32), undefined),
      'UnrecognizedClientException',
    ],
    [
      'a page with a certificate',
      { Origin: 'https://x' },
      certificate('ab'.repeat(32), 'x'),
      'AccessDeniedException',
    ],
    ['a page with a token', { Origin: 'https://x', Authorization: `Bearer ${token}` }, {}, 'ci'],
    [
      'a wrong token with a certificate',
      { Authorization: 'Bearer x' },
      certificate('ab'.repeat(32), 'x'),
      'UnrecognizedClientException',
    ],
  ])('%s decides', (_, headers, more, expected) => {
    expect(errorOf(gate.authenticate(request(headers, more)))).toBe(expected)
  })

  it('refuses two Authorization headers', () => {
    const once = request({ Authorization: `Bearer ${token}` })
    const twice = { ...once, rawHeaders: [...once.rawHeaders, 'authorization', `Bearer ${token}`] }
    expect(errorOf(gate.authenticate(twice))).toBe('IncompleteSignatureException')
  })

  it('takes other settings from the next request on', () => {
    const changing = gateOf(named)
    const asked = request({ Authorization: `Bearer ${token}` })
    expect(changing.authenticate(asked).ok).toBe(true)
    changing.reconfigure({ ...named, tokens: [] })
    expect(changing.authenticate(asked).ok).toBe(false)
    expect(changing.authenticate({ ...signed(), address: '192.0.2.1' }, NOW).ok).toBe(true)
    changing.reconfigure({ ...named, keys: new Map() })
    expect(errorOf(changing.authenticate(signed(), NOW))).toBe('UnrecognizedClientException')
  })
})

describe('limits', () => {
  const wrong = request({ Authorization: 'Bearer x' }, { address: '192.0.2.1' })
  const right = request({ Authorization: `Bearer ${token}` }, { address: '192.0.2.1' })

  it('let an address fail so often in a minute, and count and tell each refusal', () => {
    const told: [string, string | undefined][] = []
    const onRefused = ({ error }: AccessRefusal, address: string | undefined): unknown =>
      told.push([error, address])
    const gate = gateOf(named, { failuresPerMinute: 3, onRefused: (...given) => void onRefused(...given) })
    const errors = [1, 2, 3, 4].map(() => errorOf(gate.authenticate(wrong, NOW)))
    expect(errors).toEqual([...Array<string>(3).fill('UnrecognizedClientException'), 'ThrottlingException'])
    expect(errorOf(gate.authenticate(right, NOW))).toBe('ThrottlingException')
    expect(errorOf(gate.authenticate({ ...right, address: '192.0.2.2' }, NOW))).toBe('ci')
    expect(errorOf(gate.authenticate(right, NOW + 20_000))).toBe('ci')
    expect(errorOf(gate.authenticate(right, NOW + 20_000))).toBe('ci')
    expect(told).toHaveLength(5)
    expect(told[3]).toEqual(['ThrottlingException', '192.0.2.1'])
  })

  it('count a signature that fails by its body', () => {
    const gate = gateOf(named, { failuresPerMinute: 1 })
    const forged = { ...signed(), body: Buffer.from('x') }
    const errors = [1, 2].map(() => errorOf(gate.authenticate(forged, NOW)))
    expect(errors).toEqual(['InvalidSignatureException', 'ThrottlingException'])
  })

  it('let an address ask so often in a minute', () => {
    const gate = gateOf(named, { requestsPerMinute: 60 })
    const passed = Array.from({ length: 61 }, () => gate.authenticate(right, NOW).ok)
    expect(passed.filter(Boolean)).toHaveLength(60)
    expect(gate.authenticate(right, NOW + 999).ok).toBe(false)
    expect(gate.authenticate(right, NOW + 3_000).ok).toBe(true)
  })

  it('count the addresses of a network as one, and remember a bounded number of them', () => {
    const gate = gateOf(named, { failuresPerMinute: 1 })
    const from = (address: string): string => errorOf(gate.authenticate({ ...wrong, address }, NOW))
    expect(from('2001:db8:0:1::1')).toBe('UnrecognizedClientException')
    expect(from('2001:db8:0:1:ffff::2')).toBe('ThrottlingException')
    expect(from('2001:db8:0:2::1')).toBe('UnrecognizedClientException')
    expect(from('::ffff:192.0.2.1')).toBe('UnrecognizedClientException')
    expect(from('192.0.2.1')).toBe('ThrottlingException')
    for (let index = 0; index < 10_000; index += 1) from(`10.0.${index >> 8}.${index & 255}`)
    expect(from('192.0.2.1')).toBe('UnrecognizedClientException')
  })
})

function certificate(fingerprint: string, commonName: string | undefined): Partial<AccessRequest> {
  return { certificate: { fingerprint, commonName } }
}
