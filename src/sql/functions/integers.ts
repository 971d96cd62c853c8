import { Decimal, type Numeric, toDouble } from '../../value/index.ts'

/** The Int as a bigint. */
export function toBigInt(int: Numeric): bigint {
  if (typeof int === 'number') return BigInt(int)
  return int.scale <= 0
    ? int.coefficient * 10n ** BigInt(-int.scale)
    : int.coefficient / 10n ** BigInt(int.scale)
}

/** The bigint as an Int; Undefined beyond 34 digits. */
export function fromBigInt(int: bigint): Numeric | undefined {
  return Decimal.parse(int.toString())
}

/** The Int as a JavaScript number within bounds, for positions and counts. */
export function clampInt(int: Numeric, min: number, max: number): number {
  return Math.min(Math.max(typeof int === 'number' ? int : toDouble(int), min), max)
}
