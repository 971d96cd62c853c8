import { readJson, type Value } from '../value/index.ts'
import { difference, type DiffLine, textDifference } from './difference.ts'

/** One expectation that was not met. */
export interface Mismatch {
  /** Its key: `output`, `kafka.key`, `kafka[1].headers`. */
  readonly key: string
  /** In a sentence. */
  readonly message: string
  readonly lines: readonly DiffLine[]
}

export function mismatch(key: string, message: string, lines: readonly DiffLine[] = []): Mismatch {
  return { key, message, lines }
}

/** Compares JSON by value. */
export function compareJson(key: string, expected: Value, bytes: Buffer): Mismatch[] {
  const text = bytes.toString('utf8')
  if (bytes.length === 0) {
    return [mismatch(key, `${key} is empty; expected JSON`, difference(expected, undefined))]
  }
  const json = readJson(text)
  if (!json.ok) {
    return [
      mismatch(key, `${key} is not JSON (${json.reason}); use ${key}Text`, [
        { mark: '+', text: text.slice(0, 300) },
      ]),
    ]
  }
  const lines = difference(expected, json.value)
  return lines.length === 0 ? [] : [mismatch(key, `${key} differs`, lines)]
}

/** Compares character by character; says when only the form of JSON differs. */
export function compareText(key: string, expected: string, bytes: Buffer): Mismatch[] {
  const got = bytes.toString('utf8')
  if (got === expected) return []
  const [a, b] = [readJson(expected), readJson(got)]
  const isForm = a.ok && b.ok && difference(a.value, b.value).length === 0
  const message = isForm ? `${key} is the same JSON, written in another way` : `${key} differs`
  return [mismatch(key, message, textDifference(expected, got))]
}

export function compareBase64(key: string, expected: string, bytes: Buffer): Mismatch[] {
  const wanted = Buffer.from(expected, 'base64').toString('base64')
  const got = bytes.toString('base64')
  return got === wanted ? [] : [mismatch(key, `${key} differs`, textDifference(wanted, got))]
}

/** Compares what is no JSON document but a plain value. */
export function comparePlain(key: string, expected: Value, got: Value): Mismatch[] {
  const lines = difference(expected, got)
  return lines.length === 0 ? [] : [mismatch(key, `${key} differs`, lines)]
}
