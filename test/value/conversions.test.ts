import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  Decimal,
  equals,
  toBoolean,
  toDecimal,
  toInt,
  toText,
  typeOf,
  type Value,
  writeJson,
} from '../../src/value/index.ts'
import { jsonValues } from './arbitraries.ts'

const parse = (text: string) => Decimal.parse(text)!
const object = new Map([['k', 1]])

describe('the standard conversions', () => {
  it('to Decimal take numbers and numeric strings', () => {
    expect(toDecimal(1.5)).toBe(1.5)
    expect(toDecimal('-1.2')).toBe(-1.2)
    expect(toDecimal('007')).toBe(7)
    expect(writeJson(toDecimal('1.10'))).toBe('1.10')
    for (const [text, want] of [
      ['5E-12', '5E-12'],
      ['1e3', '1E+3'],
      ['-7E1', '-7E+1'],
    ] as const) {
      expect(String(toDecimal(text))).toBe(want)
    }
    const others: Value[] = ['+5', '.5', '5.', 'E5', '1E+5', ' 5', '5 ', '0x10', '', 'abc', '1'.repeat(3000)]
    others.push(true, null, undefined, [1], object)
    for (const value of others) expect(toDecimal(value)).toBeUndefined()
  })

  it('to Int round Decimals to nearest and truncate strings', () => {
    expect([
      toInt(2.5),
      toInt(-2.5),
      toInt(parse('1.50')),
      toInt('2.9'),
      toInt('-2.9'),
      toInt('1E3'),
    ]).toEqual([3, -3, 2, 2, -2, 1000])
    for (const value of ['abc', true, null, undefined, [1], object]) expect(toInt(value)).toBeUndefined()
  })

  it('to String write numbers, Booleans, and compact JSON', () => {
    const values: Value[] = ['a"b', 42, -0.125, parse('10.0'), parse('1E-7'), true, [1, 'x', null], object]
    expect(values.map(toText)).toEqual([
      'a"b',
      '42',
      '-0.125',
      '10.0',
      '1E-7',
      'true',
      '[1,"x",null]',
      '{"k":1}',
    ])
    expect([toText(null), toText(undefined)]).toEqual([undefined, undefined])
  })

  it('to Boolean take Booleans and their names in any case', () => {
    expect(['TRUE', 'False', true, false].map(toBoolean)).toEqual([true, false, true, false])
    for (const value of ['1', 'yes', ' true', '', 1, 0, null, undefined, [], object])
      expect(toBoolean(value)).toBeUndefined()
  })

  it('name the types', () => {
    const values: Value[] = [
      undefined,
      null,
      true,
      1,
      parse('9007199254740993'),
      1.5,
      parse('1.0'),
      '',
      [],
      object,
    ]
    expect(values.map(typeOf).join(' ')).toBe(
      'Undefined Null Boolean Int Int Decimal Decimal String Array Object',
    )
  })
})

describe('equals', () => {
  it('compares numbers by value, whatever their representation', () => {
    expect(equals(1, parse('1.0'))).toBe(true)
    expect(equals(parse('1.0'), 1)).toBe(true)
    expect(equals(parse('1E3'), 1000)).toBe(true)
    expect(equals(parse('9007199254740993'), parse('9007199254740992'))).toBe(false)
    expect(equals([1, new Map([['a', 2]])], [parse('1.00'), new Map([['a', parse('2.0')]])])).toBe(true)
  })

  it('never holds across types', () => {
    const values: Value[] = [
      undefined,
      null,
      true,
      false,
      0,
      1,
      parse('1.50'),
      '',
      '1',
      'true',
      [],
      [1],
      new Map(),
      object,
    ]
    values.forEach((a, i) => values.forEach((b, j) => expect(equals(a, b)).toBe(i === j)))
  })

  it('ignores the order of keys and heeds that of elements', () => {
    const a = new Map([['x', 1], ['y', 2]]) // prettier-ignore
    const b = new Map([['y', 2], ['x', 1]]) // prettier-ignore
    expect(equals(a, b)).toBe(true)
    expect(equals([1, 2], [2, 1])).toBe(false)
    expect(equals(a, new Map([['x', 1], ['z', 2]]))).toBe(false) // prettier-ignore
  })

  it('is an equivalence', () => {
    fc.assert(
      fc.property(jsonValues, jsonValues, (a, b) => {
        expect(equals(a, a)).toBe(true)
        expect(equals(a, b)).toBe(equals(b, a))
      }),
    )
  })
})
