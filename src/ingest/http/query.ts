import { refusal, type Refusal } from './answer.ts'

const names = ['qos', 'retain', 'contentType', 'responseTopic', 'messageExpiry'] as const

/** The query parameters of Publish, decoded. Others are of no concern here. */
export type Query = Readonly<Partial<Record<(typeof names)[number], string>>>

/** Reads a query string as forms write it: `+` is a space, `%` begins a UTF-8 byte. */
export function readQuery(text: string): { readonly query: Query } | Refusal {
  const query: Record<string, string> = {}
  for (const part of text.split('&')) {
    const equals = part.indexOf('=')
    const name = equals === -1 ? part : part.slice(0, equals)
    if (!names.some((known) => known === name)) continue
    if (query[name] !== undefined)
      return refusal('InvalidRequestException', `The query has ${name} more than once.`)
    const value = percentDecoded(equals === -1 ? '' : part.slice(equals + 1).replaceAll('+', ' '))
    if (value === undefined)
      return refusal('InvalidRequestException', `The value of ${name} in the query is not well-formed.`)
    query[name] = value
  }
  return { query }
}

/** @returns undefined when an escape is broken, the bytes are not UTF-8, or there is a U+0000 */
export function percentDecoded(text: string): string | undefined {
  try {
    const decoded = text.includes('%') ? decodeURIComponent(text) : text
    return decoded.includes('\u0000') ? undefined : decoded
  } catch {
    return undefined
  }
}
