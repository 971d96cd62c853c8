import fc from 'fast-check'
import { Decimal, type Numeric, type Value } from '../../src/value/index.ts'

/** Text of a number as a payload may have it: plain, with trailing zeros, with an exponent, long. */
export const numberTexts = fc
  .tuple(
    fc.constantFrom('', '-'),
    fc.oneof(fc.nat(20), fc.nat(), fc.bigInt(0n, 10n ** 40n)).map(String),
    fc.option(fc.stringMatching(/^[0-9]{1,20}$/), { nil: undefined }),
    fc.option(fc.integer({ min: -30, max: 30 }), { nil: undefined }),
  )
  .map(([sign, whole, fraction, exponent]) => {
    const plain = sign + whole + (fraction === undefined ? '' : `.${fraction}`)
    return exponent === undefined ? plain : `${plain}E${exponent}`
  })

/** Numbers as devices send them: few digits, few places. */
export const shortTexts = fc
  .tuple(fc.integer({ min: -1_000_000, max: 1_000_000 }), fc.nat(6))
  .map(([digits, places]) => (digits / 10 ** places).toFixed(places))

export const numerics: fc.Arbitrary<Numeric> = fc
  .oneof(numberTexts, shortTexts)
  .map((text) => Decimal.parse(text)!)

/** Any value that JSON can carry. */
export const jsonValues: fc.Arbitrary<Value> = fc.letrec<{ value: Value }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom<Value>(null, true, false, '', 0),
    fc.string({ unit: 'binary' }),
    fc.string(),
    numerics,
    fc.array(tie('value'), { maxLength: 4 }),
    fc
      .array(
        fc.tuple(
          fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('1', '__proto__', 'a')),
          tie('value'),
        ),
      )
      .map((entries) => new Map(entries)),
  ),
})).value
