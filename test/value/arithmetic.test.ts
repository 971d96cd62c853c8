import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  add,
  compare,
  Decimal,
  divide,
  multiply,
  negate,
  type Numeric,
  numberText,
  remainder,
  subtract,
  typeOf,
} from '../../src/value/index.ts'
import { numerics } from './arbitraries.ts'

/** The oracle: exact fractions of bigints, with rounding to 34 digits written in another way than the product's. */
interface Fraction {
  readonly top: bigint
  readonly bottom: bigint
}

function fractionOf(value: Numeric): Fraction {
  const [, sign, whole, fraction = '', exponent = '0'] = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(
    typeof value === 'number' ? String(value) : value.toString(),
  )!
  const power = BigInt(exponent) - BigInt(fraction.length)
  const digits = BigInt(sign! + whole! + fraction)
  return power < 0n ? { top: digits, bottom: 10n ** -power } : { top: digits * 10n ** power, bottom: 1n }
}

const abs = (value: bigint) => (value < 0n ? -value : value)
const same = (a: Fraction, b: Fraction) => a.top * b.bottom === b.top * a.bottom

/** Rounded half to even to 34 significant digits, by searching the power of ten of the last digit. */
function round34({ top, bottom }: Fraction): Fraction {
  if (top === 0n) return { top: 0n, bottom: 1n }
  const sign = top < 0n !== bottom < 0n ? -1n : 1n
  let n = abs(top)
  let d = abs(bottom)
  let exponent = 0
  while (n >= d * 10n ** 34n) {
    d *= 10n
    exponent++
  }
  while (n < d * 10n ** 33n) {
    n *= 10n
    exponent--
  }
  const floor = n / d
  const twice = 2n * (n - floor * d)
  const digits = twice > d || (twice === d && floor % 2n === 1n) ? floor + 1n : floor
  return exponent < 0
    ? { top: sign * digits, bottom: 10n ** BigInt(-exponent) }
    : { top: sign * digits * 10n ** BigInt(exponent), bottom: 1n }
}

const operand = (value: Numeric) => round34(fractionOf(value))

function expectSame(got: Numeric | undefined, want: Fraction): void {
  if (got === undefined) throw new Error(`Undefined instead of ${want.top}/${want.bottom}`)
  if (!same(fractionOf(got), want))
    throw new Error(`${numberText(got)} instead of ${want.top}/${want.bottom}`)
  expectCanonical(got)
}

/** A number never has two representations that differ in type or text. */
function expectCanonical(value: Numeric): void {
  expect(Object.is(value, -0)).toBe(false)
  if (typeof value === 'number') {
    expect(Number.isSafeInteger(value) || /^-?\d+\.\d+$/.test(String(value))).toBe(true)
    if (!Number.isInteger(value))
      expect(String(value).replace(/\D/g, '').replace(/^0+/, '').length).toBeLessThan(16)
  } else
    expect(Decimal.parse(value.toString())).toMatchObject({
      coefficient: value.coefficient,
      scale: value.scale,
    })
}

const runs = { numRuns: 2000 }

