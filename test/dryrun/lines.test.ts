import { describe, expect, it } from 'vitest'
import {
  cannedSecrets,
  cannedService,
  compileRule,
  readMessage,
  resultLine,
  seededChance,
} from '../../src/dryrun/index.ts'

const caller = { ruleName: 'r', topic: 't', clientId: undefined, traceId: '' }

describe('readMessage', () => {
  it.each([
    [
      'numbers as they are written',
      '{"topic":"t","payload":{"a": 1.0, "b": [9007199254740993]}}',
      '{"a": 1.0, "b": [9007199254740993]}',
    ],
    [
      'a name that occurs in the payload',
      '{"topic":"t","x":{"payload":1},"payload":{"payload":"}\\""}}',
      '{"payload":"}\\""}',
    ],
    ['a name written with an escape', '{"topic":"t","p\\u0061yload": [1, 2] }', '[1, 2]'],
    ['the last of two', '{"payload":1,"topic":"t","payload":2.50}', '2.50'],
    ['text as it is', '{"topic":"t","payload":"{\\"a\\":1}"}', '{"a":1}'],
    ['null', '{"topic":"t","payload":null}', 'null'],
  ])('sends a payload with %s', (_name, line, payload) => {
    expect(readMessage(line)).toMatchObject({ ok: true, message: { topic: 't', payload } })
  })

  it('takes all that a message may have', () => {
    const line = JSON.stringify({
      topic: 't',
      payloadBase64: 'AP8=',
      clientId: 'c',
      userProperties: [['k', '1'], { key: 'k', value: '2' }],
      correlationData: 'AQI=',
      payloadFormatIndicator: 1,
      timestamp: '2026-05-01T12:00:00Z',
      partition: 7,
    })
    expect(readMessage(line)).toMatchObject({
      message: {
        payload: Buffer.from([0, 255]),
        clientId: 'c',
        userProperties: [
          ['k', '1'],
          ['k', '2'],
        ],
        correlationData: Buffer.from([1, 2]),
        payloadFormatIndicator: 1,
        timestamp: Date.UTC(2026, 4, 1, 12),
      },
    })
    const repeated = readMessage('{"topic":"t","userProperties":{"k":["1","2"],"l":"3"}}')
    expect(repeated).toMatchObject({
      message: {
        userProperties: [
          ['k', '1'],
          ['k', '2'],
          ['l', '3'],
        ],
      },
    })
  })

  it.each([
    ['{', 'it is not JSON'],
    ['[1]', 'it is no JSON object'],
    ['{}', 'topic must be a text'],
    ['{"topic":"a/+"}', /^a topic must not contain the wildcard/],
    ['{"topic":"t","payload":1,"payloadBase64":"AA=="}', 'it has both payload and payloadBase64'],
    ['{"topic":"t","payloadBase64":"A"}', 'payloadBase64 is not base64'],
    ['{"topic":"t","clientId":3}', 'clientId must be a text'],
    ['{"topic":"t","userProperties":[["k",1]]}', 'userProperties must be pairs of texts'],
    ['{"topic":"t","userProperties":[null]}', 'userProperties must be pairs of texts'],
    ['{"topic":"t","timestamp":"soon"}', /^timestamp must be/],
  ])('says what is wrong with %s', (line, reason) => {
    expect(readMessage(line)).toEqual({ ok: false, reason: expect.stringMatching(reason) as string })
  })
})

describe('resultLine', () => {
  it('writes bytes as text where they are UTF-8, else in base64', () => {
    const compiled = compileRule({ sql: "SELECT * FROM 't'", actions: [] })
    if (!compiled.ok) throw new Error('refused')
    const lineFor = (payload: Buffer): string => {
      const result = compiled.rule.run({ topic: 't', payload })
      if (result instanceof Promise) throw new Error('asks')
      return resultLine(result)
    }
    expect(lineFor(Buffer.from('é'))).toBe('{"matched":true,"selected":true,"output":"é","actions":[]}')
    expect(lineFor(Buffer.from([255]))).toBe(
      '{"matched":true,"selected":true,"outputBase64":"/w==","actions":[]}',
    )
  })
})

describe('seededChance', () => {
  it('repeats itself for a seed and differs between seeds', () => {
    const draw = (seed: string): unknown[] => {
      const { random, newUuid } = seededChance(seed)
      return [random(), newUuid(), random(), newUuid()]
    }
    expect(draw('a')).toEqual(draw('a'))
    expect(draw('a')).not.toEqual(draw('b'))
    expect(draw('a')[1]).toMatch(/^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/)
  })

  it('is uniform in [0, 1)', () => {
    const { random } = seededChance('uniform')
    const drawn = Array.from({ length: 10_000 }, random)
    expect(drawn.every((each) => each >= 0 && each < 1)).toBe(true)
    const mean = drawn.reduce((sum, each) => sum + each, 0) / drawn.length
    expect(mean).toBeGreaterThan(0.48)
    expect(mean).toBeLessThan(0.52)
  })
})

describe('canned services', () => {
  it('answer every call with a document', () => {
    expect(cannedService({ state: 1 })(['thing'], caller)).toEqual({ state: 1 })
  })

  it('answer by arguments, in any order of members, and fail where they are told to', () => {
    const service = cannedService({
      answers: [
        { args: [{ a: 1, b: 2 }], result: 'first' },
        { args: ['x'], error: 'no such thing' },
      ],
    })
    expect(service([{ b: 2, a: 1 }], caller)).toBe('first')
    expect(() => service(['x'], caller)).toThrow('no such thing')
    expect(() => service(['y'], caller)).toThrow('nothing is prepared for the arguments ["y"]')
    expect(cannedService({ answers: [], otherwise: null })([], caller)).toBeNull()
  })

  it('hold secrets, and members of those that are JSON', () => {
    const secret = cannedSecrets(
      new Map([
        ['db', '{"user":"u","port":1}'],
        ['raw', 'x'],
      ]),
    )
    expect(secret(['raw', 'SecretString'], caller)).toBe('x')
    expect(secret(['raw', 'SecretBinary'], caller)).toBe('eA==')
    expect(secret(['db', 'SecretString', 'user'], caller)).toBe('u')
    expect(secret(['db', 'SecretString', 'port', 'arn:aws:iam::123456789012:role/r'], caller)).toBe('1')
    expect(secret(['raw', 'SecretString', 'arn:aws:iam::123456789012:role/r'], caller)).toBe('x')
    expect(() => secret(['db', 'SecretString', 'password'], caller)).toThrow(
      'the secret has no key "password"',
    )
    expect(() => secret(['other', 'SecretString'], caller)).toThrow('no secret "other" is prepared')
  })
})
