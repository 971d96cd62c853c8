import { Decimal, type Numeric, fromDouble } from '../../value/index.ts'

/**
 * The result of a function that computes in double precision: a Decimal, so `log(100)` is 2.0 (language version
 * 2016-03-23 shows whole Decimals as Ints). Undefined for NaN, infinities and what is beyond the range of Decimal.
 */
export function doubleResult(result: number): Numeric | undefined {
  return Number.isSafeInteger(result)
    ? (Decimal.parse(`${result}.0`) as Numeric | undefined)
    : fromDouble(result)
}
