/** Syntax tree to AST: the second half of parse.ts, the only other file that knows the generated parser. */
import { type ParserRuleContext } from 'antlr4ts/ParserRuleContext.js'
import { TerminalNode } from 'antlr4ts/tree/TerminalNode.js'
import {
  type ArithmeticOperator,
  type Assignment,
  type ComparisonOperator,
  type Expression,
  type NestedSelect,
  type SelectClause,
  type SelectItem,
  type Span,
  type StandaloneExpression,
  type Statement,
  type TopicFilter,
} from './ast.ts'
import { measure } from './children.ts'
import { type Findings, preview } from './diagnostics.ts'
import * as tree from './generated/IotSqlParser.ts'
import { limitInWords, type SqlLimits } from './limits.ts'
import { unescapeString } from './strings.ts'

export function buildStatement(
  context: tree.StatementContext,
  text: string,
  findings: Findings,
  bounds: SqlLimits,
): Statement {
  const builder = new Builder(text, findings)
  const from = context.fromClause()
  const where = context.whereClause()
  const statement: Statement = {
    kind: 'statement',
    text,
    assignments:
      context
        .setClause()
        ?.assignment()
        .map((each) => builder.assignment(each)) ?? [],
    select: builder.selectClause(context.selectClause()),
    from: from === undefined ? undefined : builder.topicFilter(from.topicFilter()),
    where: where === undefined ? undefined : builder.disjunction(where.disjunction()),
  }
  const roots = [...statement.assignments, ...selected(statement.select)].map(({ value }) => value)
  builder.checkSize(statement.where === undefined ? roots : [...roots, statement.where], bounds)
  return statement
}

export function buildStandalone(
  context: tree.ExpressionContext,
  text: string,
  findings: Findings,
  bounds: SqlLimits,
): StandaloneExpression {
  const builder = new Builder(text, findings)
  const expression = builder.argument(context.argument())
  builder.checkSize([expression], bounds)
  return { kind: 'standalone', text, expression }
}

function selected(clause: SelectClause): readonly { readonly value: Expression }[] {
  return clause.kind === 'value' ? [clause] : clause.items
}

function spanOf(context: ParserRuleContext): Span {
  return { start: context.start.startIndex, end: (context.stop ?? context.start).stopIndex + 1 }
}

/** The path of an item `path.*`. */
function spreadOf(item: ParserRuleContext): tree.PostfixContext | undefined {
  let context = item.getChild(0)
  while (context.childCount === 1 && !(context instanceof tree.PostfixContext)) context = context.getChild(0)
  if (!(context instanceof tree.PostfixContext)) return undefined
  const stars = context.STAR()
  return stars.length === 1 && stars[0] === context.getChild(context.childCount - 1) ? context : undefined
}

/** The operators between the operands of a chain, in order. */
function operatorsOf(context: ParserRuleContext): { text: string; span: Span }[] {
  return (context.children ?? []).flatMap((child) =>
    child instanceof TerminalNode
      ? [{ text: child.text, span: { start: child.symbol.startIndex, end: child.symbol.stopIndex + 1 } }]
      : [],
  )
}

class Builder {
  readonly #text: string
  readonly #findings: Findings
  /** False where faulty parts were replaced, so that what is next to them may look misplaced. */
  readonly #asWritten: boolean

  constructor(text: string, findings: Findings) {
    this.#text = text
    this.#findings = findings
    this.#asWritten = findings.errors.length === 0
  }

  checkSize(roots: readonly Expression[], { depth, literals }: SqlLimits): void {
    let found = 0
    for (const root of roots) {
      const size = measure(root, depth)
      if (size.isTooDeep) {
        const message = `The expression nests too many operations: ${limitInWords('depth', depth)}.`
        this.#findings.error('SQL_TOO_DEEP', root.span, message)
        return
      }
      found += size.literals
    }
    if (found <= literals) return
    const message = `There are ${found} literals; ${limitInWords('literals', literals)}.`
    this.#findings.error('SQL_TOO_LONG', { start: 0, end: 0 }, message)
  }

  // ---- clauses

