import { nearest } from '../nearest.ts'
import { pairBrackets } from './islands.ts'
import { foreignAfterSelect, foreignSigns, foreignStatements, foreignWords } from './foreign.ts'

/** One token as the hints see it: no hidden tokens, `type` as the grammar names it, the last one is `EOF`. */
export interface SeenToken {
  readonly type: string
  readonly kind: number
  readonly text: string
  /** True for a sign of another language that is reported already, and read as the one meant. */
  readonly slip: boolean
  /** UTF-16 offsets, `end` exclusive. */
  readonly start: number
  readonly end: number
}

/** What is known about the place of a fault. */
interface Scene {
  readonly tokens: readonly SeenToken[]
  readonly at: number
  readonly token: SeenToken
  readonly before: SeenToken | undefined
  readonly next: SeenToken | undefined
  readonly expected: ReadonlySet<string>
  /** The innermost bracket or CASE that is open, as a grammar type, and its index. */
  readonly open: string | undefined
  readonly openAt: number
  /** The clause that the fault is in, at the level of the open bracket. */
  readonly clause: string | undefined
}

type Rule = (scene: Scene) => string | undefined

/** What to do about a syntax error at `tokens[at]`; undefined when nothing better than the message is known. */
export function hintFor(
  tokens: readonly SeenToken[],
  at: number,
  expected: ReadonlySet<string>,
  meant: string | undefined,
): string | undefined {
  const scene = sceneOf(tokens, at, expected)
  for (const rule of rules) {
    const hint = rule(scene)
    if (hint !== undefined) return hint
  }
  return meant === undefined ? byNeighbour(scene) : `did you mean ${meant}?`
}

function sceneOf(tokens: readonly SeenToken[], at: number, expected: ReadonlySet<string>): Scene {
  const open: number[] = []
  const inside: (string | undefined)[] = [undefined]
  for (let index = 0; index < at; index += 1) {
    const { type } = tokens[index]!
    const before = tokens[index - 1]?.type
    if (before === 'DOT') continue
    if (['LPAREN', 'LBRACKET', 'LBRACE', 'CASE'].includes(type)) {
      open.push(index)
      inside.push(undefined)
    } else if (['RPAREN', 'RBRACKET', 'RBRACE'].includes(type) || (type === 'END' && inCase(tokens, open))) {
      open.pop()
      if (inside.length > 1) inside.pop()
    } else if (['SET', 'SELECT', 'FROM', 'WHERE'].includes(type) && before !== 'AS') {
      inside[inside.length - 1] = type
    }
  }
  const openAt = open.at(-1) ?? -1
  return {
    tokens,
    at,
    token: tokens[at]!,
    before: tokens[at - 1],
    next: tokens[at + 1],
    expected,
    open: tokens[openAt]?.type,
    openAt,
    clause: inside.at(-1),
  }
}

function inCase(tokens: readonly SeenToken[], open: readonly number[]): boolean {
  return tokens[open.at(-1) ?? -1]?.type === 'CASE'
}

// ---- rules, the first that knows something wins

const rules: readonly Rule[] = [
  atTheBeginning,
  comma,
  emptyClause,
  aroundCase,
  membership,
  afterDot,
  signs,
  brackets,
  names,
  clauses,
  words,
]

function atTheBeginning({ tokens, at, token, expected }: Scene): string | undefined {
  if (tokens.length === 1) {
    return expected.has('FROM') || expected.has('SET')
      ? "write a statement: SELECT * FROM 'topic/filter'"
      : 'write an expression between ${ and }, such as topic()'
  }
  if (at > 0 || !expected.has('SET') || expected.has('NUMBER')) return undefined
  const close = token.type === 'NAME' ? nearest(token.text, ['SELECT', 'SET']) : undefined
  if (close !== undefined) return `did you mean ${close}?`
  if (foreignStatements.has(token.text.toUpperCase())) return 'a rule reads: its statement is a SELECT'
  return 'a statement begins with SELECT, or with SET and then SELECT'
}

