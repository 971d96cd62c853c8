import {
  compare,
  isNumeric,
  readJson,
  type SqlObject,
  toDouble,
  type Value,
  writeJson,
} from '../../src/value/index.ts'
import { object } from './case.ts'

/** What became of one message and one rule. */
export type Outcome =
  | { readonly kind: 'refused'; readonly reason: string }
  | { readonly kind: 'unmatched' }
  | { readonly kind: 'output'; readonly bytes: Buffer }
  | { readonly kind: 'rendered'; readonly text: string }

/** Tells whether an outcome is what `expect` asks for. */
export function meets(outcome: Outcome, expect: SqlObject, tolerance: number): boolean {
  const [[name, want]] = [...expect] as [[string, Value]]
  switch (name) {
    case 'parseError':
      return outcome.kind === 'refused'
    case 'matched':
      return outcome.kind !== 'refused' && (outcome.kind !== 'unmatched') === want
    case 'output':
      return outcome.kind === 'output' && sameJson(outcome.bytes, want, tolerance)
    case 'outputText':
      return outcome.kind === 'output' && outcome.bytes.toString() === want
    case 'outputBase64':
      return outcome.kind === 'output' && outcome.bytes.toString('base64') === want
    case 'rendered':
      return outcome.kind === 'rendered' && outcome.text === want
    case 'matches':
      return matchesAll(outcome, object(want))
    default:
      return false
  }
}

function sameJson(bytes: Buffer, want: Value, tolerance: number): boolean {
  const json = readJson(bytes.toString())
  return json.ok && same(json.value, want, tolerance)
}

/** Deep equality of JSON values: key order free, numbers by exact value or within the relative tolerance. */
function same(got: Value, want: Value, tolerance: number): boolean {
  if (isNumeric(got) && isNumeric(want)) {
    if (compare(got, want) === 0 || tolerance === 0) return compare(got, want) === 0
    return Math.abs(toDouble(got) - toDouble(want)) <= tolerance * Math.max(1, Math.abs(toDouble(want)))
  }
  if (Array.isArray(got) && Array.isArray(want)) {
    return (
      got.length === want.length &&
      want.every((each: Value, index) => same(got[index] as Value, each, tolerance))
    )
  }
  if (got instanceof Map && want instanceof Map) {
    const [gotFields, wantFields] = [object(got), object(want)]
    return (
      gotFields.size === wantFields.size &&
      [...wantFields].every(
        ([key, value]) => gotFields.has(key) && same(gotFields.get(key), value, tolerance),
      )
    )
  }
  return got === want
}

function matchesAll(outcome: Outcome, patterns: SqlObject): boolean {
  return [...patterns].every(([key, pattern]) => {
    const text = outcome.kind === 'rendered' && key === 'rendered' ? outcome.text : memberText(outcome, key)
    return text !== undefined && new RegExp(String(pattern)).test(text)
  })
}

function memberText(outcome: Outcome, key: string): string | undefined {
  if (outcome.kind !== 'output') return undefined
  const json = readJson(outcome.bytes.toString())
  return json.ok ? writeJson(object(json.value).get(key)) : undefined
}

/** The outcome on one line, for reports. */
export function describe(outcome: Outcome): string {
  if (outcome.kind === 'refused') return `refused: ${outcome.reason}`
  if (outcome.kind === 'unmatched') return 'not matched'
  if (outcome.kind === 'rendered') return `rendered ${JSON.stringify(outcome.text)}`
  const text = outcome.bytes.toString()
  return Buffer.from(text).equals(outcome.bytes)
    ? `output ${text}`
    : `output base64 ${outcome.bytes.toString('base64')}`
}
