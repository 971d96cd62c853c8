import { BailErrorStrategy } from 'antlr4ts/BailErrorStrategy.js'
import { CommonToken } from 'antlr4ts/CommonToken.js'
import { CommonTokenStream } from 'antlr4ts/CommonTokenStream.js'
import { ListTokenSource } from 'antlr4ts/ListTokenSource.js'
import { type ParserRuleContext } from 'antlr4ts/ParserRuleContext.js'
import { PredictionMode } from 'antlr4ts/atn/PredictionMode.js'
import { Token } from 'antlr4ts/Token.js'
import { type Diagnostic } from '../errors.ts'
import { type Span, type StandaloneExpression, type Statement } from './ast.ts'
import { buildStandalone, buildStatement } from './build.ts'
import { Findings } from './diagnostics.ts'
import { IotSqlLexer } from './generated/IotSqlLexer.ts'
import { IotSqlParser } from './generated/IotSqlParser.ts'
import { grammarTable } from './grammar-table.ts'
import { limitInWords, limits, maxRecovered, type SqlLimits } from './limits.ts'
import { type Hole, readFaults, type Vocabulary } from './recover.ts'
import { type SeenToken } from './syntax-hints.ts'
import { reportFault } from './syntax-report.ts'
import { isSlip, lexerOf, spanOf, tokenize } from './tokens.ts'
import { Reader } from './viable.ts'

export type ParsedStatement =
  | { readonly ok: true; readonly statement: Statement; readonly warnings: Diagnostic[] }
  | {
      readonly ok: false
      readonly diagnostics: Diagnostic[]
      /** The statement with each faulty part replaced by a field; good for finding further faults, and for nothing else. */
      readonly recovered?: Statement
    }

export type ParsedExpression =
  | { readonly ok: true; readonly expression: StandaloneExpression; readonly warnings: Diagnostic[] }
  | { readonly ok: false; readonly diagnostics: Diagnostic[]; readonly recovered?: StandaloneExpression }

/**
 * Reads a whole statement. Never throws: everything wrong with the text is in `diagnostics`, positions counted from 1
 * inside `text`. What depends on the language version or on functions is for `compileStatement` to find.
 */
export function parseStatement(text: string, bounds: SqlLimits = limits): ParsedStatement {
  const findings = new Findings(text)
  const parsed = parse(text, findings, bounds, entries.statement, buildStatement)
  if (parsed !== undefined && findings.errors.length === 0)
    return { ok: true, statement: parsed, warnings: findings.warnings }
  const diagnostics = findings.inOrder()
  return parsed === undefined ? { ok: false, diagnostics } : { ok: false, diagnostics, recovered: parsed }
}

/** Reads an expression by itself, as the body of a `${…}` tag; otherwise as `parseStatement`. */
export function parseExpression(text: string, bounds: SqlLimits = limits): ParsedExpression {
  const findings = new Findings(text)
  const parsed = parse(text, findings, bounds, entries.expression, buildStandalone)
  if (parsed !== undefined && findings.errors.length === 0)
    return { ok: true, expression: parsed, warnings: findings.warnings }
  const diagnostics = findings.inOrder()
  return parsed === undefined ? { ok: false, diagnostics } : { ok: false, diagnostics, recovered: parsed }
}

/** An entry rule of the grammar. */
interface Entry<Tree> {
  readonly name: 'statement' | 'expression'
  readonly read: (parser: IotSqlParser) => Tree
}

const entries = {
  statement: { name: 'statement', read: (parser: IotSqlParser) => parser.statement() },
  expression: { name: 'expression', read: (parser: IotSqlParser) => parser.expression() },
} as const

function parse<Tree extends ParserRuleContext, Built>(
  text: string,
  findings: Findings,
  bounds: SqlLimits,
  entry: Entry<Tree>,
  build: (tree: Tree, text: string, findings: Findings, bounds: SqlLimits) => Built,
): Built | undefined {
  if (text.length > bounds.length) {
    const message = `The text has ${text.length} characters; ${limitInWords('length', bounds.length)}.`
    findings.error('SQL_TOO_LONG', { start: 0, end: 0 }, message)
    return undefined
  }
  const tokens = tokenize(text, findings, bounds)
  if (tokens === undefined || !checkNesting(tokens, findings, bounds)) return undefined
  const tree = predictFast(tokens, entry.read) ?? explain(tokens, findings, entry)
  return tree === undefined ? undefined : build(tree, text, findings, bounds)
}

