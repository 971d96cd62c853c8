import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  Decimal,
  encodeJson,
  equals,
  MAX_DEPTH,
  Payload,
  readJson,
  type Value,
  wholeToInt,
  writeJson,
} from '../../src/value/index.ts'
import { jsonValues } from './arbitraries.ts'

/** What JSON.parse makes of the same text: plain objects and doubles. */
function plain(value: Value): unknown {
  if (value instanceof Decimal) return Number(value.toString())
  if (Array.isArray(value)) return value.map(plain)
  if (!(value instanceof Map)) return value
  const object: Record<string, unknown> = Object.create(null) as Record<string, unknown>
  for (const [key, member] of value as ReadonlyMap<string, Value>) object[key] = plain(member)
  return object
}

function oracle(text: string): { ok: true; value: unknown } | { ok: false } {
  try {
    return { ok: true, value: JSON.parse(text) as unknown }
  } catch {
    return { ok: false }
  }
}

function read(text: string): Value {
  const result = readJson(text)
  if (!result.ok) throw new Error(`${result.reason} at ${result.offset}`)
  return result.value
}

/** JSON.parse returns objects with a prototype and signed zeros; both are no matter of JSON. */
const normal = (value: unknown): unknown => JSON.stringify(value)

const fragments = fc.constantFrom(
  ...[
    '{',
    '}',
    '[',
    ']',
    ',',
    ':',
    '"',
    '""',
    '"a"',
    '"é"',
    '"\\u00e9"',
    '"\\ud800"',
    '\\',
    '\\n',
    'true',
    'false',
    'null',
  ],
  ...[
    '0',
    '-',
    '1',
    '1.',
    '.5',
    '1.50',
    '1e5',
    'E',
    '+',
    ' ',
    '\n',
    '\t',
    '\u0000',
    '\u001f',
    '\u007f',
    '\ufeff',
    '🚀',
    '\u2028',
  ],
  ...['tru', 'nul', '{"a":', '[[', ']]', '"\\u12', '01', '-0', 'NaN', '//', "'"],
)