  assignment(context: tree.AssignmentContext): Assignment {
    const { symbol } = context.VARIABLE()
    const nested = context.nestedSelect()
    return {
      name: (symbol.text ?? '').slice(1),
      nameSpan: { start: symbol.startIndex, end: symbol.stopIndex + 1 },
      value: nested === undefined ? this.disjunction(context.disjunction()!) : this.nestedSelect(nested),
    }
  }

  selectClause(context: tree.SelectClauseContext): SelectClause {
    const span = spanOf(context)
    const value = context.argument()
    if (value !== undefined) return { kind: 'value', span, value: this.argument(value) }
    return { kind: 'items', span, items: context.selectItem().map((item) => this.selectItem(item)) }
  }

  selectItem(context: tree.SelectItemContext): SelectItem {
    const alias = context.alias()
    const spread = spreadOf(context)
    return {
      span: spanOf(context),
      value:
        spread === undefined
          ? this.element(context.wholePayload(), context.disjunction())
          : this.#path(spread),
      spread: spread !== undefined,
      alias: alias === undefined ? undefined : this.alias(alias),
    }
  }

  alias(context: tree.AliasContext): readonly string[] {
    const quoted = context.SINGLE_QUOTED() ?? context.DOUBLE_QUOTED()
    if (quoted === undefined)
      return [context.aliasName()!.text, ...context.fieldName().map((name) => name.text)]
    const message = `AWS documents no quotes around a name after AS: ${preview(quoted.text)}.`
    this.#findings.warn(
      'SQL_ALIAS_QUOTED',
      spanOf(context),
      message,
      'use a plain name, or SELECT {"key": value}',
    )
    return [this.#string(quoted.text, spanOf(context))]
  }

  topicFilter(context: tree.TopicFilterContext): TopicFilter {
    const span = spanOf(context)
    const quoted = context.SINGLE_QUOTED() ?? context.DOUBLE_QUOTED()
    const written = this.#text.slice(span.start, span.end)
    if (quoted === undefined && /\s/.test(written)) {
      const message = `The topic filter ${preview(written)} has a space and no quotes.`
      this.#findings.error('SQL_SYNTAX', span, message, "write FROM 'topic/filter', then WHERE")
    } else if (context.SINGLE_QUOTED() === undefined && quoted?.text.includes("'") !== true) {
      const message = 'AWS documents single quotes around the topic filter.'
      this.#findings.warn(
        'SQL_FROM_QUOTES',
        span,
        message,
        `write FROM '${quoted?.text.slice(1, -1) ?? written}'`,
      )
    }
    return { filter: quoted === undefined ? written : this.#string(quoted.text, span), span }
  }

  nestedSelect(context: tree.NestedSelectContext): NestedSelect {
    const where = context.disjunction()
    const source = context.nestedSource()
    const payload = source.wholePayload()
    return {
      kind: 'select',
      span: spanOf(context),
      select: this.selectClause(context.selectClause()),
      source:
        payload === undefined ? this.#postfix(source.postfix()!) : { kind: 'payload', span: spanOf(payload) },
      alias: context.aliasName()?.text,
      where: where === undefined ? undefined : this.disjunction(where),
    }
  }

  // ---- expressions

  argument(context: tree.ArgumentContext): Expression {
    const nested = context.nestedSelect()
    return nested === undefined
      ? this.element(context.wholePayload(), context.disjunction())
      : this.nestedSelect(nested)
  }

  element(
    payload: tree.WholePayloadContext | undefined,
    other: tree.DisjunctionContext | undefined,
  ): Expression {
    return payload === undefined ? this.disjunction(other!) : { kind: 'payload', span: spanOf(payload) }
  }

