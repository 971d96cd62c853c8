import { type Value } from '../../value/index.ts'
import { preview } from '../diagnostics.ts'
import { type Scope } from '../scope.ts'
import { type SqlVersion } from '../versions.ts'
import { describe } from './describe.ts'

/** A sub-expression as the reasons of the one above it see it. */
export interface Operand {
  readonly text: string
  readonly value: Value
  /** False when it was not asked for its value. */
  readonly evaluated: boolean
}

/** Why a value is Undefined. */
export interface Reason {
  readonly text: string
  /** Index of the operand that it came from, when that was Undefined itself. */
  readonly operand?: number
}

/** What a sub-expression saw besides its operands. */
export interface ReasonContext {
  readonly scope: Scope
  readonly version: SqlVersion
  /** The elements of the nested SELECTs around it, outermost first, with the names they are given. */
  readonly frames: readonly Frame[]
  /** What SELECT gives names to, by name; outside of its result those mean nothing. */
  readonly selected?: ReadonlyMap<string, string>
}

export interface Frame {
  readonly alias: string | undefined
  readonly element: Value
}

/** A piece of the statement, quoted. */
export function code(text: string): string {
  return `\`${preview(text)}\``
}

/** The first of the operands that is Undefined, as the reason. */
export function fromOperand(operands: readonly Operand[], only?: readonly number[]): Reason | undefined {
  const index = operands.findIndex(
    ({ evaluated, value }, at) =>
      evaluated && value === undefined && (only === undefined || only.includes(at)),
  )
  return index < 0 ? undefined : { text: `${code(operands[index]!.text)} is Undefined`, operand: index }
}

/** `x` is the String "abc", followed by what is wrong with that; a literal is not told twice. */
export function about({ text, value }: Operand, complaint: string): Reason {
  const told = describe(value)
  const isLiteral =
    /^(?:the (?:Int|Decimal|Boolean) |Null$)/.test(told) && told.toLowerCase().endsWith(text.toLowerCase())
  return { text: isLiteral ? `${told}, ${complaint}` : `${code(text)} is ${told}, ${complaint}` }
}
