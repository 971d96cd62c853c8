/** Text to tokens, with the slips that no grammar rule can catch: signs, quotes and comments of other languages. */
import { ANTLRInputStream } from 'antlr4ts/ANTLRInputStream.js'
import { type CommonToken } from 'antlr4ts/CommonToken.js'
import { Token } from 'antlr4ts/Token.js'
import { type Span } from './ast.ts'
import { type Findings, preview } from './diagnostics.ts'
import { IotSqlLexer } from './generated/IotSqlLexer.ts'
import { limitInWords, type SqlLimits } from './limits.ts'

export function lexerOf(text: string): IotSqlLexer {
  const lexer = new IotSqlLexer(new ANTLRInputStream(text))
  lexer.removeErrorListeners()
  return lexer
}

export function spanOf(token: Token): Span {
  return { start: Math.max(0, token.startIndex), end: token.stopIndex + 1 }
}

/** Operators of other languages: what to write instead, and as what the parser goes on reading. */
const slips: ReadonlyMap<number, { readonly type: number; readonly hint: string }> = new Map([
  [IotSqlLexer.DOUBLE_EQUALS, { type: IotSqlLexer.EQ, hint: 'write =' }],
  [IotSqlLexer.BANG_EQUALS, { type: IotSqlLexer.NE, hint: 'write <>' }],
  [IotSqlLexer.DOUBLE_AMPERSAND, { type: IotSqlLexer.AND, hint: 'write AND' }],
  [IotSqlLexer.DOUBLE_PIPE, { type: IotSqlLexer.OR, hint: 'write OR, or + to join strings' }],
])

/** True for the text of an operator of another language. */
export function isSlip(text: string): boolean {
  return ['==', '!=', '&&', '||', '--'].includes(text)
}

/** All visible tokens and the end; undefined after a fault that makes parsing pointless. */
export function tokenize(text: string, findings: Findings, bounds: SqlLimits): CommonToken[] | undefined {
  return new Tokenizer(text, findings).run(bounds.tokens)
}

class Tokenizer {
  readonly #text: string
  readonly #findings: Findings
  readonly #lexer: IotSqlLexer
  readonly #tokens: CommonToken[] = []

  constructor(text: string, findings: Findings) {
    this.#text = text
    this.#findings = findings
    this.#lexer = lexerOf(text)
  }

  run(most: number): CommonToken[] | undefined {
    const tokens = this.#tokens
    for (let token = this.#next(); ; token = this.#next()) {
      if (token.channel !== Token.DEFAULT_CHANNEL) continue
      if (token.type >= IotSqlLexer.DOUBLE_EQUALS) {
        if (!this.#slip(token)) return undefined
      } else tokens.push(token)
      if (token.type === Token.EOF) return tokens
      if (tokens.length > most) {
        const message = `There are more words and signs than can be read: ${limitInWords('tokens', most)}.`
        this.#findings.error('SQL_TOO_LONG', spanOf(token), message)
        return undefined
      }
    }
  }

  #next(): CommonToken {
    return this.#lexer.nextToken() as CommonToken
  }

