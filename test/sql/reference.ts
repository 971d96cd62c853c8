import { bindFunction, findFunction } from '../../src/sql/functions/index.ts'
import {
  type Expression,
  type NestedSelect,
  type Scope,
  type SelectClause,
  type SqlVersion,
  type Statement,
} from '../../src/sql/index.ts'
import {
  add,
  compare,
  Decimal,
  divide,
  floor,
  isNumeric,
  multiply,
  numberText,
  type Numeric,
  remainder,
  toBoolean,
  toDecimal,
  toText,
  type Value,
  wholeToInt,
} from '../../src/value/index.ts'

/*
 * A second reading of the language, to compare the compiler's with: walks the tree for every message, reads the whole
 * payload into values beforehand, folds nothing and has no short ways. Numbers and functions are those of the product,
 * the latter bound anew for each call as if no argument were known beforehand.
 */

interface Frame {
  readonly alias: string | undefined
  readonly element: Value
}

interface Context {
  readonly version: SqlVersion
  readonly text: string
  readonly scope: Scope
  readonly payload: Value
  readonly variables: Map<string, Value>
  readonly frames: readonly Frame[]
}

/** What a statement makes of a message: `matched` tells whether WHERE passed. */
export function interpret(
  statement: Statement,
  version: SqlVersion,
  scope: Scope,
): { matched: boolean; value: Value } {
  const payload = readPayload(scope.message.payload, version)
  const variables = new Map<string, Value>()
  const context = { version, text: statement.text, scope, payload, variables, frames: [] }
  for (const { name, value } of statement.assignments) variables.set(name, evaluate(value, context))
  if (statement.where !== undefined && evaluate(statement.where, context) !== true)
    return { matched: false, value: undefined }
  return { matched: true, value: select(statement.select, context) }
}

// ---- payload

/** The whole payload as a value; Undefined when it is not one JSON text. */
export function readPayload(bytes: Buffer, version: SqlVersion): Value {
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    JSON.parse(text)
  } catch {
    return undefined
  }
  const tokens = text.match(/"(?:[^"\\]|\\.)*"|[[\]{}:,]|[^\s[\]{}:,"]+/gs) ?? []
  if (deepest(tokens) > 512) return undefined
  let at = 0
  const read = (): Value => {
    const token = tokens[at++]!
    if (token === '[') {
      const array: Value[] = []
      while (tokens[at] !== ']') {
        array.push(read())
        if (tokens[at] === ',') at++
      }
      at++
      return array
    }
    if (token === '{') {
      const object = new Map<string, Value>()
      while (tokens[at] !== '}') {
        const key = JSON.parse(tokens[at]!) as string
        at += 2
        object.set(key, read())
        if (tokens[at] === ',') at++
      }
      at++
      return object
    }
    if (/^[-\d]/.test(token)) return inVersion(Decimal.parse(token), version)
    return JSON.parse(token) as Value
  }
  return read()
}

function deepest(tokens: readonly string[]): number {
  let [depth, most] = [0, 0]
  for (const token of tokens) {
    if (token === '[' || token === '{') most = Math.max(most, ++depth)
    else if (token === ']' || token === '}') depth--
  }
  return most
}

function inVersion(value: Value, version: SqlVersion): Value {
  return version === '2016-03-23' ? wholeToInt(value) : value
}

// ---- expressions