const openers = new Set([IotSqlLexer.LPAREN, IotSqlLexer.LBRACKET, IotSqlLexer.LBRACE, IotSqlLexer.CASE])
const closers = new Set([IotSqlLexer.RPAREN, IotSqlLexer.RBRACKET, IotSqlLexer.RBRACE])
/** After one of these a value follows, so that END is a field there. */
const beforeValue = new Set([
  ...openers,
  IotSqlLexer.WHEN,
  IotSqlLexer.THEN,
  IotSqlLexer.ELSE,
  IotSqlLexer.DOT,
  IotSqlLexer.COMMA,
  IotSqlLexer.PLUS,
  IotSqlLexer.MINUS,
  IotSqlLexer.SLASH,
  IotSqlLexer.PERCENT,
  IotSqlLexer.STAR,
  IotSqlLexer.EQ,
  IotSqlLexer.NE,
  IotSqlLexer.LT,
  IotSqlLexer.LE,
  IotSqlLexer.GT,
  IotSqlLexer.GE,
  IotSqlLexer.AND,
  IotSqlLexer.OR,
  IotSqlLexer.NOT,
  IotSqlLexer.IN,
  IotSqlLexer.AS,
  IotSqlLexer.COLON,
])

/** The parser recurses for every open bracket and CASE: bounded before it starts. */
function checkNesting(tokens: readonly Token[], findings: Findings, bounds: SqlLimits): boolean {
  let depth = 0
  let previous = Token.INVALID_TYPE
  for (const token of tokens) {
    if (openers.has(token.type)) depth += 1
    else if (closers.has(token.type)) depth -= 1
    else if (token.type === IotSqlLexer.END && !beforeValue.has(previous)) depth -= 1
    depth = Math.max(0, depth)
    if (depth > bounds.nesting) {
      const message = `Too many brackets or CASE are open here: ${limitInWords('nesting', bounds.nesting)}.`
      findings.error('SQL_TOO_DEEP', spanOf(token), message)
      return false
    }
    previous = token.type
  }
  return true
}

// ---- parsing

/** SLL prediction without error handling: right for every correct text, and much faster. */
function predictFast<Tree>(tokens: CommonToken[], rule: (parser: IotSqlParser) => Tree): Tree | undefined {
  const parser = parserOf(tokens)
  parser.interpreter.setPredictionMode(PredictionMode.SLL)
  parser.errorHandler = new BailErrorStrategy()
  try {
    return rule(parser)
  } catch {
    return undefined
  }
}

/**
 * Reports what is wrong with a text that did not parse, and parses what remains when the faulty parts are replaced;
 * undefined where nothing sound remains.
 */
function explain<Tree extends ParserRuleContext>(
  tokens: CommonToken[],
  findings: Findings,
  entry: Entry<Tree>,
): Tree | undefined {
  const seen = tokens.map(seenToken)
  const table = grammarTable()
  const { faults, holes } = readFaults(seen, new Reader(table, table[entry.name]), vocabulary)
  for (const fault of faults) reportFault(seen, fault, findings)
  const sound = holes !== undefined && (faults.length === 0 || tokens.length <= maxRecovered)
  const tree = sound ? predictFully(filled(tokens, holes), entry.read) : undefined
  if (tree === undefined && findings.errors.length === 0)
    findings.error('SQL_SYNTAX', { start: 0, end: 0 }, 'The text cannot be read.')
  return tree
}

const vocabulary: Vocabulary = {
  nameOf: (kind) => (kind === Token.EOF ? 'EOF' : (IotSqlParser.VOCABULARY.getSymbolicName(kind) ?? '')),
  kindOf: (name) => kinds.get(name) ?? Token.INVALID_TYPE,
}

