import { nearest } from '../nearest.ts'

/** One token as the hints see it: no hidden tokens, `type` as the grammar names it, the last one is `EOF`. */
export interface SeenToken {
  readonly type: string
  readonly text: string
}

/** Forms of other dialects that arrive as a name where an operator or clause would stand. */
const foreignWords: Readonly<Record<string, string>> = {
  LIKE: "there is no LIKE: use startswith(field, 'text'), endswith(field, 'text') or regexp_matches(field, 'pattern')",
  ILIKE: "there is no ILIKE: use regexp_matches(lower(field), 'pattern')",
  RLIKE: "there is no RLIKE: use regexp_matches(field, 'pattern')",
  REGEXP: "there is no REGEXP operator: use regexp_matches(field, 'pattern')",
  BETWEEN: 'there is no BETWEEN: write field >= low AND field <= high',
  IS: 'there is no IS NULL: use isNull(field) or isUndefined(field)',
  GROUP: 'there is no GROUP BY: every message is evaluated by itself',
  HAVING: 'there is no HAVING: use WHERE',
  ORDER: 'there is no ORDER BY: every message is evaluated by itself',
  LIMIT: 'there is no LIMIT: every message is evaluated by itself',
  OFFSET: 'there is no OFFSET: every message is evaluated by itself',
  JOIN: 'there is no JOIN: a rule reads one message',
  INNER: 'there is no JOIN: a rule reads one message',
  LEFT: 'there is no JOIN: a rule reads one message',
  UNION: 'there is no UNION: write two rules',
  DIV: 'there is no DIV: use floor(a / b)',
  MOD: 'write a % b or mod(a, b)',
  XOR: 'there is no XOR: write (a AND NOT b) OR (b AND NOT a)',
}

const clauseWords = [
  'SET',
  'SELECT',
  'VALUE',
  'FROM',
  'WHERE',
  'AS',
  'AND',
  'OR',
  'NOT',
  'IN',
  'WHEN',
  'THEN',
  'ELSE',
  'END',
]

/** What to do about a syntax error at `tokens[at]`; undefined when nothing better than the message is known. */
export function hintFor(tokens: readonly SeenToken[], at: number): string | undefined {
  const token = tokens[at]!
  return hintByPlace(tokens, at) ?? hintByWord(token, tokens[at - 1])
}

function hintByPlace(tokens: readonly SeenToken[], at: number): string | undefined {
  const token = tokens[at]!
  const before = tokens[at - 1]
  if (tokens.length === 1) return "write a statement: SELECT * FROM 'topic/filter'"
  if (before?.type === 'WHEN' && tokens[at - 2]?.type === 'CASE') return searchedCase
  if (before?.type === 'COMMA' && endsList(token.type)) return 'remove the comma before it'
  if (token.type === 'COMMA' && openedByIn(tokens, at)) return 'IN takes an array: IN [1, 2]'
  if (token.type === 'LBRACKET') return 'there is no index operator: use get(array, 0)'
  if (before?.type === 'DOT') return afterDot(token)
  if (before?.type === 'NOT' && token.type === 'IN') return notIn
  if (token.type === 'NOT' && tokens[at + 1]?.type === 'IN') return notIn
  if (isString(token.type) && isOperandEnd(before) && !tokens.some((t) => t.type === 'FROM')) {
    return 'FROM is missing before the topic filter'
  }
  if (token.type === 'FROM' && tokens.slice(0, at).some((t) => t.type === 'WHERE'))
    return 'FROM comes before WHERE'
  if (token.type === 'SET') {
    const set = tokens.slice(0, at).some((t) => t.type === 'SET')
    return set ? 'write SET once and separate the assignments by commas' : 'SET comes before SELECT'
  }
  if (token.type === 'MINUS' && before?.type === 'VARIABLE')
    return 'names of variables have letters, digits and _'
  if (token.type === 'PLUS') return 'there is no sign +: leave it out'
  if (token.type === 'DOT' && before?.type === 'NUMBER') return 'write a digit after the dot'
  if (token.type === 'DOT' && tokens[at + 1]?.type === 'NUMBER') return 'write a digit before the dot'
  if (token.type === 'STAR') return '* stands by itself, as an argument, or before a dot'
  if (at === 0 && token.type !== 'SELECT') return afterMissingSelect(token)
  return undefined
}

const searchedCase =
  'only CASE value WHEN other THEN ... is known: write CASE condition WHEN true THEN ... END'
const notIn = 'write NOT (value IN array)'