describe('readJson', () => {
  it('accepts and reads exactly what JSON.parse does', () => {
    fc.assert(
      fc.property(fc.array(fragments, { maxLength: 12, size: 'max' }), (parts) => {
        const text = parts.join('')
        fc.pre(!text.startsWith('\ufeff'))
        const want = oracle(text)
        const got = readJson(text)
        expect(got.ok).toBe(want.ok)
        if (got.ok && want.ok) expect(normal(plain(got.value))).toBe(normal(want.value))
      }),
      { numRuns: 20_000 },
    )
  })

  it('agrees with JSON.parse on documents with one fault', () => {
    fc.assert(
      fc.property(jsonValues, fc.nat(), fragments, fc.nat(3), (value, position, fragment, cut) => {
        const text = writeJson(value)!
        const at = position % (text.length + 1)
        const broken = text.slice(0, at) + fragment + text.slice(at + cut)
        fc.pre(!broken.startsWith('\ufeff') && Buffer.from(broken).toString() === broken)
        expect(readJson(broken).ok).toBe(oracle(broken).ok)
      }),
      { numRuns: 5000 },
    )
  })

  it('reads what writeJson and JSON.stringify write', () => {
    fc.assert(
      fc.property(jsonValues, fc.nat(3), (value, indent) => {
        const text = writeJson(value)!
        expect(writeJson(read(text))).toBe(text)
        expect(equals(read(text), value)).toBe(true)
        const spaced = JSON.stringify(JSON.parse(text), null, indent)
        expect(normal(plain(read(spaced)))).toBe(normal(JSON.parse(text)))
      }),
      { numRuns: 2000 },
    )
  })

  it('keeps the order of keys, also of those that look like numbers', () => {
    expect(writeJson(read('{"b":1,"10":2,"a":3,"2":4}'))).toBe('{"b":1,"10":2,"a":3,"2":4}')
  })

  it('lets a repeated key keep its place and take the last value', () => {
    expect(writeJson(read('{"a":1,"b":2,"a":3}'))).toBe('{"a":3,"b":2}')
  })

  it('has no magic keys', () => {
    const value = read('{"__proto__":{"polluted":true},"constructor":1,"toString":2}')
    expect(writeJson(value)).toBe('{"__proto__":{"polluted":true},"constructor":1,"toString":2}')
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
  })

  it('keeps the text of numbers', () => {
    const text =
      '[10.0,1.50,1e3,1E-7,0.0000001,9007199254740993,123456789012345678901234567890.123456789,1e400000]'
    expect(writeJson(read(text))).toBe(text)
  })

  it('reads each number as Decimal.parse does, in both language versions', () => {
    const digits = fc
      .array(fc.constantFrom('0', '0', '0', '5', '9', '1'), { minLength: 1, maxLength: 40, size: 'max' })
      .map((all) => all.join(''))
    const texts = fc
      .tuple(
        fc.constantFrom('', '-'),
        fc.oneof(fc.constant('0'), digits),
        digits,
        fc.constantFrom('', '', 'e-3', 'E5'),
      )
      .map(
        ([sign, whole, fraction, exponent]) =>
          `${sign}${whole.replace(/^0+(?=\d)/, '')}.${fraction}${exponent}`,
      )
    fc.assert(
      fc.property(texts, (text) => {
        const payload = new Payload(Buffer.from(`{"x":${text}}`))
        const want = Decimal.parse(text)!
        expect(payload.view('keep').get('x')).toStrictEqual(want)
        expect(payload.view('int').get('x')).toStrictEqual(wholeToInt(want))
      }),
      { numRuns: 10_000 },
    )
  })

  it('keeps escaped lone surrogates, and makes bare ones U+FFFD', () => {
    expect(read('"\\ud800"')).toBe('\ud800')
    expect(writeJson(read('"a\\udc00b"'))).toBe('"a\\udc00b"')
    expect(read('"\ud800"')).toBe('\ufffd')
    expect(read('"\\ud83d\\ude80"')).toBe('🚀')
  })

  it('takes nothing but hexadecimal digits in an escape, control characters of similar bits neither', () => {
    for (let code = 0; code < 128; code++) {
      const text = `"\\u00${String.fromCharCode(code)}0"`
      const isHex = /[0-9a-fA-F]/.test(String.fromCharCode(code))
      expect([code, new Payload(Buffer.from(text)).view('int').isJson]).toEqual([code, isHex])
    }
  })

  it('skips a byte order mark at the beginning and nowhere else', () => {
    expect(read('\ufeff{"a":1}')).toEqual(new Map([['a', 1]]))
    expect(readJson('{\ufeff"a":1}').ok).toBe(false)
    expect(readJson('\ufeff').ok).toBe(false)
  })

  it('refuses nesting beyond the bound without overflowing the stack', () => {
    const nested = (depth: number, open: string, close: string) =>
      open.repeat(depth) + '1' + close.repeat(depth)
    for (const [open, close] of [
      ['[', ']'],
      ['{"a":', '}'],
    ] as const) {
      const deepest = read(nested(MAX_DEPTH, open, close))
      expect(writeJson(deepest)).toBe(nested(MAX_DEPTH, open, close))
      expect(encodeJson(deepest)!.toString()).toBe(nested(MAX_DEPTH, open, close))
      expect(equals(deepest, read(nested(MAX_DEPTH, open, close)))).toBe(true)
      expect(readJson(nested(MAX_DEPTH + 1, open, close))).toMatchObject({
        ok: false,
        reason: 'nested too deeply',
      })
      expect(readJson(open.repeat(200_000)).ok).toBe(false)
    }
  })

  it.each([
    ['', 0, 'no value'],
    ['{"a":1', 6, 'comma or closing brace expected'],
    ['{"é":é}', 5, 'unexpected character'],
    ['[1 2]', 3, 'comma or closing bracket expected'],
    ['"\\x"', 1, 'invalid escape'],
    ['"a\nb"', 2, 'control character in a string'],
    ['01', 0, 'leading zero'],
    ['1 1', 2, 'text after the value'],
    ['"abc', 4, 'unterminated string'],
  ])('says where and why %j is no JSON', (text, offset, reason) =>
    expect(readJson(text)).toEqual({ ok: false, offset, reason }),
  )
})