function comma({ token, before, open, openAt, clause, tokens }: Scene): string | undefined {
  if (before?.type === 'COMMA') {
    if (endsList(token.type)) return 'remove the comma before it'
    if (token.type === 'COMMA') return 'remove one of the commas'
  }
  if (token.type !== 'COMMA') return undefined
  if (
    before !== undefined &&
    ['SELECT', 'LPAREN', 'LBRACKET', 'LBRACE', 'SET', 'VALUE'].includes(before.type)
  )
    return 'remove the comma'
  if (open === 'LPAREN' && tokens[openAt - 1]?.type === 'CAST') return castForm
  if (open === 'LPAREN' && tokens[openAt - 1]?.type === 'IN') return inForm
  if (open !== undefined) return undefined
  if (clause === 'FROM') return 'a rule has one topic filter: use + and #, or write a rule for each'
  return clause === 'WHERE' ? 'join conditions with AND or OR' : undefined
}

function emptyClause({ token, before, clause, open }: Scene): string | undefined {
  const ends = ['EOF', 'FROM', 'WHERE', 'RPAREN'].includes(token.type)
  if (before?.type === 'AS' && ends) return 'write the name after AS, or leave AS out'
  if (open !== undefined && token.type !== 'RPAREN') return undefined
  if (before?.type === 'SELECT' && ends) return 'name what to select, or write * for the whole payload'
  if (before?.type === 'WHERE' && ends) return 'write a condition after WHERE, or leave WHERE out'
  if (before?.type === 'FROM' && ends && clause === 'FROM')
    return "write the topic filter after FROM: FROM 'topic/filter'"
  return undefined
}

function aroundCase({ tokens, at, token, before }: Scene): string | undefined {
  if (before?.type === 'WHEN' && tokens[at - 2]?.type === 'CASE') return searchedCase
  if (token.type === 'NAME' && /^else?if$/i.test(token.text)) return elseIf
  if (before?.type === 'ELSE' && /^if$/i.test(token.text)) return elseIf
  return undefined
}

function membership({ tokens, at, token, before }: Scene): string | undefined {
  if (before?.type === 'NOT' && token.type === 'IN') return notIn
  const next = tokens[at + 1]
  if (token.type !== 'NOT' || next === undefined) return undefined
  if (next.type === 'IN') return notIn
  if (next.type === 'NULL') return 'write NOT isNull(field)'
  return isForeign(next)
    ? `${foreignWords[next.text.toUpperCase()]}; NOT stands before the condition`
    : undefined
}

/** Operators and signs of other languages. */
function signs(scene: Scene): string | undefined {
  const { token, before, next } = scene
  const pair = before !== undefined && before.end === token.start ? before.text + token.text : undefined
  const following = next !== undefined && token.end === next.start ? token.text + next.text : undefined
  const known = foreignSigns[pair ?? ''] ?? foreignSigns[following ?? '']
  if (known !== undefined) return known
  if (before?.type === 'STAR' && scene.tokens[scene.at - 2]?.type === 'STAR') return foreignSigns['**']
  const apart = `${before?.text ?? ''} ${token.text}`
  if (['< =', '> =', '< >'].includes(apart)) return `write ${apart.replace(' ', '')} without a space`
  if (token.type === 'DOLLAR' && next?.type === 'DOT') return 'a path begins with its first field, without $'
  if (token.type === 'MINUS' && before?.type === 'VARIABLE')
    return 'names of variables have letters, digits and _'
  if (token.type === 'PLUS') return 'there is no sign +: leave it out'
  if (token.type === 'DOT' && before?.type === 'NUMBER') return 'write a digit after the dot'
  if (token.type === 'DOT' && next?.type === 'NUMBER') return 'write a digit before the dot'
  if (token.type === 'STAR') return '* stands by itself, as an argument, or before a dot'
  return foreignSigns[token.text]
}