describe('arithmetic on numerics', () => {
  it('agrees with exact fractions rounded to 34 digits', () => {
    fc.assert(
      fc.property(numerics, numerics, (a, b) => {
        const x = operand(a)
        const y = operand(b)
        const bottom = x.bottom * y.bottom
        expectSame(add(a, b), round34({ top: x.top * y.bottom + y.top * x.bottom, bottom }))
        expectSame(subtract(a, b), round34({ top: x.top * y.bottom - y.top * x.bottom, bottom }))
        expectSame(multiply(a, b), round34({ top: x.top * y.top, bottom }))
        if (y.top === 0n) {
          expect(divide(a, b)).toBeUndefined()
          expect(remainder(a, b)).toBeUndefined()
        } else {
          expectSame(divide(a, b), round34({ top: x.top * y.bottom, bottom: x.bottom * y.top }))
          const whole = (x.top * y.bottom) / (y.top * x.bottom)
          expectSame(remainder(a, b), round34({ top: x.top * y.bottom - whole * y.top * x.bottom, bottom }))
        }
      }),
      runs,
    )
  })

  it('agrees with fractions on every pair of awkward short decimals', () => {
    const texts = [
      '0',
      '0.0',
      '1',
      '-1',
      '0.1',
      '0.2',
      '0.3',
      '-0.5',
      '1.1',
      '2.5',
      '1.005',
      '999999.999999',
      '123456789012345',
    ]
    texts.push(
      '0.000001',
      '-0.000001',
      '0.123456789',
      '9007199254740991',
      '9007199254740993',
      '12345678.9012345',
      '1e-7',
      '3',
    )
    const all = texts.map((text) => Decimal.parse(text)!)
    for (const a of all) {
      for (const b of all) {
        const x = fractionOf(a)
        const y = fractionOf(b)
        expectSame(
          add(a, b),
          round34({ top: x.top * y.bottom + y.top * x.bottom, bottom: x.bottom * y.bottom }),
        )
        expectSame(multiply(a, b), round34({ top: x.top * y.top, bottom: x.bottom * y.bottom }))
        if (y.top !== 0n)
          expectSame(divide(a, b), round34({ top: x.top * y.bottom, bottom: x.bottom * y.top }))
      }
    }
  })

  it('makes an Int of two Ints and a Decimal where a Decimal takes part', () => {
    fc.assert(
      fc.property(numerics, numerics, (a, b) => {
        const ints = typeOf(a) === 'Int' && typeOf(b) === 'Int'
        for (const got of [add(a, b)!, multiply(a, b)!]) {
          const digits = fractionOf(got).bottom === 1n ? abs(fractionOf(got).top).toString().length : 0
          expect(typeOf(got)).toBe(ints && digits <= 34 ? 'Int' : 'Decimal')
        }
      }),
      runs,
    )
  })

  it('compares as fractions do', () => {
    fc.assert(
      fc.property(numerics, numerics, (a, b) => {
        const x = fractionOf(a)
        const y = fractionOf(b)
        const left = x.top * y.bottom
        const right = y.top * x.bottom
        expect(compare(a, b)).toBe(left < right ? -1 : left > right ? 1 : 0)
        expect(compare(a, a)).toBe(0)
        expect(compare(a, b) + compare(b, a)).toBe(0)
      }),
      runs,
    )
  })

  it('negates and keeps the places', () => {
    expect(negate(0)).toBe(0)
    expect(numberText(negate(Decimal.parse('1.50')!))).toBe('-1.50')
    expect(negate(Decimal.parse('-9007199254740993')!)).toEqual(new Decimal(9007199254740993n, 0))
  })

  it.each([
    [add, '0.1', '0.2', '0.3'],
    [add, '2.5', '2.5', '5.0'],
    [add, '5', '-5', '0'],
    [add, '9007199254740991', '1', '9007199254740992'],
    [subtract, '1000000.1', '1000000', '0.1'],
    [multiply, '1.1', '1.1', '1.21'],
    [multiply, '0', '-5', '0'],
    [multiply, '0.00001', '0.01', '1E-7'],
    [divide, '7', '2', '3.5'],
    [divide, '6', '-3', '-2'],
    [divide, '0', '-3', '0'],
    [divide, '10', '0.5', '20.0'],
    [divide, '1', '3', '0.3333333333333333333333333333333333'],
    [divide, '2', '3', '0.6666666666666666666666666666666667'],
    [divide, '1', '8192', '0.0001220703125'],
    [remainder, '-7', '3', '-1'],
    [remainder, '-4', '2', '0'],
    [remainder, '8.5', '-3', '2.5'],
    [multiply, '9999999999999999999999999999999999', '10', '9.999999999999999999999999999999999E+34'],
  ] as const)('%o of %s and %s is %s', (operation, a, b, want) => {
    const got = operation(Decimal.parse(a)!, Decimal.parse(b)!)
    expect(got === undefined ? undefined : numberText(got)).toBe(want)
  })

  it('is Undefined beyond exponents of 999 and never computes a huge power of ten', () => {
    const parse = (text: string) => Decimal.parse(text)!
    for (const text of ['1E1000', '1E-1000', '1E2000000000', '-1E-2000000000', '1E99999999999999999999']) {
      for (const operation of [add, subtract, multiply, divide, remainder]) {
        expect(operation(parse(text), 3)).toBeUndefined()
        expect(operation(3.5, parse(text))).toBeUndefined()
      }
    }
    expect(multiply(parse('1E999'), 10)).toBeUndefined()
    expect(multiply(parse('1E-999'), 0.1)).toBeUndefined()
    expect(divide(parse('1E-999'), 10)).toBeUndefined()
    expect(numberText(multiply(parse('1E998'), 10)!)).toBe('1E+999')
    expect(numberText(add(parse('9E999'), parse('1E-999'))!)).toBe('9E+999')
  })

  it('compares numbers of any exponent at once', () => {
    const order = [
      '-1E2000000000',
      '-1E999',
      '-1',
      '-1E-2000000000',
      '0',
      '1E-2000000000',
      '1E-999',
      '1',
      '9.5E999',
      '1E2000000000',
    ]
    const all = order.map((text) => Decimal.parse(text)!)
    all.forEach((a, i) => all.forEach((b, j) => expect(compare(a, b)).toBe(Math.sign(i - j))))
  })
})