function evaluate(node: Expression, context: Context): Value {
  switch (node.kind) {
    case 'literal':
      return node.type === 'number' ? inVersion(Decimal.parse(node.text), context.version) : node.value
    case 'field':
      return field(node.name, context)
    case 'payload':
      return context.frames.length === 0 ? context.payload : context.frames.at(-1)!.element
    case 'member':
      return member(evaluate(node.object, context), node.name)
    case 'variable':
      return context.variables.get(node.name)
    case 'negate': {
      const number = toDecimal(evaluate(node.operand, context))
      return number === undefined ? undefined : inVersion(negative(number), context.version)
    }
    case 'not': {
      const operand = toBoolean(evaluate(node.operand, context))
      return operand === undefined ? undefined : !operand
    }
    case 'arithmetic':
      return inVersion(
        arithmetic(node.operator, evaluate(node.left, context), evaluate(node.right, context)),
        context.version,
      )
    case 'comparison':
      return comparison(node.operator, evaluate(node.left, context), evaluate(node.right, context))
    case 'logical': {
      const operands = node.operands.map((operand) => toBoolean(evaluate(operand, context)))
      if (operands.includes(undefined)) return undefined
      return node.operator === 'AND' ? !operands.includes(false) : operands.includes(true)
    }
    case 'in': {
      const element = evaluate(node.element, context)
      const list = evaluate(node.list, context)
      if (element === undefined || !Array.isArray(list)) return undefined
      return (list as Value[]).some((each) => same(each, element))
    }
    case 'exists':
      return exists(node.query, context)
    case 'select':
      return query(node, context)
    case 'case': {
      const subject = evaluate(node.subject, context)
      if (subject === undefined) return undefined
      const branch = node.branches.find(({ when }) => same(subject, evaluate(when, context)))
      if (branch !== undefined) return evaluate(branch.then, context)
      return node.otherwise === undefined ? undefined : evaluate(node.otherwise, context)
    }
    case 'cast':
      return inVersion(cast(evaluate(node.operand, context), node.type.toLowerCase()), context.version)
    case 'call':
      return call(node, context)
    case 'array':
      return node.elements.map((each) => evaluate(each, context))
    case 'object':
      return objectOf(node.entries.map(({ key, value }) => [key, evaluate(value, context)]))
  }
}

function field(name: string, { frames, payload }: Context): Value {
  for (const { alias, element } of [...frames].reverse()) {
    if (alias === name) return element
    if (element instanceof Map && element.has(name)) return (element as Map<string, Value>).get(name)
  }
  return member(payload, name)
}

function member(value: Value, name: string): Value {
  return value instanceof Map ? (value as Map<string, Value>).get(name) : undefined
}

function objectOf(entries: readonly (readonly [string, Value])[]): Map<string, Value> {
  const object = new Map<string, Value>()
  for (const [key, value] of entries) if (value !== undefined) object.set(key, value)
  return object
}

function negative(number: Numeric): Numeric {
  const text = numberText(number)
  return Decimal.parse(text.startsWith('-') ? text.slice(1) : `-${text}`) ?? number
}

function arithmetic(operator: string, a: Value, b: Value): Value {
  if (operator === '+' && (typeof a === 'string' || typeof b === 'string')) {
    const [left, right] = [toText(a), toText(b)]
    return left === undefined || right === undefined ? undefined : left + right
  }
  const [left, right] = [toDecimal(a), toDecimal(b)]
  if (left === undefined || right === undefined) return undefined
  switch (operator) {
    case '+':
      return add(left, right)
    case '-':
      return add(left, negative(right))
    case '*':
      return multiply(left, right)
    case '/':
      return divide(left, right)
    default:
      return remainder(left, right)
  }
}

function comparison(operator: string, a: Value, b: Value): Value {
  if (operator === '=' || operator === '<>') {
    if (a === undefined || b === undefined) return undefined
    return same(a, b) === (operator === '=')
  }
  const [left, right] = [toDecimal(a), toDecimal(b)]
  if (left === undefined || right === undefined) return undefined
  const sign = compare(left, right)
  return { '<': sign < 0, '<=': sign <= 0, '>': sign > 0, '>=': sign >= 0 }[operator]
}

