import { toBoolean, toDecimal, type TypeName, typeOf, type Value } from '../value/index.ts'
import { type CallExpression, type CaseExpression, type Expression } from './ast.ts'
import { converterOf } from './functions/convert.ts'
import { findFunction, type Param } from './functions/index.ts'

/** A set of value types, as bits. */
export type Types = number

const bits = {
  Undefined: 1,
  Null: 2,
  Boolean: 4,
  Int: 8,
  Decimal: 16,
  String: 32,
  Array: 64,
  Object: 128,
} as const
const { Undefined, Boolean, String, Array, Object } = bits
const Number = bits.Int | bits.Decimal
const Any: Types = 255
const hasText = Boolean | Number | String | Array | Object

/** Types that the standard conversion to a parameter's type accepts. */
const accepted: Readonly<Record<Param['type'], Types>> = {
  Any,
  Boolean: Boolean | String,
  Int: Number | String,
  Decimal: Number | String,
  String: hasText,
  Array,
  Object,
}

/** What calls of a function yield by what it declares; version 2016-03-23 shows whole Decimals as Int. */
const returned: Readonly<Record<Param['type'], Types>> = {
  Any,
  Boolean: Boolean | Undefined,
  Int: Number | Undefined,
  Decimal: Number | Undefined,
  String: String | Undefined,
  Array: Array | Undefined,
  Object: Object | Undefined,
}

const castTypes: Readonly<Record<string, Types>> = {
  ...{ string: String, nvarchar: String, text: String, ntext: String, varchar: String },
  ...{ int: Number, integer: Number, double: Number, decimal: Number, bool: Boolean, boolean: Boolean },
}

/**
 * Which types the values of expressions can have, whatever the message; a type that is left out never occurs.
 * Holds for one compiled statement.
 */
export class Inference {
  readonly #constants: ReadonlyMap<Expression, Value>
  readonly #variables = new Map<string, Types>()
  readonly #known = new Map<Expression, Types>()

  /** `constants` has the value of every expression that does not depend on the message. */
  constructor(constants: ReadonlyMap<Expression, Value>) {
    this.#constants = constants
  }

  /** Tells what SET assigns; a value that is too large is Undefined. */
  assign(name: string, value: Expression): void {
    this.#variables.set(name, this.typesOf(value) | Undefined)
  }

  isConstant(expression: Expression): boolean {
    return this.#constants.has(expression)
  }

  constantOf(expression: Expression): Value {
    return this.#constants.get(expression)
  }

  typesOf(expression: Expression): Types {
    const known = this.#known.get(expression)
    if (known !== undefined) return known
    const types = this.isConstant(expression)
      ? bits[typeOf(this.constantOf(expression))]
      : this.#infer(expression)
    this.#known.set(expression, types)
    return types
  }

  isAlwaysUndefined(expression: Expression): boolean {
    return this.typesOf(expression) === Undefined
  }

  /** False when the value is no number and no String that is one, whatever the message. */
  canBeNumber(expression: Expression): boolean {
    if (this.isConstant(expression)) return toDecimal(this.constantOf(expression)) !== undefined
    return (this.typesOf(expression) & (Number | String)) !== 0
  }

  /** False when the value is no Boolean and none of the strings `true` and `false`, whatever the message. */
  canBeBoolean(expression: Expression): boolean {
    if (this.isConstant(expression)) return toBoolean(this.constantOf(expression)) !== undefined
    return (this.typesOf(expression) & (Boolean | String)) !== 0
  }

  hasBoolean(expression: Expression): boolean {
    return (this.typesOf(expression) & Boolean) !== 0
  }

  canBeArray(expression: Expression): boolean {
    return (this.typesOf(expression) & Array) !== 0
  }

  /** True when two values are never of one type, a Decimal and an Int being of one. */
  areApart(left: Expression, right: Expression): boolean {
    const widen = (types: Types): Types => ((types & Number) === 0 ? types : types | Number)
    return (widen(this.typesOf(left)) & widen(this.typesOf(right)) & ~Undefined) === 0
  }

