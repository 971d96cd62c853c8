import { ANTLRInputStream } from 'antlr4ts/ANTLRInputStream.js'
import { type ANTLRErrorListener } from 'antlr4ts/ANTLRErrorListener.js'
import { BailErrorStrategy } from 'antlr4ts/BailErrorStrategy.js'
import { type CommonToken } from 'antlr4ts/CommonToken.js'
import { CommonTokenStream } from 'antlr4ts/CommonTokenStream.js'
import { ListTokenSource } from 'antlr4ts/ListTokenSource.js'
import { NoViableAltException } from 'antlr4ts/NoViableAltException.js'
import { type ParserRuleContext } from 'antlr4ts/ParserRuleContext.js'
import { PredictionMode } from 'antlr4ts/atn/PredictionMode.js'
import { type RecognitionException } from 'antlr4ts/RecognitionException.js'
import { Token } from 'antlr4ts/Token.js'
import { type Diagnostic } from '../errors.ts'
import { type Span, type StandaloneExpression, type Statement } from './ast.ts'
import { buildStandalone, buildStatement } from './build.ts'
import { Findings, preview } from './diagnostics.ts'
import { IotSqlLexer } from './generated/IotSqlLexer.ts'
import { IotSqlParser } from './generated/IotSqlParser.ts'
import { limits } from './limits.ts'
import { expectedInWords, hintFor, type SeenToken } from './syntax-hints.ts'

export type ParsedStatement =
  | { readonly ok: true; readonly statement: Statement; readonly warnings: Diagnostic[] }
  | { readonly ok: false; readonly diagnostics: Diagnostic[] }

export type ParsedExpression =
  | { readonly ok: true; readonly expression: StandaloneExpression; readonly warnings: Diagnostic[] }
  | { readonly ok: false; readonly diagnostics: Diagnostic[] }

/**
 * Reads a whole statement. Never throws: everything wrong with the text is in `diagnostics`, positions counted from 1
 * inside `text`. What depends on the language version or on functions is for `compileStatement` to find.
 */
export function parseStatement(text: string): ParsedStatement {
  const findings = new Findings(text)
  const tree = parse(text, findings, (parser) => parser.statement())
  const statement = tree === undefined ? undefined : buildStatement(tree, text, findings)
  if (statement === undefined || findings.errors.length > 0)
    return { ok: false, diagnostics: findings.errors }
  return { ok: true, statement, warnings: findings.warnings }
}

/** Reads an expression by itself, as the body of a `${…}` tag; otherwise as `parseStatement`. */
export function parseExpression(text: string): ParsedExpression {
  const findings = new Findings(text)
  const tree = parse(text, findings, (parser) => parser.expression())
  const expression = tree === undefined ? undefined : buildStandalone(tree, text, findings)
  if (expression === undefined || findings.errors.length > 0)
    return { ok: false, diagnostics: findings.errors }
  return { ok: true, expression, warnings: findings.warnings }
}

function parse<Tree extends ParserRuleContext>(
  text: string,
  findings: Findings,
  rule: (parser: IotSqlParser) => Tree,
): Tree | undefined {
  if (text.length > limits.length) {
    const message = `The text has ${text.length} characters; at most ${limits.length} are read.`
    findings.error('SQL_TOO_LONG', { start: 0, end: 0 }, message)
    return undefined
  }
  const tokens = tokenize(text, findings)
  if (tokens === undefined || !checkNesting(tokens, findings)) return undefined
  return predictFast(tokens, rule) ?? predictFully(tokens, findings, rule)
}

// ---- tokens

function lexerOf(text: string): IotSqlLexer {
  const lexer = new IotSqlLexer(new ANTLRInputStream(text))
  lexer.removeErrorListeners()
  return lexer
}