function same(a: Value, b: Value): boolean {
  if (isNumeric(a) || isNumeric(b)) return isNumeric(a) && isNumeric(b) && compare(a, b) === 0
  if (Array.isArray(a) || Array.isArray(b)) {
    const [left, right] = [a as Value[], b as Value[]]
    if (!Array.isArray(a) || !Array.isArray(b) || left.length !== right.length) return false
    return left.every((each, index) => same(each, right[index]))
  }
  if (a instanceof Map && b instanceof Map) {
    const right = b as Map<string, Value>
    return (
      a.size === right.size &&
      [...(a as Map<string, Value>)].every(([key, value]) => right.has(key) && same(value, right.get(key)))
    )
  }
  return a === b
}

function cast(value: Value, type: string): Value {
  if (['string', 'nvarchar', 'text', 'ntext', 'varchar'].includes(type)) return toText(value)
  if (type === 'bool' || type === 'boolean')
    return isNumeric(value) ? compare(value, 0) !== 0 : toBoolean(value)
  const whole = type === 'int' || type === 'integer'
  if (typeof value === 'boolean') return whole ? Number(value) : Decimal.parse(value ? '1.0' : '0.0')
  const number = toDecimal(value)
  return number === undefined || !whole ? number : floor(number)
}

const NO_SERVICES = { services: new Set<string>(), protobuf: undefined }

/** Modes and schemes must be known when a rule is made. */
const NEEDS_LITERALS = ['transform', 'decode', 'encode']

function call({ name, arguments: args }: Expression & { kind: 'call' }, context: Context): Value {
  const spec = findFunction(name)!
  const bound = args.map((argument) => {
    const value = evaluate(argument, context)
    const constant = argument.kind === 'literal' && NEEDS_LITERALS.includes(spec.name)
    const star = argument.kind === 'payload' && context.frames.length === 0
    return { evaluate: () => value, constant, value: constant ? value : undefined, star }
  })
  return bindFunction(spec, bound, context.version, NO_SERVICES)(context.scope)
}

// ---- SELECT

function select(clause: SelectClause, context: Context): Value {
  if (clause.kind === 'value') return evaluate(clause.value, context)
  const [only] = clause.items
  if (clause.items.length === 1 && only!.value.kind === 'payload' && only!.alias === undefined)
    return evaluate(only!.value, context)
  const output = new Map<string, Value>()
  for (const { value: node, spread, alias } of clause.items) {
    const value = evaluate(node, context)
    if (alias === undefined && (spread || node.kind === 'payload' || node.kind === 'object')) {
      if (value instanceof Map) for (const [key, each] of value as Map<string, Value>) output.set(key, each)
    } else if (value !== undefined) place(output, alias ?? [nameOf(node, context)], value)
  }
  return output
}

function nameOf(node: Expression, { text }: Context): string {
  if ('name' in node) return node.name
  return node.kind === 'cast' ? 'cast' : text.slice(node.span.start, node.span.end)
}

function place(output: Map<string, Value>, [key, ...rest]: readonly string[], value: Value): void {
  if (rest.length === 0) return void output.set(key!, value)
  const existing = output.get(key!)
  const inner = new Map<string, Value>(existing instanceof Map ? (existing as Map<string, Value>) : [])
  place(inner, rest, value)
  output.set(key!, inner)
}

function rows({ alias, where }: NestedSelect, elements: readonly Value[], context: Context): Context[] {
  return elements
    .map((element) => ({ ...context, frames: [...context.frames, { alias, element }] }))
    .filter((inner) => where === undefined || evaluate(where, inner) === true)
}

function query(node: NestedSelect, context: Context): Value {
  const source = evaluate(node.source, context)
  const values = (elements: readonly Value[]): Value[] =>
    rows(node, elements, context)
      .map((inner) => select(node.select, inner))
      .filter((value) => value !== undefined)
  if (Array.isArray(source)) return values(source as Value[])
  if (!(source instanceof Map)) return undefined
  return node.source.kind === 'payload' ? values([source]) : values([source])[0]
}

function exists(node: NestedSelect, context: Context): boolean {
  const source = evaluate(node.source, context)
  const elements = Array.isArray(source) ? (source as Value[]) : source instanceof Map ? [source] : []
  return rows(node, elements, context).length > 0
}
