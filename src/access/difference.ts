import { fieldName, maskField, type SecretField, stepInto } from './mask.ts'

/** One field that a change added, removed or gave another value; secrets are masked. */
export interface Change {
  /** `actions[0].kafka.topic`; empty for the document itself. */
  readonly path: string
  /** Left out: the field did not exist. */
  readonly before?: unknown
  readonly after?: unknown
}

const MAX_CHANGES = 200
const MAX_TEXT = 1_024
const MAX_DEPTH = 64

/**
 * What differs between two documents, field by field; at most `MAX_CHANGES` changes, and one more that says so. A
 * secret that became another one shows as changed from mask to mask. `longest`: characters of a value that are shown.
 */
export function difference(
  before: unknown,
  after: unknown,
  isSecret: SecretField = () => undefined,
  longest = MAX_TEXT,
): Change[] {
  const found = new Comparison(isSecret, longest)
  found.compare('', '', before, after, 0)
  const { changes } = found
  if (changes.length <= MAX_CHANGES) return changes
  return [...changes.slice(0, MAX_CHANGES), { path: `… and ${changes.length - MAX_CHANGES} more` }]
}

class Comparison {
  readonly changes: Change[] = []
  readonly #isSecret: SecretField
  readonly #longest: number

  constructor(isSecret: SecretField, longest: number) {
    this.#isSecret = isSecret
    this.#longest = longest
  }

  compare(path: string, name: string, before: unknown, after: unknown, depth: number): void {
    if (Object.is(before, after)) return
    if (depth < MAX_DEPTH && isComposite(before) && isComposite(after) && isList(before) === isList(after)) {
      for (const field of new Set([...Object.keys(before), ...Object.keys(after)])) {
        const owner = field in after ? after : before
        const called = isList(owner) ? name : fieldName(owner, field)
        this.compare(stepInto(owner, path, field), called, before[field], after[field], depth + 1)
      }
      return
    }
    this.changes.push({
      path,
      ...(before !== undefined && { before: this.#shown(name, before) }),
      ...(after !== undefined && { after: this.#shown(name, after) }),
    })
  }

  /** A long value is cut: the line tells what changed, the store has all of it. */
  #shown(name: string, value: unknown): unknown {
    const masked = maskField(name, value, this.#isSecret)
    const text = typeof masked === 'string' ? masked : JSON.stringify(masked)
    if (text === undefined || text.length <= this.#longest) return masked
    return `${text.slice(0, this.#longest)}… (${text.length} characters)`
  }
}

type Composite = Readonly<Record<string, unknown>>

function isComposite(value: unknown): value is Composite {
  return typeof value === 'object' && value !== null
}

function isList(value: Composite): boolean {
  return Array.isArray(value)
}