/** Operators of other languages: what to write instead, and as what the parser goes on reading. */
const slips: ReadonlyMap<number, { readonly type: number; readonly hint: string }> = new Map([
  [IotSqlLexer.DOUBLE_EQUALS, { type: IotSqlLexer.EQ, hint: 'write =' }],
  [IotSqlLexer.BANG_EQUALS, { type: IotSqlLexer.NE, hint: 'write <>' }],
  [IotSqlLexer.DOUBLE_AMPERSAND, { type: IotSqlLexer.AND, hint: 'write AND' }],
  [IotSqlLexer.DOUBLE_PIPE, { type: IotSqlLexer.OR, hint: 'write OR, or + to join strings' }],
])

/** Tokens with which nothing after them can be understood. */
const fatal: ReadonlyMap<number, string> = new Map([
  [IotSqlLexer.LINE_COMMENT, 'there are no comments; for a double minus write a - (-b)'],
  [IotSqlLexer.BLOCK_COMMENT, 'there are no comments: remove it'],
  [IotSqlLexer.SEMICOLON, 'a statement ends without a semicolon'],
  [IotSqlLexer.BACKTICK, 'names have no quotes: use get(*, "name") for a field that is no plain name'],
  [IotSqlLexer.TYPOGRAPHIC_QUOTE, "write straight quotes: 'text'"],
])

/** All visible tokens and the end; undefined after a fault that makes parsing pointless. */
function tokenize(text: string, findings: Findings): CommonToken[] | undefined {
  const lexer = lexerOf(text)
  const tokens: CommonToken[] = []
  for (let token = lexer.nextToken(); ; token = lexer.nextToken()) {
    if (token.channel !== Token.DEFAULT_CHANNEL) continue
    const fault = lexicalFault(token)
    if (fault !== undefined) {
      findings.error(fault.code, spanOf(token), fault.message, fault.hint)
      return undefined
    }
    tokens.push(understood(token, findings))
    if (token.type === Token.EOF) return tokens
    if (tokens.length > limits.tokens) {
      findings.error('SQL_TOO_LONG', spanOf(token), `More than ${limits.tokens} words and signs.`)
      return undefined
    }
  }
}

function understood(token: Token, findings: Findings): CommonToken {
  const common = token as CommonToken
  const slip = slips.get(token.type)
  if (slip !== undefined) {
    findings.error(
      'SQL_NOT_SUPPORTED',
      spanOf(token),
      `AWS IoT SQL has no operator ${token.text ?? ''}.`,
      slip.hint,
    )
    common.type = slip.type
  }
  return common
}

function lexicalFault(token: Token) {
  const text = token.text ?? ''
  const hint = fatal.get(token.type)
  if (hint !== undefined)
    return { code: 'SQL_NOT_SUPPORTED', message: `${text} is not part of AWS IoT SQL.`, hint } as const
  if (token.type === IotSqlLexer.UNCLOSED_STRING) {
    return {
      code: 'SQL_SYNTAX',
      message: `The string that begins with ${preview(text)} has no closing quote.`,
      hint: undefined,
    } as const
  }
  if (token.type !== IotSqlLexer.OTHER) return undefined
  return {
    code: 'SQL_SYNTAX',
    message: `The character ${printable(text)} has no meaning here.`,
    hint:
      text === '!'
        ? 'write NOT'
        : text === '@'
          ? 'a variable has letters, digits and _ after the @'
          : undefined,
  } as const
}

function printable(text: string): string {
  const code = text.charCodeAt(0)
  return code < 0x20 || code > 0x7e ? `U+${code.toString(16).toUpperCase().padStart(4, '0')}` : text
}

