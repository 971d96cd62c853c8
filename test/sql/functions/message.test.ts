import { describe, expect, it } from 'vitest'
import { dynamic, evaluate, scopeOf } from './call.ts'

describe('functions of the message', () => {
  it('read identity, clock and chance from the scope', () => {
    expect(evaluate('clientid', [])).toBe('device')
    expect(evaluate('principal', [])).toBe('user')
    expect(evaluate('sourceip', [])).toBe('192.0.2.1')
    expect(evaluate('accountid', [])).toBe('123456789012')
    expect(evaluate('timestamp', [])).toBe(1481825251155)
    expect(evaluate('rand', [])).toBe(0.25)
    expect(evaluate('newuuid', [])).toBe('uuid')
    expect(evaluate('traceid', [])).toBe('12345678-1234-4234-8234-123456789012')
  })

  it('know no client and no trace off MQTT', () => {
    const scope = scopeOf({ client: { clientId: undefined, protocol: 'http' } })
    expect(evaluate('clientid', [], scope)).toBe('n/a')
    expect(evaluate('traceid', [], scope)).toBeUndefined()
  })

  it.each([
    [1, 'a'],
    ['2', 'b'],
    [3.9, 'c'],
    [0, undefined],
    [4, undefined],
    [1e300, undefined],
  ])('topic(%s) of a/b/c is %s', (segment, want) => {
    expect(evaluate('topic', dynamic(segment))).toBe(want)
  })

  it('topic() keeps empty segments', () => {
    expect(evaluate('topic', dynamic(2), scopeOf({ topic: 'a//b' }))).toBe('')
    expect(evaluate('topic', dynamic(3), scopeOf({ topic: 'a//b' }))).toBe('b')
  })

  it('read MQTT 5 properties', () => {
    const properties = {
      contentType: 'text/plain',
      correlationData: Buffer.from([0, 255]),
      payloadFormatIndicator: 1,
    } as const
    const scope = scopeOf({ properties })
    expect(evaluate('get_mqtt_property', dynamic('content_type'), scope)).toBe('text/plain')
    expect(evaluate('get_mqtt_property', dynamic('correlation_data'), scope)).toBe('AP8=')
    expect(evaluate('get_mqtt_property', dynamic('format_indicator'), scope)).toBe('UTF8_DATA')
    expect(evaluate('get_mqtt_property', dynamic('response_topic'), scope)).toBeUndefined()
    expect(evaluate('get_mqtt_property', dynamic('constructor'), scope)).toBeUndefined()
    expect(evaluate('get_mqtt_property', dynamic('format_indicator'))).toBe('UNSPECIFIED_BYTES')
  })

  it('read user properties in order, duplicates included', () => {
    const scope = scopeOf({
      properties: {
        userProperties: [
          ['k', '1'],
          ['l', '2'],
          ['k', '3'],
        ],
      },
    })
    expect(evaluate('get_user_properties', dynamic('k'), scope)).toEqual(['1', '3'])
    expect(evaluate('get_user_properties', dynamic('x'), scope)).toBeUndefined()
    expect(evaluate('get_user_properties', [], scope)).toEqual([
      new Map([['k', '1']]),
      new Map([['l', '2']]),
      new Map([['k', '3']]),
    ])
  })

  it('encode(*) takes the bytes of a payload that is no JSON', () => {
    const scope = scopeOf({ payload: Buffer.from([0, 1, 255]) })
    const star = { evaluate: () => undefined, constant: false, star: true }
    expect(evaluate('encode', [star, ...dynamic('base64')], scope)).toBe('AAH/')
    expect(evaluate('encode', [star, ...dynamic('hex')], scope)).toBeUndefined()
  })
})
