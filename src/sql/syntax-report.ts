import { type Span } from './ast.ts'
import { type Findings, positionAt, preview } from './diagnostics.ts'
import { pairBrackets } from './islands.ts'
import { type SyntaxFault } from './recover.ts'
import { hintFor, type SeenToken } from './syntax-hints.ts'
import { expectedInWords } from './syntax-words.ts'

/** Reports a token that does not fit: what it is, behind what, what would fit, and what was likely meant. */
export function reportFault(tokens: readonly SeenToken[], fault: SyntaxFault, findings: Findings): void {
  const { at, expected, meant } = fault
  const token = tokens[at]!
  const after = at === 0 ? 'at the beginning' : `after ${shown(tokens[at - 1]!)}`
  const words = expectedInWords(expected)
  const message = `Found ${shown(token)} ${after}${words === undefined ? '.' : `, expected ${words}.`}`
  const hint = hintFor(tokens, at, expected, meant) ?? openBracketHint(tokens, at, findings.text)
  findings.error('SQL_SYNTAX', placeOf(tokens, at, findings.text), message, hint)
}

/** The end of a text that ends with line breaks is behind its last word, for nothing can be seen in an empty line. */
function placeOf(tokens: readonly SeenToken[], at: number, text: string): Span {
  const token = tokens[at]!
  const before = tokens[at - 1]
  if (token.type !== 'EOF' || before === undefined) return token
  const isFar = /[\r\n]/.test(text.slice(before.end, token.start))
  return isFar ? { start: before.end, end: before.end } : token
}

/** Signs in quotes, words and strings as they are. */
function shown({ type, text }: SeenToken): string {
  if (type === 'EOF') return 'the end of the text'
  if (/^[\w@'"\u2018-\u201D]/.test(text)) return preview(text)
  if (/^[\x21-\x7e]+$/.test(text) || text.length > 1) return `'${preview(text)}'`
  return `the character U+${text.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`
}

const closing: Readonly<Record<string, string>> = { LPAREN: ')', LBRACKET: ']', LBRACE: '}', CASE: 'END' }

/** Where the bracket was opened that should have been closed before `at`, or that `at` does not close. */
function openBracketHint(tokens: readonly SeenToken[], at: number, text: string): string | undefined {
  const token = tokens[at]!
  const upTo = pairBrackets(tokens, at + 1)
  const isCloser = ['RPAREN', 'RBRACKET', 'RBRACE'].includes(token.type)
  if (!isCloser && !['EOF', 'FROM', 'WHERE', 'AS'].includes(token.type)) return undefined
  if (upTo.balanced) return undefined
  if (upTo.opened === undefined) return `nothing is open that ${token.text} closes: remove it`
  const opener = tokens[upTo.opened]!
  const { line, column } = positionAt(text, opener.start)
  const where = `the ${opener.text} at line ${line}, column ${column}`
  return isCloser
    ? `${where} needs ${closing[opener.type]} before this ${token.text}`
    : `${where} is not closed: add ${closing[opener.type]}`
}
