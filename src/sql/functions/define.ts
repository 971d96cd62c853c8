import {
  type Conversions,
  type DeclaredType,
  type Effect,
  type FunctionDefinition,
  type FunctionSpec,
  type Param,
  type ParamKind,
} from './spec.ts'

/**
 * Declares one SQL function. `params` is read as a const tuple, so `evaluate` receives its declared types.
 * Throws on a malformed spec, which stops the process at boot.
 */
export function defineFunction<const P extends readonly Param[], R extends DeclaredType, E extends Effect>(
  definition: FunctionDefinition<P, R, E>,
): FunctionSpec {
  const { name, params } = definition
  checkOrder(name, params)
  const evaluate = definition.evaluate as unknown as FunctionSpec['evaluate']
  const whyUndefined = definition.whyUndefined as unknown as FunctionSpec['whyUndefined']
  return Object.freeze({ ...definition, evaluate, whyUndefined, arity: arityOf(params) })
}

/** A parameter that every call must give. `conversions` names the source types that convert in a way of their own. */
export function param<const N extends string, T extends DeclaredType>(
  name: N,
  type: T,
  summary: string,
  conversions: Conversions = {},
): Param<N, T, 'required'> {
  return { name, type, kind: 'required', summary, conversions }
}

/** A parameter that may be left out; given but Undefined, it makes the call Undefined like any other. */
export function optional<const N extends string, T extends DeclaredType>(
  name: N,
  type: T,
  summary: string,
  conversions: Conversions = {},
): Param<N, T, 'optional'> {
  return { name, type, kind: 'optional', summary, conversions }
}

/** The last parameter, taking any number of arguments from none. */
export function rest<const N extends string, T extends DeclaredType>(
  name: N,
  type: T,
  summary: string,
  conversions: Conversions = {},
): Param<N, T, 'rest'> {
  return { name, type, kind: 'rest', summary, conversions }
}

const rank: Record<ParamKind, number> = { required: 0, optional: 1, rest: 2 }

function checkOrder(name: string, params: readonly Param[]): void {
  const names = new Set(params.map((each) => each.name))
  if (names.size !== params.length) throw new Error(`function ${name}: two parameters share a name`)
  const ranks = params.map((each) => rank[each.kind])
  const ordered = ranks.every((value, index) => index === 0 || ranks[index - 1]! <= value)
  if (!ordered || ranks.filter((value) => value === rank.rest).length > 1) {
    throw new Error(
      `function ${name}: required parameters come first, then optional ones, then at most one rest`,
    )
  }
}

function arityOf(params: readonly Param[]): { min: number; max: number } {
  const min = params.filter((each) => each.kind === 'required').length
  const max = params.some((each) => each.kind === 'rest') ? Infinity : params.length
  return { min, max }
}
