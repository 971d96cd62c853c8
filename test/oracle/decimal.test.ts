import { describe, expect, it } from 'vitest'
import {
  add,
  ceil,
  compare,
  divide,
  floor,
  multiply,
  negate,
  numberText,
  type Numeric,
  remainder,
  roundHalfAwayFromZero,
  subtract,
  toDecimal,
  toInt,
  truncate,
} from '../../src/value/index.ts'
import { Decimal } from '../../src/value/decimal.ts'
import { call } from '../sql/functions/call.ts'
import { canonical, differences, recorded } from './recorded.ts'

const cases = recorded('decimal')
const ofKind = (kind: string) => cases.filter((each) => each.kind === kind)
const numberOf = (text: string): Numeric => Decimal.parse(text)!
const absolute = (value: Numeric): Numeric => (compare(value, 0) < 0 ? negate(value) : value)

/** Texts that java.math.BigDecimal reads and the grammar of numeric Strings (iot-sql-data-types) does not have. */
const notNumeric = [/^\+/, /^-?\./, /\.(e|$)/i, /e\+/i, /[^\x00-\x7f]/]

/** Exponents of more than 32 bits are no numbers to Java; to us they are numbers out of range. */
const beyondJava = /^-?\d+(\.\d+)?e-?\d{10,}$/i

describe('decimals as java.math.BigDecimal has them', () => {
  it('adds, subtracts, multiplies, divides and compares with 34 digits, half to even', () => {
    const operations = [add, subtract, multiply, divide, remainder]
    const found = differences(ofKind('pair'), ({ args }) => {
      const [a, b] = [numberOf(args[0]!), numberOf(args[1]!)]
      return [...operations.map((operate) => canonical(operate(a, b))), String(compare(a, b))]
    })
    expect(found).toEqual([])
    expect(ofKind('pair').length).toBeGreaterThan(3000)
  })

  it('rounds, cuts, negates and writes numbers of any exponent', () => {
    const found = differences(ofKind('number'), ({ args }) => {
      const number = numberOf(args[0]!)
      const changed = [
        number,
        roundHalfAwayFromZero(number),
        floor(number),
        ceil(number),
        ...[0, 2, 34].map((places) => truncate(number, places)),
        absolute(number),
        negate(number),
      ]
      return [numberText(number), ...changed.map(canonical), String(compare(number, 0))]
    })
    expect(found).toEqual([])
  })

  it('converts Decimals to the nearest Int and cuts numeric Strings', () => {
    const found = ofKind('number').filter(({ args, answers }) => {
      const cut = toDecimal(args[0]!) === undefined ? null : answers[5]
      return canonical(toInt(numberOf(args[0]!))) !== answers[2] || canonical(toInt(args[0]!)) !== cut
    })
    expect(found).toEqual([])
  })

  it('reads the numeric Strings that Java reads, but for what the documented grammar leaves out', () => {
    const found = ofKind('text').filter(({ args, answers }) => {
      const number = toDecimal(args[0]!)
      if (beyondJava.test(args[0]!)) return number === undefined || add(number, number) !== undefined
      const refused = answers[0] === 'null' || notNumeric.some((shape) => shape.test(args[0]!))
      return refused ? number !== undefined : number === undefined || numberText(number) !== answers[0]
    })
    expect(found.map(({ args, answers }) => [args[0], answers[0]])).toEqual([])
  })

  it('computes functions of doubles as Java does, to 15 digits', () => {
    const found = ofKind('double').filter(({ args, answers }) => {
      const [name, ...operands] = args
      const got = call(name!, ...operands.map(numberOf))
      const want = Number(answers[0])
      if (!Number.isFinite(want)) return got !== undefined
      const difference = Math.abs(Number(numberText(got as Numeric)) - want)
      return difference > 1e-15 * Math.max(1e-300, Math.abs(want))
    })
    expect(
      found.map(({ args, answers }) => [
        ...args,
        answers[0],
        String(call(args[0]!, ...args.slice(1).map(numberOf))),
      ]),
    ).toEqual([])
  })
})
