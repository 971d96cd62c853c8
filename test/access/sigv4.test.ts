import {
  CreateTopicRuleCommand,
  GetTopicRuleDestinationCommand,
  ListTopicRulesCommand,
} from '@aws-sdk/client-iot'
import { describe, expect, it } from 'vitest'
import { type Authentication, Gate } from '../../src/access/index.ts'
import { canonicalRequest, readQuery } from '../../src/access/sigv4/canonical.ts'
import { readHeaders } from '../../src/access/sigv4/headers.ts'
import { sign, signingKey, stringToSign } from '../../src/access/sigv4/signature.ts'
import { readDateHeader, readTime } from '../../src/access/sigv4/time.ts'
import {
  headerOf,
  hex,
  KEY,
  NOW,
  presigned,
  SECRET,
  sentByJavaScript,
  settings,
  signed,
  TIME,
  type Wire,
  withHeader,
} from './requests.ts'

type Signatures = Partial<typeof settings.signatures>

function decide(wire: Wire, signatures: Signatures = {}, now = NOW): Authentication {
  const gate = new Gate(
    { ...settings, signatures: { ...settings.signatures, ...signatures } },
    {
      services: ['iot', 'execute-api'],
      opensLocally: true,
      failuresPerMinute: 0,
      requestsPerMinute: 0,
      onRefused: () => undefined,
    },
  )
  return gate.authenticate(wire, now)
}

const INVALID = 'InvalidSignatureException'
const INCOMPLETE = 'IncompleteSignatureException'
const authorization = (wire: Wire, change: (text: string) => string): Wire =>
  withHeader(wire, 'Authorization', change(headerOf(wire, 'authorization')))