  /** False when a parameter takes no value that the argument can have. */
  canConvert(argument: Expression, parameter: Param): boolean {
    if (this.isConstant(argument)) {
      const convert = converterOf(parameter)
      return convert === undefined || convert(this.constantOf(argument)) !== undefined
    }
    let types = accepted[parameter.type]
    for (const [name, conversion] of globalThis.Object.entries(parameter.conversions)) {
      if (conversion === 'refuse') types &= ~bits[name as TypeName]
    }
    return (this.typesOf(argument) & types) !== 0
  }

  /** The types in words: `a String`, `an Int or a Decimal`. */
  inWords(expression: Expression): string {
    const types = this.typesOf(expression) & (this.typesOf(expression) === Undefined ? Any : ~Undefined)
    const names = (globalThis.Object.keys(bits) as TypeName[]).filter((name) => (types & bits[name]) !== 0)
    return names
      .map((name) => (/^(Undefined|Null)$/.test(name) ? name : `${/^[AIO]/.test(name) ? 'an' : 'a'} ${name}`))
      .join(' or ')
  }

  #infer(expression: Expression): Types {
    switch (expression.kind) {
      case 'array':
        return Array
      case 'object':
        return Object
      case 'exists':
        return Boolean
      case 'variable':
        return this.#variables.get(expression.name) ?? Any
      case 'member':
        return (this.typesOf(expression.object) & Object) === 0 ? Undefined : Any
      case 'negate':
        return this.canBeNumber(expression.operand) ? Number | Undefined : Undefined
      case 'not':
        return this.canBeBoolean(expression.operand) ? Boolean | Undefined : Undefined
      case 'logical':
        return expression.operands.every((each) => this.canBeBoolean(each)) ? Boolean | Undefined : Undefined
      case 'comparison':
        return this.#comparison(expression)
      case 'in':
        return !this.isAlwaysUndefined(expression.element) && this.canBeArray(expression.list)
          ? Boolean | Undefined
          : Undefined
      case 'arithmetic':
        return this.#arithmetic(expression)
      case 'cast':
        return (castTypes[expression.type.toLowerCase()] ?? Any) | Undefined
      case 'case':
        return this.#caseOf(expression)
      case 'call':
        return this.#call(expression)
      default:
        return Any
    }
  }

  #comparison({ operator, left, right }: Expression & { kind: 'comparison' }): Types {
    const possible =
      operator === '=' || operator === '<>'
        ? !this.isAlwaysUndefined(left) && !this.isAlwaysUndefined(right)
        : this.canBeNumber(left) && this.canBeNumber(right)
    return possible ? Boolean | Undefined : Undefined
  }

  #arithmetic({ operator, left, right }: Expression & { kind: 'arithmetic' }): Types {
    let types: Types = Undefined
    if (this.canBeNumber(left) && this.canBeNumber(right)) types |= Number
    if (operator !== '+') return types
    const [a, b] = [this.typesOf(left), this.typesOf(right)]
    const joins = ((a & String) !== 0 && (b & hasText) !== 0) || ((b & String) !== 0 && (a & hasText) !== 0)
    return joins ? types | String : types
  }

  #caseOf({ branches, otherwise }: CaseExpression): Types {
    const results = [...branches.map(({ then }) => then), ...(otherwise === undefined ? [] : [otherwise])]
    return results.reduce((types, result) => types | this.typesOf(result), Undefined as Types)
  }

  #call({ name, arguments: args }: CallExpression): Types {
    const spec = findFunction(name)
    if (spec === undefined) return Any
    if (args.length < spec.arity.min || args.length > spec.arity.max) return Undefined
    const { params } = spec
    const converts = args.every((argument, index) =>
      this.canConvert(argument, params[Math.min(index, params.length - 1)]!),
    )
    return converts ? returned[spec.returns] : Undefined
  }
}
