import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compare, Decimal, isInt, numberText, typeOf, writeJson } from '../../src/value/index.ts'
import { numberTexts } from './arbitraries.ts'

describe('Decimal.parse', () => {
  it.each([
    ['0', 0],
    ['-0', 0],
    ['42', 42],
    ['-7', -7],
    ['007', 7],
    ['23.07', 23.07],
    ['-0.125', -0.125],
    ['0.000001', 0.000001],
    ['9007199254740991', 9007199254740991],
    ['999999999999999', 999999999999999],
    ['123456789.012345', 123456789.012345],
  ])('reads %s as a number', (text, want) => expect(Decimal.parse(text)).toBe(want))

  it.each([
    ['10.0', 100n, 1],
    ['1.50', 150n, 2],
    ['-0.0', 0n, 1],
    ['1E3', 1n, -3],
    ['1e-7', 1n, 7],
    ['0.0000001', 1n, 7],
    ['9007199254740993', 9007199254740993n, 0],
    ['0.1234567890123456', 1234567890123456n, 16],
    ['1234567890123456789012345678901234', 1234567890123456789012345678901234n, 0],
  ])('reads %s as a Decimal', (text, coefficient, scale) =>
    expect(Decimal.parse(text)).toMatchObject({ coefficient, scale }),
  )

  it.each(['', '-', '.5', '5.', '+5', '1e', '1e+', '0x10', ' 1', '1 ', 'NaN', 'Infinity', '1_000', '١'])(
    'takes %j for no number',
    (text) => expect(Decimal.parse(text)).toBeUndefined(),
  )

  it('keeps the text of every JSON number but that of negative zero', () => {
    fc.assert(
      fc.property(numberTexts, (text) => {
        const value = Decimal.parse(text)!
        const zero = /^-?[0.]+(E|$)/.test(text)
        if (!zero) expect(writeJson(value)).toBe(text)
        else expect(compare(value, 0)).toBe(0)
      }),
      { numRuns: 2000 },
    )
  })

  it('never writes what JSON has no room for', () => {
    for (const text of ['0001.10', '-00.5', '000', '-0.00', '0E999999', '00E-5', '0012E3']) {
      const value = Decimal.parse(text)!
      expect(JSON.parse(writeJson(value)!)).toBe(Number(text) + 0)
    }
  })

  it('reads 100,000 digits and exponents of any size without computing them', () => {
    const long = '7'.repeat(100_000)
    for (const text of [
      long,
      `0.${long}`,
      `${long}.${long}`,
      `${long}E-99999`,
      '1E999999999',
      `0.${'0'.repeat(50_000)}1`,
    ]) {
      const value = Decimal.parse(text)!
      expect(writeJson(value)).toBe(text)
      expect(numberText(value).length).toBeLessThan(1100)
      expect(compare(value, value)).toBe(0)
    }
    expect(compare(Decimal.parse(long)!, Decimal.parse(`${long}.5`)!)).toBe(0)
    expect(compare(Decimal.parse('8'.repeat(2000))!, Decimal.parse('7'.repeat(2000))!)).toBe(1)
  })

  it('prints as Java BigDecimal does', () => {
    const text = (coefficient: bigint, scale: number) => new Decimal(coefficient, scale).toString()
    // The examples in the documentation of java.math.BigDecimal.toString.
    expect(text(123n, 0)).toBe('123')
    expect(text(-123n, 0)).toBe('-123')
    expect(text(123n, -1)).toBe('1.23E+3')
    expect(text(123n, -3)).toBe('1.23E+5')
    expect(text(123n, 1)).toBe('12.3')
    expect(text(123n, 5)).toBe('0.00123')
    expect(text(123n, 10)).toBe('1.23E-8')
    expect(text(-123n, 12)).toBe('-1.23E-10')
    expect(text(0n, 3)).toBe('0.000')
  })

  it('tells Int from Decimal by the places, not by the value', () => {
    expect(['5', '5.0', '5.5', '1E3', '9007199254740993'].map((each) => typeOf(Decimal.parse(each)))).toEqual(
      ['Int', 'Decimal', 'Decimal', 'Decimal', 'Int'],
    )
    expect(isInt(Decimal.parse('9007199254740993'))).toBe(true)
    expect(isInt('5')).toBe(false)
  })
})