describe('a signature that is right', () => {
  it('agrees with the example of the specification', () => {
    // IAM user guide, "Create a signed AWS API request": GET iam.amazonaws.com, ListUsers.
    const scope = { day: '20150830', region: 'us-east-1', service: 'iam' }
    const canonical = canonicalRequest({
      method: 'GET',
      path: '/',
      query: readQuery('Action=ListUsers&Version=2010-05-08')!,
      headers: readHeaders([
        ...['Host', 'iam.amazonaws.com', 'X-Amz-Date', '20150830T123600Z'],
        ...['Content-Type', 'application/x-www-form-urlencoded; charset=utf-8'],
      ]),
      signedHeaders: ['content-type', 'host', 'x-amz-date'],
      bodyHash: hex(''),
    })
    const key = signingKey('wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY', scope)
    expect(hex(canonical)).toBe('f536975d06c0309214f805bb90ccff089219ecd68b2577efef23edd43b7e1a59')
    expect(key.toString('hex')).toBe('c4afb1cc5771d871763a393e44b703571b55cc28424d1a5e86da6ed3c154a4b9')
    expect(sign(key, stringToSign('20150830T123600Z', scope, canonical)).toString('hex')).toBe(
      '5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7',
    )
  })

  it.each([
    [
      'a body',
      new CreateTopicRuleCommand({
        ruleName: 'a',
        topicRulePayload: { sql: 'SELECT ä', actions: [] },
        tags: 'a=b c',
      }),
    ],
    ['a query', new ListTopicRulesCommand({ topic: 'a/b +c/ü', maxResults: 5, ruleDisabled: false })],
    [
      'an ARN in the path',
      new GetTopicRuleDestinationCommand({ arn: 'arn:aws:iot:x:1:ruledestination/vpc/a b' }),
    ],
  ])('of the SDK for JavaScript is verified: %s', async (_, command) => {
    const wire = await sentByJavaScript((client) => client.send(command as ListTopicRulesCommand))
    const now = readTime(headerOf(wire, 'x-amz-date'))!
    expect(decide(wire, {}, now)).toEqual({ ok: true, caller: { name: KEY, role: 'admin', by: 'signature' } })
    const wrong = await sentByJavaScript((client) => client.send(command as ListTopicRulesCommand), 'other')
    expect(decide(wrong, {}, now)).toMatchObject({ ok: false, error: INVALID, status: 403 })
  })

  it('is good for five minutes on either side of its time, again and again', () => {
    const minutes = (count: number): Authentication => decide(signed(), {}, NOW + count * 60_000)
    expect([-5, 0, 0, 5].map((count) => minutes(count).ok)).toEqual([true, true, true, true])
    expect(minutes(5.1)).toMatchObject({
      error: INVALID,
      message: `Signature expired: ${TIME} is now earlier than 20261121T120006Z (20261121T120506Z - 5 min.).`,
    })
    expect(minutes(-5.1)).toMatchObject({
      error: INVALID,
      message: `Signature not yet current: ${TIME} is still later than 20261121T115954Z (20261121T115454Z + 5 min.).`,
    })
  })

  it('may give its time in the Date header', () => {
    const date = 'Sat, 21 Nov 2026 12:00:00 GMT'
    const wire = withHeader(signed({ headers: { date }, unsigned: ['x-amz-date'] }), 'x-amz-date', undefined)
    expect(decide(wire).ok).toBe(true)
    expect(readDateHeader('Sat, 31 Feb 2026 12:00:00')).toBeUndefined()
    const hidden = withHeader(
      signed({ headers: { date }, unsigned: ['x-amz-date', 'date'] }),
      'x-amz-date',
      undefined,
    )
    expect(decide(hidden)).toMatchObject({
      error: INVALID,
      message: expect.stringContaining("'Date'") as string,
    })
  })

  it('may leave the payload unsigned only where the configuration says so', () => {
    const hash = 'UNSIGNED-PAYLOAD'
    const wire = signed({ hash, headers: { 'x-amz-content-sha256': hash } })
    expect(decide(wire)).toMatchObject({ error: INVALID })
    expect(decide(wire, { unsignedPayload: true }).ok).toBe(true)
    expect(decide({ ...wire, body: Buffer.from('other') }, { unsignedPayload: true }).ok).toBe(true)
    expect(decide(signed({ hash }), { unsignedPayload: true })).toMatchObject({ error: INVALID })
  })

  it('is for the service and the regions that are served', () => {
    expect(decide(signed({ service: 'execute-api' })).ok).toBe(true)
    expect(decide(signed({ service: 's3' }))).toMatchObject({
      message: "Credential should be scoped to correct service: 'iot'.",
    })
    const regions = { regions: ['eu-central-1'] }
    expect(decide(signed(), regions).ok).toBe(true)
    expect(decide(signed({ region: 'us-east-1' }), regions)).toMatchObject({
      error: INVALID,
      message: "Credential should be scoped to a valid region, not 'us-east-1'.",
    })
  })
})

