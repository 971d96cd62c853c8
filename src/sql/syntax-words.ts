/** Tokens that begin a value, or are a name where a value may stand. */
const valueTypes = [
  ...['NAME', 'NUMBER', 'SINGLE_QUOTED', 'DOUBLE_QUOTED', 'VARIABLE', 'LPAREN', 'LBRACKET', 'LBRACE'],
  ...['MINUS', 'NOT', 'STAR', 'TRUE', 'FALSE', 'NULL', 'SELECT', ...namesByGrammar()],
]

/** Keywords that the grammar also takes for names. */
function namesByGrammar(): readonly string[] {
  return ['SET', 'VALUE', 'EXISTS', 'CASE', 'CAST', 'WHEN', 'THEN', 'ELSE', 'END']
}

const nameTypes = [
  ...['NAME', 'SINGLE_QUOTED', 'DOUBLE_QUOTED', 'SELECT', 'FROM', 'WHERE', 'AS', 'AND', 'OR', 'NOT', 'IN'],
  ...['TRUE', 'FALSE', 'NULL', ...namesByGrammar()],
]

const operatorTypes = [
  ...['EQ', 'NE', 'LT', 'LE', 'GT', 'GE', 'IN', 'AND', 'OR'],
  ...['PLUS', 'MINUS', 'STAR', 'SLASH', 'PERCENT', 'DOT', 'LPAREN'],
]

/** In the order in which they are listed. */
const words: readonly (readonly [type: string, words: string])[] = [
  ['NAME', 'a name'],
  ['SINGLE_QUOTED', 'a string'],
  ['NUMBER', 'a number'],
  ['VARIABLE', 'a variable such as @name'],
  ['EQ', "'='"],
  ['COMMA', "','"],
  ['LPAREN', "'('"],
  ['RPAREN', "')'"],
  ['RBRACKET', "']'"],
  ['RBRACE', "'}'"],
  ['COLON', "':'"],
  ['DOT', "'.'"],
  ['AS', 'AS'],
  ['WHEN', 'WHEN'],
  ['THEN', 'THEN'],
  ['ELSE', 'ELSE'],
  ['END', 'END'],
  ['SELECT', 'SELECT'],
  ['SET', 'SET'],
  ['FROM', 'FROM'],
  ['WHERE', 'WHERE'],
  ['EOF', 'the end'],
]

/** The tokens that would fit, in words: groups of them become `a value`, `an operator`, `a name`. */
export function expectedInWords(types: ReadonlySet<string>): string | undefined {
  const left = new Set(types)
  const found = [...groups(left)]
  // The statement may end there, but a topic filter is nearly always meant to follow.
  if (left.has('FROM')) left.delete('EOF')
  found.push(...words.filter(([type]) => left.has(type)).map(([, name]) => name))
  const last = found.pop()
  if (last === undefined) return undefined
  return found.length === 0 ? last : `${found.join(', ')} or ${last}`
}

/** Takes the groups out of `left` and names them. */
function* groups(left: Set<string>): Generator<string> {
  const drop = (names: readonly string[]): void => names.forEach((name) => left.delete(name))
  if (left.has('HASH')) {
    if (left.has('SINGLE_QUOTED')) yield "a topic filter such as 'a/+/b'"
    const { WHERE, EOF } = { WHERE: left.has('WHERE'), EOF: left.has('EOF') }
    left.clear()
    if (WHERE) left.add('WHERE')
    if (EOF) left.add('EOF')
    return
  }
  if (left.has('NUMBER') && left.has('LPAREN')) {
    yield 'a value'
    drop(valueTypes)
  } else if (left.has('NAME')) {
    yield 'a name'
    drop(nameTypes)
  }
  if (left.has('EQ') && left.has('AND')) {
    yield 'an operator'
    drop(operatorTypes)
  }
}