  /** Goes on reading at `offset`. */
  #skipTo(offset: number): void {
    this.#lexer.inputStream!.seek(offset)
  }

  /** Adds `token` as one of another type that reaches to `end`. */
  #keep(token: CommonToken, type: number, end = token.stopIndex + 1): void {
    token.type = type
    token.stopIndex = end - 1
    this.#tokens.push(token)
    this.#skipTo(end)
  }

  #refuse(span: Span, what: string, hint: string): void {
    this.#findings.error('SQL_NOT_SUPPORTED', span, what, hint)
  }

  /** Reports what AWS IoT SQL does not have; false when nothing behind it can be understood. */
  #slip(token: CommonToken): boolean {
    const span = spanOf(token)
    const written = token.text ?? ''
    const operator = slips.get(token.type)
    if (operator !== undefined) {
      this.#refuse(span, `AWS IoT SQL has no operator ${written}.`, operator.hint)
      this.#keep(token, operator.type)
      return true
    }
    switch (token.type) {
      case IotSqlLexer.LINE_COMMENT:
        return this.#lineComment(token, span)
      case IotSqlLexer.BLOCK_COMMENT:
        return this.#blockComment(span)
      case IotSqlLexer.SEMICOLON:
        return this.#semicolon(span)
      case IotSqlLexer.BACKTICK:
        return this.#backtick(token, span)
      case IotSqlLexer.TYPOGRAPHIC_QUOTE:
        return this.#typographic(token, span)
      case IotSqlLexer.UNCLOSED_STRING:
        this.#unclosedString(span)
        return false
      default:
        // The parser knows the place, and says what stands there.
        this.#tokens.push(token)
        return true
    }
  }

  /** `--` before a blank is a comment; elsewhere two signs are meant. */
  #lineComment(token: CommonToken, span: Span): boolean {
    if (/\S/.test(this.#text[span.end] ?? ' ')) {
      this.#refuse(span, '-- begins a comment in other dialects; AWS IoT SQL has none.', doubleMinus)
      const second = this.#lexer.tokenFactory.createSimple(IotSqlLexer.MINUS, '-') as CommonToken
      this.#keep(token, IotSqlLexer.MINUS, span.start + 1)
      second.startIndex = span.start + 1
      this.#keep(second, IotSqlLexer.MINUS, span.end)
      return true
    }
    const rest = this.#text.slice(span.end)
    const end = span.end + (/[\r\n]/.exec(rest)?.index ?? rest.length)
    this.#refuse({ start: span.start, end }, noComments, `remove it; ${doubleMinus}`)
    this.#skipTo(end)
    return true
  }

  #blockComment(span: Span): boolean {
    const close = this.#text.indexOf('*/', span.end)
    if (close === -1) {
      this.#refuse(span, 'The comment that begins here has no end.', 'there are no comments: remove it')
      return false
    }
    this.#refuse({ start: span.start, end: close + 2 }, noComments, 'there are no comments: remove it')
    this.#skipTo(close + 2)
    return true
  }

  #semicolon(span: Span): boolean {
    const more = /[^\s;]/.test(this.#text.slice(span.end))
    const hint = more
      ? 'a rule has one statement: write a rule for each'
      : 'a statement ends without a semicolon: remove it'
    this.#refuse(span, '; is not part of AWS IoT SQL.', hint)
    this.#skipTo(this.#text.length)
    return !more
  }

  #backtick(token: CommonToken, span: Span): boolean {
    const close = this.#closing(span.end, /[`\n]/)
    if (this.#text[close] !== '`') {
      this.#refuse(
        span,
        '` is not part of AWS IoT SQL.',
        'names have no quotes: use get(*, "name") for a field that is no plain name',
      )
      return false
    }
    const name = this.#text.slice(span.end, close)
    const hint = /^[A-Za-z_]\w*$/.test(name)
      ? `write ${name}: names have no quotes`
      : `a field that is no plain name needs get(*, ${JSON.stringify(name)})`
    this.#refuse(
      { start: span.start, end: close + 1 },
      `AWS IoT SQL has no quotes around names: \`${preview(name)}\`.`,
      hint,
    )
    this.#keep(token, IotSqlLexer.NAME, close + 1)
    token.text = name
    return true
  }

  #typographic(token: CommonToken, span: Span): boolean {
    const written = token.text ?? ''
    const close = this.#closing(span.end, /[\u2018\u2019\u201C\u201D'"\n]/)
    const fault = `The quote ${written} is a typographic one, which does not begin a string.`
    if (!/[\u2018\u2019\u201C\u201D]/.test(this.#text[close] ?? '')) {
      this.#refuse(span, fault, "write straight quotes: 'text'")
      return false
    }
    const inner = preview(this.#text.slice(span.end, close))
    this.#refuse({ start: span.start, end: close + 1 }, fault, `write straight quotes: '${inner}'`)
    this.#keep(token, IotSqlLexer.SINGLE_QUOTED, close + 1)
    return true
  }

  /** Offset of the next of some characters, or of the end. */
  #closing(from: number, characters: RegExp): number {
    for (let at = from; at < this.#text.length; at += 1) {
      if (characters.test(this.#text[at]!)) return at
    }
    return this.#text.length
  }

  #unclosedString(span: Span): void {
    const text = this.#text.slice(span.start, span.end)
    const quote = text[0]!
    const message = `The string that begins with ${preview(text)} has no closing quote.`
    const suspect = this.#stringBeforeWord()
    if (suspect !== undefined && !runsOver.test(suspect.text ?? '')) {
      const inside = 'for a quote inside a string, use the other kind of quotes around it'
      this.#findings.error('SQL_SYNTAX', span, message, inside)
      return
    }
    const before =
      suspect ??
      this.#tokens.findLast(
        ({ type, text: inner }) => type === stringTypes[quote] && runsOver.test(inner ?? ''),
      )
    const hint =
      before === undefined
        ? `add a ${quote} where the string ends`
        : `the string before it, ${preview(before.text ?? '')}, may be the one that lacks its quote`
    this.#findings.error('SQL_SYNTAX', span, message, hint)
  }

  /** The first string that a word follows at once, as in `'it's'`. */
  #stringBeforeWord(): CommonToken | undefined {
    return this.#tokens.find((token, index) => {
      const next = this.#tokens[index + 1]
      const isString = token.type === IotSqlLexer.SINGLE_QUOTED || token.type === IotSqlLexer.DOUBLE_QUOTED
      return isString && next?.type === IotSqlLexer.NAME && next.startIndex === token.stopIndex + 1
    })
  }
}

const noComments = 'AWS IoT SQL has no comments.'
const doubleMinus = 'for a double minus write a - (-b)'
const stringTypes: Readonly<Record<string, number>> = {
  "'": IotSqlLexer.SINGLE_QUOTED,
  '"': IotSqlLexer.DOUBLE_QUOTED,
}
/** A string with a clause or a line end in it was hardly meant. */
const runsOver = /[\r\n]|\b(FROM|WHERE|SELECT|AND|OR)\b/i
