import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  ceil,
  compare,
  Decimal,
  floor,
  fromBigInt,
  fromDouble,
  negate,
  numberText,
  roundHalfAwayFromZero,
  subtract,
  toBigInt,
  toDouble,
  truncate,
  wholeToInt,
} from '../../src/value/index.ts'
import { numerics } from './arbitraries.ts'

const parse = (text: string) => Decimal.parse(text)!

describe('rounding', () => {
  it.each([
    [roundHalfAwayFromZero, '-1.5', '-2'],
    [roundHalfAwayFromZero, '2.5', '3'],
    [roundHalfAwayFromZero, '-0.4', '0'],
    [roundHalfAwayFromZero, '0.50', '1'],
    [roundHalfAwayFromZero, '-1234567890123456.5', '-1234567890123457'],
    [floor, '-1.1', '-2'],
    [floor, '-1.10', '-2'],
    [floor, '7.0', '7'],
    [ceil, '-0.5', '0'],
    [ceil, '1.10', '2'],
  ])('%o of %s is %s', (operation, text, want) => {
    const got = operation(parse(text))
    expect(numberText(got)).toBe(want)
    expect(Object.is(got, -0)).toBe(false)
  })

  it('truncates to places and drops trailing zeros', () => {
    expect(truncate(2.888, 2)).toBe(2.88)
    expect(truncate(parse('2.00'), 5)).toBe(2)
    expect(truncate(parse('-1.999'), 0)).toBe(-1)
    expect(truncate(parse('1.10500'), 2)).toBe(1.1)
    expect(truncate(parse('-0.05'), 1)).toBe(0)
  })

  it('lies within one of the number, on the right side', () => {
    fc.assert(
      fc.property(numerics, (value) => {
        // Beyond 34 digits the difference below would be rounded itself.
        fc.pre(numberText(value).replace(/\D/g, '').length <= 30)
        expect(compare(floor(value), value)).toBeLessThanOrEqual(0)
        expect(compare(subtract(value, floor(value))!, 1)).toBe(-1)
        expect(compare(ceil(value), value)).toBeGreaterThanOrEqual(0)
        expect(compare(ceil(value), negate(floor(negate(value))))).toBe(0)
        expect(compare(roundHalfAwayFromZero(negate(value)), negate(roundHalfAwayFromZero(value)))).toBe(0)
        expect(compare(subtract(value, roundHalfAwayFromZero(value))!, 0.5)).toBeLessThanOrEqual(0)
      }),
      { numRuns: 1000 },
    )
  })

  it('answers at once for numbers of any exponent', () => {
    for (const text of [
      '1E-2000000000',
      '-1E-2000000000',
      '1E2000000000',
      '1E-5000',
      `0.${'3'.repeat(5000)}`,
    ]) {
      const value = parse(text)
      const small = compare(value, -1) > 0 && compare(value, 1) < 0
      for (const operation of [roundHalfAwayFromZero, floor, ceil]) {
        expect(compare(operation(value), small ? -1 : value)).toBeGreaterThanOrEqual(0)
      }
      expect(truncate(value, 0)).toEqual(small ? 0 : value)
      expect(toBigInt(value)).toBeUndefined()
      expect(wholeToInt(value)).toBe(value)
    }
    expect(ceil(parse('1E-2000000000'))).toBe(1)
    expect(floor(parse('-1E-2000000000'))).toBe(-1)
  })
})

describe('whole Decimals', () => {
  it.each([
    ['5.0', 5],
    ['10.00', 10],
    ['1E3', 1000],
    ['0.000', 0],
    ['-7.0', -7],
  ])('%s becomes %s', (text, want) => expect(wholeToInt(parse(text))).toBe(want))

  it('keeps what is not whole or has more than 34 digits', () => {
    for (const value of ['5.50', '0.10', '9.5E999', '1E34'].map(parse)) expect(wholeToInt(value)).toBe(value)
    expect(numberText(wholeToInt(parse('9.5E999')) as Decimal)).toBe('9.5E+999')
    expect(numberText(wholeToInt(parse('1E33')) as Decimal)).toBe(`1${'0'.repeat(33)}`)
    expect(numberText(wholeToInt(parse('5.50')) as Decimal)).toBe('5.50')
  })

  it('changes them at any depth and leaves other values the same object', () => {
    const untouched = new Map([['a', [1, new Map([['b', 2.5]])]]])
    expect(wholeToInt(untouched)).toBe(untouched)
    const mixed = new Map([['a', [parse('1.0'), new Map([['b', parse('2.0')]])]]])
    expect(wholeToInt(mixed)).toEqual(new Map([['a', [1, new Map([['b', 2]])]]]))
    expect(mixed.get('a')![0]).toBeInstanceOf(Decimal)
  })
})

describe('doubles and bigints', () => {
  it('turns doubles into the Decimals that their shortest text names', () => {
    expect(numberText(fromDouble(3)!)).toBe('3.0')
    expect(numberText(fromDouble(-0)!)).toBe('0.0')
    expect(fromDouble(0.1)).toBe(0.1)
    expect(numberText(fromDouble(Math.PI)!)).toBe('3.141592653589793')
    expect(numberText(fromDouble(1e21)!)).toBe('1E+21')
    expect(numberText(fromDouble(1.5e-9)!)).toBe('1.5E-9')
    expect([NaN, Infinity, -Infinity].map(fromDouble)).toEqual([undefined, undefined, undefined])
  })

  it('returns the same double after a round trip', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        expect(toDouble(fromDouble(value)!)).toBe(value + 0)
      }),
    )
  })

  it('converts whole numbers to bigints and back', () => {
    expect(toBigInt(parse('12.0'))).toBe(12n)
    expect(toBigInt(parse('1E3'))).toBe(1000n)
    expect(toBigInt(1.5)).toBeUndefined()
    expect(fromBigInt(-5n)).toBe(-5)
    expect(fromBigInt(2n ** 64n)).toEqual(new Decimal(2n ** 64n, 0))
    expect(fromBigInt(10n ** 1000n)).toBeUndefined()
  })
})
