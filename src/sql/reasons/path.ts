import { nearest } from '../../nearest.ts'
import { isObject, jsonFault, type Value } from '../../value/index.ts'
import { type MemberExpression } from '../ast.ts'
import { preview } from '../diagnostics.ts'
import { describe, typeInWords } from './describe.ts'
import { code, fromOperand, type Operand, type Reason, type ReasonContext } from './reason.ts'

/** Names that a misspelled one is compared with. */
const MOST_NAMES = 200

export function whyField(name: string, context: ReasonContext): Reason {
  const { frames } = context
  if (frames.some(({ alias }) => alias === name)) return { text: `the element ${code(name)} is Undefined` }
  const inElement = frames.length === 0 ? '' : 'the element nor in '
  const negation = frames.length === 0 ? 'not in' : 'neither in'
  const { payload } = context.scope
  const root = payload.root()
  if (!payload.isJson) {
    const text = `${whatPayloadIs(payload.bytes)}, so ${code(name)} has no value`
    return { text: frames.length === 0 ? text : `${code(name)} is not in the element, and ${text}` }
  }
  if (!isObject(root) && frames.length === 0) {
    return { text: `the payload is ${describe(root)} and has no field ${code(name)}` }
  }
  const meant = context.selected?.get(name)
  if (meant !== undefined && frames.length === 0) {
    const text = `${code(name)} is not in the payload: SELECT gives this name to ${code(meant)}, which is what to write here`
    return { text }
  }
  const element = frames.findLast((frame) => isObject(frame.element))?.element
  return {
    text: `${code(name)} is ${negation} ${inElement}the payload${hint(name, element, root)}${isEmpty(root) ? ', which is empty' : ''}`,
  }
}

export function whyMember(
  { object, name }: MemberExpression,
  operand: Operand,
  context: ReasonContext,
): Reason | undefined {
  // `*.name` at the top is a field of the payload.
  if (object.kind === 'payload' && context.frames.length === 0) return whyField(name, context)
  if (operand.value === undefined) return fromOperand([operand])
  if (isObject(operand.value)) {
    return { text: `${code(operand.text)} has no member ${code(name)}${hint(name, operand.value)}` }
  }
  if (operand.value === null) return { text: `${code(operand.text)} is Null and has no members` }
  return { text: `${code(operand.text)} is ${typeInWords(operand.value)} and has no members` }
}

export function whyPayload({ scope, frames }: ReasonContext): Reason {
  return { text: frames.length === 0 ? whatPayloadIs(scope.payload.bytes) : 'the element is Undefined' }
}

/** The assignment tells the rest. */
export function whyVariable(name: string): Reason {
  return { text: `what was assigned to @${preview(name)} is Undefined, or does not fit into 128 KiB` }
}

/** What a payload that is not JSON is instead, and where it stops being JSON. */
export function whatPayloadIs(bytes: Buffer): string {
  if (bytes.length === 0) return 'the payload is empty'
  const fault = jsonFault(bytes)
  if (fault === undefined) return 'the payload is JSON'
  return fault.reason === 'invalid UTF-8'
    ? 'the payload is not UTF-8'
    : `the payload is not JSON (${fault.reason} at byte ${fault.offset})`
}

/** A name that differs only in case, or in a letter or two. */
function hint(name: string, ...objects: readonly Value[]): string {
  const names: string[] = []
  for (const object of objects) {
    if (!isObject(object)) continue
    for (const key of object.keys()) if (names.push(key) >= MOST_NAMES) break
  }
  const close =
    names.find((each) => each.toLowerCase() === name.toLowerCase()) ??
    nearest(name, names, Math.max(1, Math.floor(name.length / 4)))
  if (close !== undefined && close !== name) return `; there is ${code(close)}`
  return ''
}

function isEmpty(value: Value): boolean {
  return isObject(value) && value.size === 0
}