const kinds: ReadonlyMap<string, number> = new Map(
  Array.from({ length: IotSqlLexer.OTHER }, (_, index) => [vocabulary.nameOf(index + 1), index + 1]),
)

function seenToken(token: CommonToken): SeenToken {
  const { type: kind, text = '' } = token
  return { type: vocabulary.nameOf(kind), kind, text, slip: isSlip(text), ...spanOf(token) }
}

/** The tokens with those of each hole replaced by one. */
function filled(tokens: readonly CommonToken[], holes: readonly Hole[]): CommonToken[] {
  const result: CommonToken[] = []
  let from = 0
  for (const { start, end, type } of holes) {
    result.push(...tokens.slice(from, start))
    const [first, last] = [tokens[start]!, tokens[Math.max(start, end - 1)]!]
    const filler = new CommonToken(vocabulary.kindOf(type), type === 'SINGLE_QUOTED' ? "'hole'" : 'hole')
    filler.startIndex = first.startIndex
    filler.stopIndex = start === end ? first.startIndex - 1 : last.stopIndex
    result.push(filler)
    from = end
  }
  return [...result, ...tokens.slice(from)]
}

function predictFully<Tree>(tokens: CommonToken[], rule: (parser: IotSqlParser) => Tree): Tree | undefined {
  const parser = parserOf(tokens)
  parser.interpreter.setPredictionMode(PredictionMode.LL)
  parser.errorHandler = new BailErrorStrategy()
  try {
    return rule(parser)
  } catch {
    return undefined
  }
}

function parserOf(tokens: CommonToken[]): IotSqlParser {
  const parser = new IotSqlParser(new CommonTokenStream(new ListTokenSource(tokens)))
  parser.removeErrorListeners()
  return parser
}

// ---- template tags

/** One `${…}` of a substitution template; `end` is behind the closing brace. */
export interface TemplateTag extends Span {
  readonly body: string
  readonly bodyOffset: number
}

export type FoundTags =
  | { readonly ok: true; readonly tags: readonly TemplateTag[] }
  | { readonly ok: false; readonly diagnostics: Diagnostic[] }

/**
 * The tags of a substitution template. The grammar's lexer finds where each ends, so that braces, quotes and line
 * breaks may occur inside. Positions in diagnostics count inside `template`.
 */
export function findTags(template: string, bounds: SqlLimits = limits): FoundTags {
  const tags: TemplateTag[] = []
  const findings = new Findings(template)
  let start = template.indexOf('${')
  if (start === -1) return { ok: true, tags }
  if (template.length > bounds.length) {
    const message = `The template has ${template.length} characters; ${limitInWords('length', bounds.length)}.`
    findings.error('SQL_TOO_LONG', { start: 0, end: 0 }, message)
    return { ok: false, diagnostics: findings.errors }
  }
  const lexer = lexerOf(template)
  for (; start !== -1; start = template.indexOf('${', tags.at(-1)!.end)) {
    lexer.inputStream!.seek(start + 2)
    const close = closingBrace(lexer)
    if (close === undefined) {
      findings.error(
        'SQL_TAG_UNCLOSED',
        { start, end: template.length },
        'The tag that begins here has no closing }.',
        unclosedTagHint(template.slice(start + 2)),
      )
      return { ok: false, diagnostics: findings.errors }
    }
    tags.push({ start, end: close + 1, body: template.slice(start + 2, close), bodyOffset: start + 2 })
  }
  return { ok: true, tags }
}

function unclosedTagHint(rest: string): string {
  if (rest.includes('${')) return 'close it before the next ${: tags do not nest'
  if (!rest.includes('}')) return 'add a } behind the expression'
  return 'a quote or { inside the tag is not closed, so that the } counts as a part of it'
}

function closingBrace(lexer: IotSqlLexer): number | undefined {
  let open = 0
  for (let token = lexer.nextToken(); token.type !== Token.EOF; token = lexer.nextToken()) {
    if (token.type === IotSqlLexer.LBRACE) open += 1
    if (token.type !== IotSqlLexer.RBRACE) continue
    if (open === 0) return token.startIndex
    open -= 1
  }
  return undefined
}
