import { type Numeric, toDouble } from '../../value/index.ts'

/** The Int as a JavaScript number within bounds, for positions and counts. */
export function clampInt(int: Numeric, min: number, max: number): number {
  return Math.min(Math.max(toDouble(int), min), max)
}
