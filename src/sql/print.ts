import {
  type Assignment,
  type CaseExpression,
  type Expression,
  type LiteralExpression,
  type MemberExpression,
  type NestedSelect,
  type SelectClause,
  type SelectItem,
  type StandaloneExpression,
  type Statement,
} from './ast.ts'

/**
 * The canonical text of a statement: keywords in capitals, single quotes, one space, and brackets only where the tree
 * needs them. Reading it again gives the same tree but for the positions; a topic filter without quotes gets some.
 */
export function printStatement({ assignments, select, from, where }: Statement): string {
  const set = assignments.length === 0 ? [] : [`SET ${assignments.map(printAssignment).join(', ')}`]
  const topic = from === undefined ? [] : [`FROM ${quotedText(from.filter)}`]
  const condition = where === undefined ? [] : [`WHERE ${at(level.or, where)}`]
  return [...set, printSelect(select), ...topic, ...condition].join(' ')
}

/** The canonical text of an expression; as a whole it may be `*` or a SELECT without brackets. */
export function printExpression(expression: Expression | StandaloneExpression): string {
  return expression.kind === 'standalone' ? argument(expression.expression) : argument(expression)
}

/** A string literal in single quotes. */
export function quotedText(text: string): string {
  return `'${text.replace(escaped, escapeOf)}'`
}

/** Quotes, backslashes, control characters, odd spaces and surrogates that are not in pairs. */
const escaped =
  /['\\\p{Cc}\p{Cf}\p{Zl}\p{Zp}\u00a0]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/gu
const short: Readonly<Record<string, string>> = {
  "'": "\\'",
  '\\': '\\\\',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
}

function escapeOf(character: string): string {
  return (
    short[character] ??
    Array.from(
      { length: character.length },
      (_, index) => `\\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`,
    ).join('')
  )
}

/** How tightly each form binds, as the rules of the grammar nest. */
const level = {
  or: 0,
  and: 1,
  not: 2,
  comparison: 3,
  additive: 4,
  multiplicative: 5,
  signed: 6,
  postfix: 7,
} as const
type Level = (typeof level)[keyof typeof level]

function levelOf(expression: Expression): Level {
  switch (expression.kind) {
    case 'logical':
      return expression.operator === 'OR' ? level.or : level.and
    case 'not':
      return level.not
    case 'comparison':
    case 'in':
      return level.comparison
    case 'arithmetic':
      return expression.operator === '+' || expression.operator === '-'
        ? level.additive
        : level.multiplicative
    case 'negate':
      return level.signed
    default:
      return level.postfix
  }
}

/** The expression where the grammar takes one of `least` or tighter. */
function at(least: Level, expression: Expression): string {
  const text = print(expression)
  return levelOf(expression) < least ? `(${text})` : text
}

/** Where `*` may stand: items, arguments, elements. */
function element(expression: Expression): string {
  return expression.kind === 'payload' ? '*' : at(level.or, expression)
}

function argument(expression: Expression): string {
  return expression.kind === 'select' ? printQuery(expression) : element(expression)
}

function print(expression: Expression): string {
  switch (expression.kind) {
    case 'literal':
      return printLiteral(expression)
    case 'field':
      return expression.name
    case 'member':
      return printMember(expression)
    case 'payload':
      return '*'
    case 'variable':
      return `@${expression.name}`
    case 'negate': {
      const operand = at(level.signed, expression.operand)
      // Two signs in a row would be a comment.
      return operand.startsWith('-') ? `- ${operand}` : `-${operand}`
    }
    case 'not':
      return `NOT ${at(level.not, expression.operand)}`
    case 'arithmetic':
      return binary(expression, levelOf(expression), levelOf(expression) + 1)
    case 'comparison':
      return binary(expression, level.comparison, level.additive)
    case 'in':
      return `${at(level.comparison, expression.element)} IN ${at(level.additive, expression.list)}`
    case 'logical': {
      const least = expression.operator === 'OR' ? level.and : level.not
      return expression.operands.map((operand) => at(least, operand)).join(` ${expression.operator} `)
    }
    case 'exists':
      return `EXISTS (${printQuery(expression.query)})`
    case 'case':
      return printCase(expression)
    case 'cast':
      return `CAST(${at(level.or, expression.operand)} AS ${expression.type})`
    case 'call':
      return `${expression.name}(${expression.arguments.map(argument).join(', ')})`
    case 'array':
      return `[${expression.elements.map(element).join(', ')}]`
    case 'object':
      return `{${expression.entries.map(({ key, value }) => `${quotedText(key)}: ${element(value)}`).join(', ')}}`
    case 'select':
      return `(${printQuery(expression)})`
  }
}

function binary(
  {
    operator,
    left,
    right,
  }: { readonly operator: string; readonly left: Expression; readonly right: Expression },
  leastLeft: number,
  leastRight: number,
): string {
  return `${at(leastLeft as Level, left)} ${operator} ${at(leastRight as Level, right)}`
}

function printLiteral(literal: LiteralExpression): string {
  if (literal.type === 'number') return literal.text
  if (literal.type === 'string') return quotedText(literal.value)
  return literal.value === null ? 'NULL' : literal.value ? 'TRUE' : 'FALSE'
}

function printMember({ object, name }: MemberExpression): string {
  return `${object.kind === 'payload' ? '*' : at(level.postfix, object)}.${name}`
}

function printCase({ subject, branches, otherwise }: CaseExpression): string {
  const whens = branches.map(({ when, then }) => `WHEN ${at(level.or, when)} THEN ${at(level.or, then)}`)
  const otherwiseText = otherwise === undefined ? [] : [`ELSE ${at(level.or, otherwise)}`]
  return ['CASE', at(level.or, subject), ...whens, ...otherwiseText, 'END'].join(' ')
}

// ---- clauses

function printAssignment({ name, value }: Assignment): string {
  return `@${name} = ${at(level.or, value)}`
}

/** A SELECT without the brackets around it. */
function printQuery({ select, source, alias, where }: NestedSelect): string {
  const from = source.kind === 'payload' ? '*' : at(level.postfix, source)
  const name = alias === undefined ? '' : ` AS ${alias}`
  return `${printSelect(select)} FROM ${from}${name}${where === undefined ? '' : ` WHERE ${at(level.or, where)}`}`
}

function printSelect(clause: SelectClause): string {
  if (clause.kind === 'value') return `SELECT VALUE ${element(clause.value)}`
  return `SELECT ${clause.items.map(printItem).join(', ')}`
}

function printItem({ value, spread, alias }: SelectItem, index: number): string {
  const text = spread ? `${at(level.postfix, value)}.*` : element(value)
  // An operation that begins with a field named value must not read as SELECT VALUE.
  const isHidden = index === 0 && /^value\s/i.test(text)
  return `${isHidden ? `(${text})` : text}${alias === undefined ? '' : ` AS ${printAlias(alias)}`}`
}

const plainName =
  /^[A-Za-z_\u00aa-\u200b\u2020-\ufefe\uff00-\ufffd][A-Za-z0-9_\u00aa-\u200b\u2020-\ufefe\uff00-\ufffd]*$/

function printAlias(alias: readonly string[]): string {
  const [first] = alias
  const isPlain = alias.length > 1 || (plainName.test(first!) && !/^(?:from|where)$/i.test(first!))
  return isPlain ? alias.join('.') : quotedText(first!)
}