function afterDot(token: SeenToken): string | undefined {
  if (token.type === 'STAR') return 'name the field, or select the object itself'
  if (token.type === 'NUMBER' || isString(token.type)) {
    const key = token.type === 'NUMBER' ? `"${token.text}"` : token.text
    return `a key that is no plain name needs get: get(object, ${key})`
  }
  return undefined
}

function afterMissingSelect(token: SeenToken): string {
  const close = nearest(token.text, ['SELECT', 'SET'])
  return close === undefined
    ? 'a statement begins with SELECT, or with SET and then SELECT'
    : `did you mean ${close}?`
}

function hintByWord(token: SeenToken, before: SeenToken | undefined): string | undefined {
  if (token.type !== 'NAME') return undefined
  const foreign = Object.hasOwn(foreignWords, token.text.toUpperCase())
    ? foreignWords[token.text.toUpperCase()]
    : undefined
  if (foreign !== undefined) return foreign
  const close = nearest(token.text, clauseWords)
  if (close !== undefined) return `did you mean ${close}?`
  if (before?.type !== 'NAME') return undefined
  return `separate items with a comma, name them with AS; a field with a space in its name needs get(*, "${before.text} ${token.text}")`
}

function endsList(type: string): boolean {
  return ['FROM', 'WHERE', 'EOF', 'RPAREN', 'RBRACKET', 'RBRACE', 'SELECT'].includes(type)
}

function isString(type: string): boolean {
  return type === 'SINGLE_QUOTED' || type === 'DOUBLE_QUOTED'
}

function isOperandEnd(token: SeenToken | undefined): boolean {
  return (
    token !== undefined &&
    ['NAME', 'NUMBER', 'RPAREN', 'RBRACKET', 'RBRACE', 'STAR', 'VARIABLE'].includes(token.type)
  )
}

function openedByIn(tokens: readonly SeenToken[], at: number): boolean {
  let open = 0
  for (let i = at - 1; i > 0; i--) {
    const type = tokens[i]!.type
    if (type === 'RPAREN') open += 1
    if (type !== 'LPAREN') continue
    if (open === 0) return tokens[i - 1]!.type === 'IN'
    open -= 1
  }
  return false
}

const operatorTypes = [
  'EQ',
  'NE',
  'LT',
  'LE',
  'GT',
  'GE',
  'IN',
  'PLUS',
  'MINUS',
  'STAR',
  'SLASH',
  'PERCENT',
  'AND',
  'OR',
]
const closers: Readonly<Record<string, string>> = {
  RPAREN: "')'",
  RBRACKET: "']'",
  RBRACE: "'}'",
  COMMA: "','",
  COLON: "':'",
  LPAREN: "'('",
  EQ: "'='",
  DOT: "'.'",
  STAR: "'*'",
  EOF: 'the end',
  VARIABLE: 'a variable such as @name',
  SINGLE_QUOTED: 'a string',
  NAME: 'a name',
}

/** What the grammar would take, in words: token names become `a value`, `an operator`, `','`, `FROM`. */
export function expectedInWords(types: ReadonlySet<string>): string | undefined {
  const words: string[] = []
  const left = new Set(types)
  const drop = (names: readonly string[]): void => names.forEach((name) => left.delete(name))
  if (left.has('NUMBER') && left.has('NAME') && left.has('LPAREN')) {
    words.push('a value')
    drop([...valueTypes, 'STAR'])
  } else if (left.has('NAME') && left.has('SET')) {
    words.push('a name')
    drop(valueTypes)
    drop(clauseWords)
    drop(['SELECT', 'FROM', 'WHERE', 'AS', 'AND', 'OR', 'IN'])
  }
  if (left.has('PLUS') && left.has('MINUS') && left.has('AND')) {
    words.push('an operator')
    drop([...operatorTypes, 'DOT'])
  }
  left.delete('DOUBLE_QUOTED')
  for (const type of left) words.push(closers[type] ?? type)
  if (words.length === 0 || words.length > 7) return undefined
  const last = words.pop()!
  return words.length === 0 ? last : `${words.join(', ')} or ${last}`
}

const valueTypes = [
  'NAME',
  'NUMBER',
  'SINGLE_QUOTED',
  'DOUBLE_QUOTED',
  'VARIABLE',
  'LPAREN',
  'LBRACKET',
  'LBRACE',
  'MINUS',
  'NOT',
  'SET',
  'VALUE',
  'EXISTS',
  'CASE',
  'CAST',
  'WHEN',
  'THEN',
  'ELSE',
  'END',
  'TRUE',
  'FALSE',
  'NULL',
  'SELECT',
]