describe('writeJson', () => {
  it('escapes strings as JSON.stringify does', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary', maxLength: 100, size: 'max' }),
          fc.string({ maxLength: 100, size: 'max' }),
        ),
        (text) => {
          expect(writeJson(text)).toBe(JSON.stringify(text))
        },
      ),
    )
    for (let code = 0; code < 0x10000; code++) {
      const text = String.fromCharCode(code)
      if (writeJson(text) !== JSON.stringify(text)) throw new Error(`U+${code.toString(16)}`)
    }
  })

  it('leaves Undefined members out, writes null for Undefined elements, and has no text for Undefined', () => {
    expect(writeJson(new Map<string, Value>([['a', undefined], ['b', null], ['c', undefined]]))).toBe('{"b":null}') // prettier-ignore
    expect(writeJson(new Map([['a', undefined]]))).toBe('{}')
    expect(writeJson([undefined, 1])).toBe('[null,1]')
    expect(writeJson(undefined)).toBeUndefined()
  })
})

describe('encodeJson', () => {
  it('yields the bytes of writeJson', () => {
    fc.assert(
      fc.property(jsonValues, (value) => {
        expect(encodeJson(value)!.toString('latin1')).toBe(Buffer.from(writeJson(value)!).toString('latin1'))
      }),
      { numRuns: 2000 },
    )
    expect(encodeJson(undefined)).toBeUndefined()
  })

  it('writes every kind of number as its text', () => {
    const numbers = fc.oneof(
      fc.integer(),
      fc.maxSafeInteger(),
      fc
        .tuple(fc.maxSafeInteger(), fc.nat(9))
        .map(([digits, places]) => Number((digits / 10 ** places).toPrecision(15))),
      fc
        .tuple(fc.integer({ min: -99999, max: 99999 }), fc.nat(5))
        .map(([digits, places]) => digits / 10 ** places),
    )
    fc.assert(
      fc.property(numbers, (value) => {
        expect(encodeJson(value)!.toString()).toBe(String(value))
      }),
      { numRuns: 20_000 },
    )
    for (const value of [
      0, 9, 10, 99, 100, 999999999, 1e9, 1073741823, 1073741824, 107374182.4, 0.0001, 0.05, 1e15,
    ]) {
      expect(encodeJson(value)!.toString()).toBe(String(value))
      expect(encodeJson(-value)!.toString()).toBe(String(-value))
    }
  })

  it('never overwrites what it has handed out', () => {
    const made = Array.from({ length: 3000 }, (_, index) => {
      const value = new Map<string, Value>([
        ['n', index],
        ['text', 'é'.repeat(index % 90)],
        ['long', 'x'.repeat(index % 1000)],
      ])
      return { bytes: encodeJson(value)!, text: writeJson(value)! }
    })
    for (const { bytes, text } of made) expect(bytes.toString()).toBe(text)
  })

  it('writes values larger than a chunk', () => {
    const value = Array.from({ length: 50_000 }, (_, index) => `item ${index}`)
    expect(encodeJson(value)!.toString()).toBe(JSON.stringify(value))
    const text = '€'.repeat(200_000)
    expect(encodeJson([text, text])!.toString()).toBe(JSON.stringify([text, text]))
  })
})

describe('hostile bytes', () => {
  it('never throw, whatever they are', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        const view = new Payload(Buffer.from(bytes)).view('int')
        view.get('a')
        view.root()
        expect(typeof view.isJson).toBe('boolean')
      }),
      { numRuns: 5000 },
    )
  })

  it('never throw when they are a document cut or changed anywhere', () => {
    const text = '{"a":[1,{"b":"\\u00e9x"}],"é":-1.5e-3,"c":{"d":[true,false,null]},"e":"🚀"}'
    const bytes = Buffer.from(text)
    for (let at = 0; at < bytes.length; at++) {
      expect(new Payload(bytes.subarray(0, at)).view('int').isJson).toBe(false)
      for (const byte of [0, 34, 44, 92, 93, 125, 128, 192, 255]) {
        const changed = Buffer.from(bytes)
        changed[at] = byte
        const view = new Payload(changed).view('int')
        const decoded = changed.toString()
        const valid = Buffer.from(decoded).equals(changed) && oracle(decoded).ok
        expect(view.isJson).toBe(valid)
        expect(view.root() === undefined).toBe(!valid)
      }
    }
  })
})
