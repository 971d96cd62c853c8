import { Decimal, type Value, writeJson } from '../value/index.ts'
import { type Explanation } from './explanation.ts'

/**
 * The explanation as compact JSON text. Values of nodes are written with their exact numbers; those that are too large
 * to be shown whole have their `preview` alone.
 */
export function explanationJson(explanation: Explanation): string {
  return writeJson(asValue(explanation))!
}

/** Plain data as an SQL value; Maps, Decimals and Arrays inside are values already. */
function asValue(data: unknown): Value {
  if (typeof data !== 'object' || data === null || data instanceof Map || data instanceof Decimal) {
    return data as Value
  }
  if (Array.isArray(data)) return data.map(asValue)
  const isCut = 'cut' in data && data.cut === true
  const members = Object.entries(data).filter(([key]) => !(isCut && key === 'value'))
  return new Map(members.map(([key, member]) => [key, asValue(member)]))
}