function spanOf(token: Token): Span {
  return { start: Math.max(0, token.startIndex), end: token.stopIndex + 1 }
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
function checkNesting(tokens: readonly Token[], findings: Findings): boolean {
  let depth = 0
  let previous = Token.INVALID_TYPE
  for (const token of tokens) {
    if (openers.has(token.type)) depth += 1
    else if (closers.has(token.type)) depth -= 1
    else if (token.type === IotSqlLexer.END && !beforeValue.has(previous)) depth -= 1
    depth = Math.max(0, depth)
    if (depth > limits.nesting) {
      findings.error(
        'SQL_TOO_DEEP',
        spanOf(token),
        `More than ${limits.nesting} brackets or CASE are open here.`,
      )
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

function predictFully<Tree>(
  tokens: CommonToken[],
  findings: Findings,
  rule: (parser: IotSqlParser) => Tree,
): Tree | undefined {
  const parser = parserOf(tokens)
  const listener = new FirstError()
  parser.addErrorListener(listener)
  parser.interpreter.setPredictionMode(PredictionMode.LL)
  const tree = rule(parser)
  if (listener.at === undefined) return tree
  const index = tokens.indexOf(listener.at as CommonToken)
  report(tokens, index === -1 ? tokens.length - 1 : index, listener.expected, findings)
  return undefined
}

function parserOf(tokens: CommonToken[]): IotSqlParser {
  const parser = new IotSqlParser(new CommonTokenStream(new ListTokenSource(tokens)))
  parser.removeErrorListeners()
  return parser
}

/** Keeps the first error alone: what the parser says after it is guesswork. */
class FirstError implements ANTLRErrorListener<Token> {
  at: Token | undefined
  expected: string | undefined

  syntaxError<T extends Token>(
    recognizer: unknown,
    offending: T | undefined,
    _line: number,
    _column: number,
    _message: string,
    failure: RecognitionException | undefined,
  ): void {
    if (this.at !== undefined || offending === undefined) return
    this.at = offending
    // A decision that failed further on than where it began cannot say what would have fitted.
    if (failure instanceof NoViableAltException && failure.startToken !== offending) return
    const expected = new Set<string>()
    for (const type of (recognizer as IotSqlParser).getExpectedTokens().toArray()) expected.add(nameOf(type))
    this.expected = expectedInWords(expected)
  }
}

function nameOf(type: number): string {
  return type === Token.EOF ? 'EOF' : (IotSqlParser.VOCABULARY.getSymbolicName(type) ?? '')
}

function report(
  tokens: readonly Token[],
  at: number,
  expected: string | undefined,
  findings: Findings,
): void {
  const seen: SeenToken[] = tokens.map((token) => ({ type: nameOf(token.type), text: token.text ?? '' }))
  const token = tokens[at]!
  const found = token.type === Token.EOF ? 'the end of the text' : shown(seen[at]!)
  const after = at === 0 ? 'at the beginning' : `after ${shown(seen[at - 1]!)}`
  const message = `Found ${found} ${after}${expected === undefined ? '.' : `, expected ${expected}.`}`
  findings.error('SQL_SYNTAX', spanOf(token), message, hintFor(seen, at))
}

/** Signs in quotes, words and strings as they are. */
function shown({ text }: SeenToken): string {
  return /^[\w@'"]/.test(text) ? preview(text) : `'${text}'`
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
export function findTags(template: string): FoundTags {
  const tags: TemplateTag[] = []
  const findings = new Findings(template)
  let start = template.indexOf('${')
  if (start === -1) return { ok: true, tags }
  if (template.length > limits.length) {
    findings.error(
      'SQL_TOO_LONG',
      { start: 0, end: 0 },
      `The template has more than ${limits.length} characters.`,
    )
    return { ok: false, diagnostics: findings.errors }
  }
  const input = new ANTLRInputStream(template)
  const lexer = new IotSqlLexer(input)
  lexer.removeErrorListeners()
  for (; start !== -1; start = template.indexOf('${', tags.at(-1)!.end)) {
    input.seek(start + 2)
    const close = closingBrace(lexer)
    if (close === undefined) {
      findings.error(
        'SQL_TAG_UNCLOSED',
        { start, end: template.length },
        'The tag that begins here has no closing }.',
      )
      return { ok: false, diagnostics: findings.errors }
    }
    tags.push({ start, end: close + 1, body: template.slice(start + 2, close), bodyOffset: start + 2 })
  }
  return { ok: true, tags }
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
