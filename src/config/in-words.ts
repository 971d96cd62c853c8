import { type z } from 'zod'

const kinds: Readonly<Record<string, string>> = {
  object: 'a section with keys',
  array: 'a list',
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
}

/** What is wrong with a value, to be read after its path; undefined leaves it to zod. Never shows the value. */
export function inWords(issue: z.core.$ZodRawIssue): string | undefined {
  switch (issue.code) {
    case 'invalid_type':
      return issue.input === undefined
        ? 'is required'
        : `must be ${kinds[issue.expected] ?? issue.expected}, not ${kindOf(issue.input)}`
    case 'invalid_key':
      return issue.issues[0]?.message
    case 'invalid_value':
      return `must be ${issue.values.length === 1 ? '' : 'one of '}${issue.values.map(String).join(', ')}`
    case 'too_small':
      return bound(issue.origin, 'at least', Number(issue.minimum))
    case 'too_big':
      return bound(issue.origin, 'at most', Number(issue.maximum))
    default:
      return undefined
  }
}

function bound(origin: string, word: string, limit: number): string {
  if (origin === 'string') return `must have ${word} ${limit} character${limit === 1 ? '' : 's'}`
  if (origin === 'array') return `must have ${word} ${limit} ${limit === 1 ? 'entry' : 'entries'}`
  return `must be ${word} ${limit}`
}

function kindOf(value: unknown): string {
  if (Array.isArray(value)) return 'a list'
  if (typeof value === 'object') return 'a section'
  if (typeof value === 'number') return Number.isInteger(value) ? 'a whole number' : 'a fraction'
  return typeof value === 'boolean' ? 'true or false' : 'a text'
}