function brackets({ token, before, next, open, openAt, tokens, clause }: Scene): string | undefined {
  if (token.type === 'LBRACKET' && isOperandEnd(before)) {
    const key = next === undefined || !(isString(next.type) || next.type === 'NUMBER') ? '0' : next.text
    return `there is no index operator: use get(${isString(next?.type ?? '') ? 'object' : 'array'}, ${key})`
  }
  if (token.type === 'LPAREN' && before?.type === 'FROM')
    return 'FROM takes a topic filter: a query over an attribute goes into the SELECT list'
  if (token.type === 'NAME' && open === 'LBRACE' && (before?.type === 'LBRACE' || before?.type === 'COMMA'))
    return `keys are strings: {"${token.text}": value}`
  if (open !== 'LPAREN' || clause !== undefined) return undefined
  const caller = tokens[openAt - 1]
  if (token.type === 'AS' && caller?.type === 'NAME' && pairBrackets(tokens).balanced) {
    return nearest(caller.text, ['cast']) === undefined
      ? 'AS belongs to cast(value AS Type) and behind an item of SELECT'
      : 'did you mean cast?'
  }
  if (caller?.type === 'CAST' && before?.type !== 'LPAREN' && !closes(token.type)) return castForm
  if (caller?.type === 'NAME' && isOperandEnd(before) && isOperandStart(token) && !isForeign(token))
    return 'separate arguments with commas'
  return undefined
}

function afterDot({ token, before }: Scene): string | undefined {
  if (before?.type !== 'DOT') return undefined
  if (token.type === 'STAR') return 'name the field, or select the object itself'
  if (token.type === 'NUMBER' || isString(token.type)) {
    const key = token.type === 'NUMBER' ? `"${token.text}"` : token.text
    return `a key that is no plain name needs get: get(object, ${key})`
  }
  return undefined
}

function names({ tokens, at, token, before, expected }: Scene): string | undefined {
  const afterAs = before?.type === 'AS'
  if (afterAs && token.type === 'NUMBER') {
    const rest = tokens[at + 1]?.start === token.end ? tokens[at + 1]!.text : ''
    return `a name begins with a letter or _; another key needs an object: SELECT {"${token.text}${rest}": value}`
  }
  if (token.type === 'MINUS' && tokens[at - 2]?.type === 'AS') {
    const key = `${before?.text ?? ''}-${tokens[at + 1]?.text ?? ''}`
    return `a name has letters, digits and _; another key needs an object: SELECT {"${key}": value}`
  }
  if (before?.type === 'SET' && token.type === 'NAME' && expected.has('VARIABLE'))
    return `a variable begins with @: SET @${token.text} = value`
  if (before?.type === 'NUMBER' && token.type === 'NAME' && before.end === token.start)
    return `a field that begins with a digit needs get(*, "${before.text}${token.text}")`
  if (before !== undefined && isString(before.type) && token.type === 'NAME' && before.end === token.start) {
    const other = before.type === 'SINGLE_QUOTED' ? '"' : "'"
    return `for a quote inside a string, use ${other} around the string`
  }
  return undefined
}

function clauses(scene: Scene): string | undefined {
  const { tokens, at, token, before, clause, open } = scene
  const has = (type: string): boolean => tokens.slice(0, at).some((each) => each.type === type)
  if (
    isString(token.type) &&
    isOperandEnd(before) &&
    clause === 'SELECT' &&
    !tokens.some((t) => t.type === 'FROM')
  )
    return 'FROM is missing before the topic filter'
  if (open !== undefined) return undefined
  if (token.type === 'FROM' && clause === 'WHERE') {
    return tokens.slice(0, at).some((each) => each.type === 'FROM')
      ? 'write FROM once'
      : 'FROM comes before WHERE'
  }
  if (token.type === 'FROM' && clause === 'FROM') return 'write FROM once'
  if (token.type === 'WHERE' && clause === 'WHERE')
    return 'write WHERE once, and join conditions with AND or OR'
  if (token.type === 'SELECT' && has('SELECT'))
    return 'write SELECT once; a nested SELECT stands in parentheses'
  if (token.type === 'SET')
    return has('SET') ? 'write SET once and separate the assignments by commas' : 'SET comes before SELECT'
  if (clause === 'SET' && token.type === 'EOF') return 'SELECT follows the assignments'
  if (clause !== 'FROM') return undefined
  if (token.type === 'AND' || token.type === 'OR') return 'conditions begin with WHERE'
  if (token.type === 'AS') return 'a topic filter has no other name: fields are written without one'
  return undefined
}