  disjunction(context: tree.DisjunctionContext): Expression {
    const operands = context.conjunction().map((each) => this.#conjunction(each))
    return operands.length === 1
      ? operands[0]!
      : { kind: 'logical', span: spanOf(context), operator: 'OR', operands }
  }

  #conjunction(context: tree.ConjunctionContext): Expression {
    const operands = context.negation().map((each) => this.#negation(each))
    return operands.length === 1
      ? operands[0]!
      : { kind: 'logical', span: spanOf(context), operator: 'AND', operands }
  }

  #negation(context: tree.NegationContext): Expression {
    const end = spanOf(context).end
    return context
      .NOT()
      .reduceRight<Expression>(
        (operand, not) => ({ kind: 'not', span: { start: not.symbol.startIndex, end }, operand }),
        this.#comparison(context.comparison()),
      )
  }

  #comparison(context: tree.ComparisonContext): Expression {
    const operators = operatorsOf(context)
    return this.#chain(
      context.additive(),
      (each) => this.#additive(each),
      (left, right, index, span) => {
        const operator = operators[index]!.text
        if (operator.toUpperCase() !== 'IN') {
          return { kind: 'comparison', span, operator: operator as ComparisonOperator, left, right }
        }
        if (right.kind === 'literal') {
          const message = `IN looks into an array, and ${preview(this.#textOf(right.span))} is none.`
          this.#findings.error('SQL_NOT_SUPPORTED', right.span, message, 'IN takes an array: IN [1, 2]')
        }
        return { kind: 'in', span, element: left, list: right }
      },
    )
  }

  #additive(context: tree.AdditiveContext): Expression {
    const operators = operatorsOf(context)
    return this.#chain(
      context.multiplicative(),
      (each) => this.#multiplicative(each),
      (left, right, index, span) => {
        const { text: operator, span: place } = operators[index]!
        if (operator === '-') this.#checkHyphen(place, left, right)
        return { kind: 'arithmetic', span, operator: operator as ArithmeticOperator, left, right }
      },
    )
  }

  #multiplicative(context: tree.MultiplicativeContext): Expression {
    const operators = operatorsOf(context)
    return this.#chain(
      context.signed(),
      (each) => this.#signed(each),
      (left, right, index, span) => ({
        kind: 'arithmetic',
        span,
        operator: operators[index]!.text as ArithmeticOperator,
        left,
        right,
      }),
    )
  }

  /** Spans are those of the contexts: an operand's own leaves out the brackets around it. */
  #chain<Context extends ParserRuleContext>(
    contexts: readonly Context[],
    build: (context: Context) => Expression,
    join: (left: Expression, right: Expression, index: number, span: Span) => Expression,
  ): Expression {
    const { start } = spanOf(contexts[0]!)
    return contexts
      .map(build)
      .reduce((left, right, index) =>
        join(left, right, index - 1, { start, end: spanOf(contexts[index]!).end }),
      )
  }

  #signed(context: tree.SignedContext): Expression {
    const end = spanOf(context).end
    return context
      .MINUS()
      .reduceRight<Expression>(
        (operand, minus) => ({ kind: 'negate', span: { start: minus.symbol.startIndex, end }, operand }),
        this.#postfix(context.postfix()),
      )
  }

  #postfix(context: tree.PostfixContext): Expression {
    const [star] = context.STAR()
    if (star !== undefined && this.#asWritten) {
      const at = star.symbol.startIndex
      const members = { start: context.start.startIndex, end: at + 1 }
      const message = `${preview(this.#textOf(members))} stands for members, which only a SELECT list can take in.`
      this.#findings.error(
        'SQL_SYNTAX',
        { start: at, end: at + 1 },
        message,
        'name the field, or use the object itself',
      )
    }
    return this.#path(context)
  }

  #path(context: tree.PostfixContext): Expression {
    const start = spanOf(context).start
    return context.fieldName().reduce<Expression>(
      (object, name) => ({
        kind: 'member',
        span: { start, end: spanOf(name).end },
        object,
        name: name.text,
      }),
      this.#primary(context.primary()),
    )
  }

  #primary(context: tree.PrimaryContext): Expression {
    const span = spanOf(context)
    if (context instanceof tree.FieldContext) return { kind: 'field', span, name: context.text }
    if (context instanceof tree.NumberLiteralContext)
      return { kind: 'literal', span, type: 'number', text: context.text }
    if (context instanceof tree.StringLiteralContext) {
      return { kind: 'literal', span, type: 'string', value: this.#string(context.text, span) }
    }
    if (context instanceof tree.ConstantLiteralContext) {
      const value = context.NULL() === undefined ? context.TRUE() !== undefined : null
      return { kind: 'literal', span, type: 'constant', value }
    }
    if (context instanceof tree.VariableContext)
      return { kind: 'variable', span, name: context.text.slice(1) }
    if (context instanceof tree.PayloadMemberContext) {
      const object: Expression = { kind: 'payload', span: { start: span.start, end: span.start + 1 } }
      return { kind: 'member', span, object, name: context.fieldName().text }
    }
    if (context instanceof tree.GroupContext) return this.disjunction(context.disjunction())
    return this.#compound(context, span)
  }

  #compound(context: tree.PrimaryContext, span: Span): Expression {
    if (context instanceof tree.SubselectContext) return this.nestedSelect(context.nestedSelect())
    if (context instanceof tree.ExistsContext) {
      return { kind: 'exists', span, query: this.nestedSelect(context.nestedSelect()) }
    }
    if (context instanceof tree.CastAsContext) {
      const type = context.typeName()
      return {
        kind: 'cast',
        span,
        operand: this.disjunction(context.disjunction()),
        type: type.text,
        typeSpan: spanOf(type),
      }
    }
    if (context instanceof tree.CallContext) {
      const { symbol } = context.NAME()
      const nameSpan = { start: symbol.startIndex, end: symbol.stopIndex + 1 }
      const args = context.argument().map((each) => this.argument(each))
      return { kind: 'call', span, name: context.NAME().text, nameSpan, arguments: args }
    }
    if (context instanceof tree.ArrayLiteralContext) {
      const elements = context.element().map((each) => this.element(each.wholePayload(), each.disjunction()))
      return { kind: 'array', span, elements }
    }
    if (context instanceof tree.ObjectLiteralContext) {
      return { kind: 'object', span, entries: context.objectEntry().map((each) => this.#entry(each)) }
    }
    return this.#caseOf(context as tree.CaseOfContext, span)
  }

  #entry(context: tree.ObjectEntryContext): { key: string; value: Expression } {
    const key = context.SINGLE_QUOTED() ?? context.DOUBLE_QUOTED()!
    const element = context.element()
    return {
      key: this.#string(key.text, spanOf(context)),
      value: this.element(element.wholePayload(), element.disjunction()),
    }
  }

  #caseOf(context: tree.CaseOfContext, span: Span): Expression {
    const parts = context.disjunction().map((each) => this.disjunction(each))
    const branches = context.whenBranch().map((branch) => ({
      when: this.disjunction(branch.disjunction(0)),
      then: this.disjunction(branch.disjunction(1)),
    }))
    return { kind: 'case', span, subject: parts[0]!, branches, otherwise: parts[1] }
  }

  // ---- details

  #textOf(span: Span): string {
    return this.#text.slice(span.start, span.end)
  }

  #string(written: string, span: Span): string {
    const { value, doubled } = unescapeString(written)
    if (doubled) {
      const message = `AWS does not document a doubled quote in a string: ${preview(written)} is read with one.`
      this.#findings.warn(
        'SQL_QUOTE_DOUBLED',
        span,
        message,
        'use the other kind of quotes around the string',
      )
    }
    return value
  }

  /** `my-key` reads as my minus key, which is seldom meant. */
  #checkHyphen(minus: Span, left: Expression, right: Expression): void {
    const tight = /\w/.test(this.#text[minus.start - 1] ?? '') && /\w/.test(this.#text[minus.end] ?? '')
    const isPath = (each: Expression): boolean => each.kind === 'field' || each.kind === 'member'
    if (!tight || !isPath(left) || !isPath(right)) return
    const name = this.#textOf({ start: left.span.start, end: right.span.end })
    const message = `${preview(name)} is read as a subtraction.`
    const hint = 'a field with a hyphen needs get(*, "the-name"); a subtraction is clearer with spaces'
    this.#findings.warn('SQL_HYPHEN', minus, message, hint)
  }
}
