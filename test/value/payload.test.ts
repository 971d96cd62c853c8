import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  Payload,
  readJson,
  type SqlObject,
  type Value,
  wholeToInt,
  writeJson,
} from '../../src/value/index.ts'
import { jsonValues } from './arbitraries.ts'

const payloadOf = (text: string) => new Payload(Buffer.from(text))

describe('a payload', () => {
  it('gives each member as the whole object has it, in both language versions', () => {
    const objects = fc.array(
      fc.tuple(fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('a', 'b', '1')), jsonValues),
    )
    fc.assert(
      fc.property(objects, (entries) => {
        // Written by hand so that keys repeat.
        const text = `{ ${entries.map(([key, value]) => `${JSON.stringify(key)} : ${writeJson(value)}`).join(' , ')} }`
        const result = readJson(text)
        if (!result.ok) throw new Error(result.reason)
        const whole = result.value as SqlObject
        const payload = payloadOf(text)
        for (const [key] of [...entries, ['absent']] as const) {
          expect(writeJson(payload.view('keep').get(key))).toBe(writeJson(whole.get(key)))
          expect(payload.view('int').get(key)).toEqual(wholeToInt(whole.get(key)))
        }
        expect(writeJson(payload.view('keep').root())).toBe(writeJson(whole))
        expect(payload.view('int').root()).toEqual(wholeToInt(whole))
      }),
      { numRuns: 1000 },
    )
  })

  it('turns whole Decimals into Ints only for the language version that does', () => {
    const payload = payloadOf('{"x":10.0,"y":{"z":[1e3,1.50]}}')
    expect(payload.view('int').get('x')).toBe(10)
    expect(writeJson(payload.view('keep').root())).toBe('{"x":10.0,"y":{"z":[1e3,1.50]}}')
    expect(writeJson(payload.view('int').root())).toBe('{"x":10,"y":{"z":[1000,1.50]}}')
  })

  it('may be read in turns with others', () => {
    const payloads = Array.from({ length: 5 }, (_, index) =>
      payloadOf(`{"a":"${'x'.repeat(index)}","n":${index}}`),
    )
    for (let round = 0; round < 3; round++) {
      payloads.forEach((payload, index) => {
        expect(payload.view('int').get('n')).toBe(index)
        expect(readJson('{"n":-1,"a":"other"}').ok).toBe(true)
        expect(payload.view('keep').get('a')).toBe('x'.repeat(index))
        expect(payloadOf('no json').view('int').isJson).toBe(false)
      })
    }
  })

  it('makes an array or object once', () => {
    const view = payloadOf('{"a":{"b":1},"c":[1]}').view('int')
    expect(view.get('a')).toBe(view.get('a'))
    expect(view.get('c')).toBe(view.get('c'))
    expect(view.root()).toBe(view.root())
  })

  it('finds keys with escapes and beyond ASCII', () => {
    const view = payloadOf('{"t\\u0065mp":1,"größe":2,"plain":3,"\\ud83d\\ude80":4}').view('int')
    expect(['temp', 'größe', 'plain', '🚀', 'grösse'].map((key) => view.get(key))).toEqual([
      1,
      2,
      3,
      4,
      undefined,
    ])
  })

  it('does not take a byte for a character', () => {
    expect(payloadOf('{"\u00c3\u00a9":1}').view('int').get('é')).toBeUndefined()
    expect(new Payload(Buffer.from('{"é":1}')).view('int').get('\u00c3\u00a9')).toBeUndefined()
  })

  it.each<[string, Value]>([
    ['[1,2]', [1, 2]],
    ['"text"', 'text'],
    ['"\\n"', '\n'],
    [' 80 ', 80],
    ['2.0', 2],
    ['null', null],
    ['true', true],
  ])('%j is JSON without members', (text, want) => {
    const view = payloadOf(text).view('int')
    expect(view.isJson).toBe(true)
    expect(view.root()).toEqual(want)
    expect(view.get('a')).toBeUndefined()
    expect(view.get('length')).toBeUndefined()
  })

  it.each(['', ' ', 'hello', '{"a":1}}', '{"a":1', "{'a':1}", '{"a":NaN}', '{"a":1,}'])(
    '%j is not JSON',
    (text) => {
      const view = payloadOf(text).view('int')
      expect([view.isJson, view.get('a'), view.root()]).toEqual([false, undefined, undefined])
      expect(view.bytes.toString()).toBe(text)
    },
  )

  it('is not JSON with invalid UTF-8 anywhere', () => {
    const invalid = [[0xff], [0xc3], [0xc0, 0xaf], [0xed, 0xa0, 0x80], [0xf5, 0x80, 0x80, 0x80]]
    for (const bytes of invalid) {
      const text = Buffer.concat([Buffer.from('{"a":1,"b":"'), Buffer.from(bytes), Buffer.from('"}')])
      expect(new Payload(text).view('int').get('a')).toBeUndefined()
    }
  })

  it('is JSON behind a byte order mark, whose bytes stay', () => {
    const view = payloadOf('\ufeff{"a":1}').view('int')
    expect(view.get('a')).toBe(1)
    expect(view.bytes.length).toBe(10)
  })

  it('reads many members', () => {
    const text = `{${Array.from({ length: 5000 }, (_, index) => `"k${index}":${index}`).join(',')}}`
    const view = payloadOf(text).view('int')
    expect([view.get('k0'), view.get('k4999'), view.get('k5000')]).toEqual([0, 4999, undefined])
  })

  it('may be a part of a larger buffer', () => {
    const outer = Buffer.from('xx{"a":"é","b":12}yy')
    const view = new Payload(outer.subarray(2, outer.length - 2)).view('int')
    expect([view.get('a'), view.get('b')]).toEqual(['é', 12])
  })
})