/** Words of other dialects. */
function words({ token, before, tokens, at, expected }: Scene): string | undefined {
  if (before?.type === 'NAME' && tokens[at - 2]?.type === 'SELECT') {
    const known = foreignAfterSelect[before.text.toUpperCase()]
    if (known !== undefined) return known
  }
  if (isForeign(token)) return foreignWords[token.text.toUpperCase()]
  // In a topic filter without quotes a misspelled WHERE is a word like any other.
  if (expected.has('HASH') && expected.has('WHERE') && before?.type === 'NAME') {
    for (let index = at - 1; tokens[index]?.type === 'NAME'; index -= 1) {
      const known = isForeign(tokens[index]!) ? foreignWords[tokens[index]!.text.toUpperCase()] : undefined
      if (known !== undefined) return known
      if (nearest(tokens[index]!.text, ['WHERE']) !== undefined) return 'did you mean WHERE?'
    }
  }
  return undefined
}

/** Two values side by side. */
function byNeighbour({ token, before, clause, open, expected }: Scene): string | undefined {
  if (!isOperandEnd(before) || !isOperandStart(token)) return undefined
  if (open === undefined && clause === 'FROM') return 'after the topic filter only WHERE may follow'
  if (clause === 'WHERE') return 'join conditions with AND or OR'
  if (clause !== 'SELECT' || token.type !== 'NAME' || !expected.has('AS')) return undefined
  if (before?.type !== 'NAME') return 'separate items with a comma, name them with AS'
  return `separate items with a comma, name them with AS; a field with a space in its name needs get(*, "${before.text} ${token.text}")`
}

const searchedCase =
  'only CASE value WHEN other THEN ... is known: write CASE condition WHEN true THEN ... END'
const elseIf = 'there is no ELSE IF: add a WHEN, or put another CASE ... END after ELSE'
const notIn = 'write NOT (value IN array)'
const inForm = 'IN takes an array: IN [1, 2]'
const castForm = 'write cast(value AS Type), with the type String, Int, Decimal or Boolean'

// ---- token classes

function isForeign({ type, text }: SeenToken): boolean {
  return type === 'NAME' && Object.hasOwn(foreignWords, text.toUpperCase())
}

function closes(type: string): boolean {
  return ['RPAREN', 'RBRACKET', 'RBRACE', 'EOF', 'FROM', 'WHERE'].includes(type)
}

function endsList(type: string): boolean {
  return closes(type) || type === 'SELECT' || type === 'AS'
}

function isString(type: string): boolean {
  return type === 'SINGLE_QUOTED' || type === 'DOUBLE_QUOTED'
}

const operandEnds = new Set([
  ...['NAME', 'NUMBER', 'SINGLE_QUOTED', 'DOUBLE_QUOTED', 'VARIABLE', 'RPAREN', 'RBRACKET', 'RBRACE'],
  ...['STAR', 'TRUE', 'FALSE', 'NULL', 'END'],
])
const operandStarts = new Set([
  ...['NAME', 'NUMBER', 'SINGLE_QUOTED', 'DOUBLE_QUOTED', 'VARIABLE', 'LPAREN', 'LBRACE'],
  ...['TRUE', 'FALSE', 'NULL', 'CASE', 'CAST', 'EXISTS'],
])

function isOperandEnd(token: SeenToken | undefined): boolean {
  return token !== undefined && operandEnds.has(token.type)
}

function isOperandStart({ type }: SeenToken): boolean {
  return operandStarts.has(type)
}
