import { isObject, spend, type Value } from '../../value/index.ts'
import { type Expression, type SelectClause, type SelectItem } from '../ast.ts'
import { type Compiled, dynamic, heaviestOf } from '../compiled.ts'
import { type Compiling } from '../context.ts'
import { preview } from '../diagnostics.ts'
import { type Evaluator } from '../scope.ts'

type Output = Map<string, Value>

/** One item of a SELECT list: its value, and where it goes: a path of keys, or into the output itself. */
export interface PlannedItem {
  readonly compiled: Compiled
  readonly path: readonly string[] | undefined
}

export type SelectPlan =
  | { readonly kind: 'value'; readonly compiled: Compiled }
  | { readonly kind: 'items'; readonly items: readonly PlannedItem[] }

/**
 * Decides keys and values of a SELECT list.
 * `*`, `path.*` and an object literal without AS are spread into the output; `AS a.b` builds nested objects.
 * Source: https://docs.aws.amazon.com/iot/latest/developerguide/iot-sql-select.html
 */
export function planSelect(clause: SelectClause, compiling: Compiling): SelectPlan {
  if (clause.kind === 'value') return { kind: 'value', compiled: compiling.compile(clause.value) }
  const [only] = clause.items
  // SELECT * alone passes on what is no object, too.
  if (clause.items.length === 1 && only!.value.kind === 'payload' && only!.alias === undefined) {
    return { kind: 'value', compiled: compiling.compile(only!.value) }
  }
  const items = clause.items.map((item) => ({
    compiled: segment(compiling.compile(item.value), compiling),
    path: pathOf(item, compiling),
  }))
  return { kind: 'items', items }
}

/** Items of the outermost list ask services side by side. */
function segment(compiled: Compiled, { frames }: Compiling): Compiled {
  const { evaluate, effect } = compiled
  if (effect !== 'remote' || frames.length > 0) return compiled
  return dynamic((scope) => {
    scope.remote?.separate()
    return evaluate(scope)
  }, effect)
}

export function compileSelect(plan: SelectPlan): Compiled {
  if (plan.kind === 'value') return plan.compiled
  const { items } = plan
  const evaluate = isFlat(items) ? flatOutput(items) : nestedOutput(items)
  return dynamic(evaluate, heaviestOf(items.map(({ compiled }) => compiled)))
}

/** True when each item has one key of its own, so that the output is an object with the keys in that order. */
export function isFlat(items: readonly PlannedItem[]): boolean {
  const keys = items.map(({ path }) => (path?.length === 1 ? path[0] : undefined))
  return !keys.includes(undefined) && new Set(keys).size === keys.length
}

function flatOutput(items: readonly PlannedItem[]): Evaluator {
  const keys = items.map(({ path }) => path![0]!)
  const getters = items.map(({ compiled }) => compiled.evaluate)
  return (scope) => {
    const output: Output = new Map()
    for (let index = 0; index < keys.length; index++) {
      const value = getters[index]!(scope)
      if (value !== undefined) output.set(keys[index]!, value)
    }
    return output
  }
}

function nestedOutput(items: readonly PlannedItem[]): Evaluator {
  return (scope) => {
    const output: Output = new Map()
    for (const { compiled, path } of items) {
      const value = compiled.evaluate(scope)
      if (path === undefined) takeIn(output, value)
      else if (value !== undefined) place(output, path, value)
    }
    return output
  }
}

function takeIn(output: Output, value: Value): void {
  if (!isObject(value) || !spend(4 * value.size)) return
  for (const [key, member] of value) output.set(key, member)
}

/** Objects on the way are copied: they may belong to the payload. */
function place(output: Output, path: readonly string[], value: Value): void {
  let at = output
  for (const key of path.slice(0, -1)) {
    const existing = at.get(key)
    const inner: Output = isObject(existing) && spend(4 * existing.size) ? new Map(existing) : new Map()
    at.set(key, inner)
    at = inner
  }
  at.set(path.at(-1)!, value)
}

function pathOf(item: SelectItem, { findings }: Compiling): readonly string[] | undefined {
  const path = outputPath(item, findings.text)
  const { value, alias } = item
  if (path !== undefined && alias === undefined && ownName(value) === undefined) {
    const text = path[0]!
    const message = `${preview(text)} has no name; AWS does not document what it is called then.`
    findings.warn('SQL_UNNAMED_ITEM', item.span, message, `name it: ${preview(text)} AS name`)
  }
  return path
}

/** Keys under which an item of a SELECT list goes into the output; undefined when its members go in themselves. */
export function outputPath(
  { value, spread, alias }: SelectItem,
  text: string,
): readonly string[] | undefined {
  if (alias !== undefined) return alias
  if (spread || value.kind === 'payload' || value.kind === 'object') return undefined
  return [ownName(value) ?? text.slice(value.span.start, value.span.end)]
}

/** The key of an item without AS: the last segment of a path, the name of a function. */
function ownName(value: Expression): string | undefined {
  switch (value.kind) {
    case 'field':
    case 'member':
    case 'variable':
    case 'call':
      return value.name
    case 'cast':
      return 'cast'
    default:
      return undefined
  }
}