describe('a forged request', () => {
  const right = signed({
    query: 'a=1',
    headers: { 'content-type': 'application/json', 'x-amz-tagging': 'a=b' },
  })
  const forged: readonly (readonly [string, Wire, string])[] = [
    ['signed with another secret', signed({ secret: 'other' }), INVALID],
    ['by a key that does not exist', signed({ keyId: 'AKIDNOBODY' }), 'UnrecognizedClientException'],
    ['with another body', { ...right, body: Buffer.from('{"sql":"SELECT 2"}') }, INVALID],
    [
      'with another body and its hash',
      withHeader({ ...right, body: Buffer.from('x') }, 'x-amz-content-sha256', hex('x')),
      INVALID,
    ],
    [
      'with another body than the hash that is signed',
      {
        ...signed({ headers: { 'x-amz-content-sha256': hex('{"sql":"SELECT 1"}') } }),
        body: Buffer.from('x'),
      },
      INVALID,
    ],
    ['without its body', { ...right, body: Buffer.alloc(0) }, INVALID],
    ['with another method', { ...right, method: 'PATCH' }, INVALID],
    ['with another path', { ...right, url: '/rules/other?a=1' }, INVALID],
    ['with a path that only normalises to the same', { ...right, url: '/rules//orders?a=1' }, INVALID],
    ['with dots in the path', { ...right, url: '/rules/x/../orders?a=1' }, INVALID],
    ['with another encoding of the path', { ...right, url: '/rules/%6Frders?a=1' }, INVALID],
    ['with an absolute target', { ...right, url: 'http://127.0.0.1:8090/rules/orders?a=1' }, INVALID],
    ['with a fragment', { ...right, url: '/rules/orders#x?a=1' }, INVALID],
    ['with another query', { ...right, url: '/rules/orders?a=2' }, INVALID],
    ['with more in the query', { ...right, url: '/rules/orders?a=1&b=2' }, INVALID],
    [
      'with a plus sign for an encoded one',
      { ...signed({ query: 'a=%2B' }), url: '/rules/orders?a=+' },
      INVALID,
    ],
    ['with a broken escape in the query', { ...right, url: '/rules/orders?a=%zz' }, INVALID],
    ['with another signed header', withHeader(right, 'x-amz-tagging', 'a=c'), INVALID],
    ['without a header that is signed', withHeader(right, 'x-amz-tagging', undefined), INVALID],
    [
      'with a signed header twice',
      { ...right, rawHeaders: [...right.rawHeaders, 'X-Amz-Tagging', 'a=c'] },
      INCOMPLETE,
    ],
    [
      'with an x-amz header that is not signed',
      withHeader(right, 'X-Amz-Mqtt5-User-Properties', 'e30='),
      INVALID,
    ],
    [
      'with a content type that is not signed',
      signed({ headers: { 'content-type': 'text/x' }, unsigned: ['content-type'] }),
      INVALID,
    ],
    ['with a condition that is not signed', withHeader(right, 'If-Match', '"1"'), INVALID],
    ['with an unsigned host', signed({ unsigned: ['host'] }), INVALID],
    ['for another host', withHeader(right, 'host', 'example.com'), INVALID],
    ['with two hosts', { ...right, rawHeaders: [...right.rawHeaders, 'Host', 'example.com'] }, INCOMPLETE],
    ['with two dates', { ...right, rawHeaders: [...right.rawHeaders, 'X-Amz-Date', TIME] }, INCOMPLETE],
    [
      'with two lengths',
      { ...right, rawHeaders: [...right.rawHeaders, 'Content-Length', '1', 'Content-Length', '2'] },
      INCOMPLETE,
    ],
    [
      'with two Authorization headers',
      { ...right, rawHeaders: [...right.rawHeaders, 'Authorization', headerOf(right, 'authorization')] },
      INCOMPLETE,
    ],
    [
      'that puts a bearer token before the signature',
      { ...right, rawHeaders: ['Authorization', 'Bearer x', ...right.rawHeaders] },
      INCOMPLETE,
    ],
    [
      'signed in the header and in the query',
      { ...right, url: `${right.url}&X-Amz-Signature=x` },
      INCOMPLETE,
    ],
    ['with an older time put in', withHeader(right, 'x-amz-date', '20261121T115900Z'), INVALID],
    ['from another day than its scope', signed({ day: '20261120' }), INVALID],
    ['for another service', signed({ service: 'sts' }), INVALID],
    [
      'with the scope of another region',
      authorization(right, (text) => text.replace('eu-central-1', 'us-east-1')),
      INVALID,
    ],
    [
      'with another terminator',
      authorization(right, (text) => text.replace('aws4_request', 'aws5_request')),
      INVALID,
    ],
    [
      'for a streamed payload',
      signed({
        hash: 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD',
        headers: { 'x-amz-content-sha256': 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD' },
      }),
      INVALID,
    ],
    [
      'with a session token',
      signed({ headers: { 'x-amz-security-token': 'x' } }),
      'UnrecognizedClientException',
    ],
    [
      'with signed headers out of order',
      authorization(right, (text) => text.replace('content-type;host', 'host;content-type')),
      INCOMPLETE,
    ],
    [
      'with a signed header in capitals',
      authorization(right, (text) => text.replace('host', 'Host')),
      INCOMPLETE,
    ],
    ['with another algorithm', authorization(right, (text) => text.replace('SHA256', 'SHA1')), INCOMPLETE],
    ['without a signature', authorization(right, (text) => text.replace(/, Signature=.*/, '')), INCOMPLETE],
    ['with half a signature', authorization(right, (text) => text.slice(0, -32)), INCOMPLETE],
    [
      'with two signatures',
      authorization(right, (text) => `${text}, Signature=${'0'.repeat(64)}`),
      INCOMPLETE,
    ],
    ['without a date', withHeader(right, 'x-amz-date', undefined), INCOMPLETE],
    ['with a date that is none', signed({ time: '20261341T120000Z' }), INCOMPLETE],
    [
      'with a credential of four parts',
      authorization(right, (text) => text.replace('/aws4_request', '')),
      INCOMPLETE,
    ],
    [
      'without credentials',
      withHeader(right, 'Authorization', undefined),
      'MissingAuthenticationTokenException',
    ],
  ]

  it('is made of one that is taken', () => {
    expect(decide(right).ok).toBe(true)
  })

  it.each(forged)('%s is refused', (_, wire, error) => {
    const decided = decide(wire)
    expect(decided).toMatchObject({ ok: false, status: 403, error })
    const told = JSON.stringify(decided)
    expect(told).not.toContain(SECRET)
    expect(told).not.toMatch(/[0-9a-f]{64}/)
  })

  const decidePresigned = (change: (url: string) => string, now: number): Authentication => {
    const wire = presigned({ expires: 60 })
    return decide({ ...wire, url: change(wire.url) }, {}, NOW + now)
  }

  it.each<[string, (url: string) => string, number, string | undefined]>([
    ['within its time', (url) => url, 59_000, undefined],
    ['after its time', (url) => url, 61_000, INVALID],
    ['with a longer time', (url) => url.replace('Expires=60', 'Expires=600'), 0, INVALID],
    ['with no end', (url) => url.replace('Expires=60', 'Expires=9999999'), 0, INCOMPLETE],
    ['with a parameter more', (url) => `${url}&maxResults=1`, 0, INVALID],
    ['with a parameter twice', (url) => `${url}&X-Amz-Expires=60`, 0, INCOMPLETE],
    ['with a session token', (url) => `${url}&X-Amz-Security-Token=x`, 0, 'UnrecognizedClientException'],
    ['without a signature', (url) => url.replace(/&X-Amz-Signature=.*/, ''), 0, INCOMPLETE],
  ])('as a presigned URL %s', (_, change, later, error) => {
    const decided = decidePresigned(change, later)
    expect(decided.ok ? undefined : decided.error).toBe(error)
  })

  it('takes as long for a key that does not exist as for a wrong signature', () => {
    const [wrong, unknown] = [signed({ secret: 'other' }), signed({ keyId: 'AKIDNOBODY' })]
    const gate = new Gate(settings, {
      services: ['iot'],
      opensLocally: true,
      failuresPerMinute: 0,
      requestsPerMinute: 0,
      onRefused: () => undefined,
    })
    const timeOf = (wire: Wire): number => {
      const start = performance.now()
      gate.authenticate(wire, NOW)
      return performance.now() - start
    }
    const ratios = Array.from({ length: 501 }, () => timeOf(wrong) / timeOf(unknown))
    const ratio = ratios.sort((a, b) => a - b)[250]!
    expect(ratio).toBeGreaterThan(0.4)
    expect(ratio).toBeLessThan(2.5)
  })
})
