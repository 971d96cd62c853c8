import { isRecord, resolveValue, scalarText, type Template } from './intrinsics.ts'

/** Most ways in which the conditions of a template may come out that are looked at. */
const MAX_WAYS = 32
const MAX_DEPTH = 50

/** What a parameter is when it is none of the texts that conditions compare it with. */
const OTHER = '\u0000'

/** One way in which parameters, and with them conditions, may come out. */
interface Way {
  /** The parameters that conditions look at. */
  readonly parameters: ReadonlyMap<string, string>
  /** Conditions that no parameter decides, or that none of those looked at makes so. */
  readonly forced: ReadonlyMap<string, boolean>
  /** What was found out already. */
  readonly known: Map<string, boolean | undefined>
}

/**
 * The template once for each way in which the conditions used in `part` may come out; itself where it uses none. The
 * first is the one that defaults give. A parameter is taken to be its default, each of its allowed values, and each text
 * that a condition compares it with.
 * @param required a condition without which the part is not created
 */
export function waysOf(template: Template, part: unknown, required: unknown): Template[] {
  const used = conditionsIn(part)
  if (used.length === 0) return [template]
  const needed = typeof required === 'string' ? [required] : []
  const names = [...new Set([...used, ...needed])]
  const possible = assignments(template).flatMap((way) => decided(way, names, template))
  const wanted = possible.filter((way) => needed.every((name) => outcome(name, way, template) === true))
  const ways = distinct(wanted.length > 0 ? wanted : possible, names, template)
  return completed(
    ways,
    used.filter((name) => name !== required),
    template,
  )
    .slice(0, MAX_WAYS)
    .map((way) => withWay(template, way))
}

/** Names of the conditions that `Fn::If` asks for in a part of a template. */
function conditionsIn(part: unknown, depth = 0): string[] {
  if (typeof part !== 'object' || part === null || depth > MAX_DEPTH) return []
  const below = Object.values(part).flatMap((each) => conditionsIn(each, depth + 1))
  const argument = (part as Record<string, unknown>)['Fn::If']
  const name: unknown = Array.isArray(argument) ? argument[0] : undefined
  return typeof name === 'string' ? [...new Set([name, ...below])] : [...new Set(below)]
}

/** Every combination of what the parameters may be; each parameter by itself where those are too many. */
function assignments(template: Template): Way[] {
  const candidates = [...comparedWith(template)].map(
    ([name, texts]) => [name, candidatesOf(template.parameters[name], texts)] as const,
  )
  const first = new Map(candidates.map(([name, [text]]) => [name, text!]))
  const count = candidates.reduce((product, [, texts]) => product * texts.length, 1)
  const combined =
    count > MAX_WAYS
      ? [first, ...candidates.flatMap(([name, texts]) => texts.map((text) => new Map(first).set(name, text)))]
      : candidates.reduce(
          (maps, [name, texts]) => maps.flatMap((map) => texts.map((text) => new Map(map).set(name, text))),
          [new Map<string, string>()],
        )
  return combined.map((parameters) => ({ parameters, forced: new Map(), known: new Map() }))
}

/** The default first. */
function candidatesOf(parameter: unknown, compared: ReadonlySet<string>): string[] {
  const { Default: fallback, AllowedValues: allowed } = isRecord(parameter) ? parameter : {}
  const given = scalarText(fallback)
  const texts = Array.isArray(allowed)
    ? allowed.map(scalarText).filter((text) => text !== undefined)
    : [...compared, OTHER]
  return [...new Set([...(given === undefined ? [] : [given]), ...texts])].slice(0, MAX_WAYS)
}

/** The texts that conditions compare parameters with. */
function comparedWith({ conditions }: Template): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>()
  const look = (part: unknown, depth: number): void => {
    if (typeof part !== 'object' || part === null || depth > MAX_DEPTH) return
    const pair = (part as Record<string, unknown>)['Fn::Equals']
    if (Array.isArray(pair)) {
      const names = pair.map((side) => (isRecord(side) ? side['Ref'] : undefined))
      for (const name of names) {
        if (typeof name !== 'string') continue
        const texts = found.get(name) ?? new Set()
        for (const side of pair as unknown[]) if (scalarText(side) !== undefined) texts.add(scalarText(side)!)
        found.set(name, texts)
      }
    }
    for (const each of Object.values(part)) look(each, depth + 1)
  }
  look(conditions, 0)
  return found
}

/** The way itself, or one for each outcome of the conditions that it leaves open. */
function decided(way: Way, names: readonly string[], template: Template): Way[] {
  let ways = [way]
  for (const name of names) {
    if (!Object.hasOwn(template.conditions, name)) continue
    ways = ways.flatMap((each) =>
      outcome(name, each, template) === undefined && ways.length < MAX_WAYS
        ? [true, false].map((is) => forcing(each, name, is))
        : [each],
    )
  }
  return ways
}

/** One way for each combination of outcomes. */
function distinct(ways: readonly Way[], names: readonly string[], template: Template): Way[] {
  const known = new Map<string, Way>()
  for (const way of ways) {
    const key = names.map((name) => outcome(name, way, template)).join()
    if (!known.has(key)) known.set(key, way)
  }
  return [...known.values()]
}

/** With a way for each outcome that none has, so that both sides of every Fn::If are looked at. */
function completed(ways: readonly Way[], names: readonly string[], template: Template): Way[] {
  const result = [...ways]
  for (const name of names) {
    if (!Object.hasOwn(template.conditions, name)) continue
    for (const is of [true, false]) {
      const isMissing = result.every((way) => outcome(name, way, template) !== is)
      if (isMissing) result.push(forcing(ways[0]!, name, is))
    }
  }
  return result
}

function forcing({ parameters, forced }: Way, name: string, is: boolean): Way {
  return { parameters, forced: new Map(forced).set(name, is), known: new Map() }
}

function withWay(template: Template, way: Way): Template {
  const chosen = Object.entries(template.parameters).map(([name, parameter]) => {
    const text = way.parameters.get(name)
    const isChosen = text !== undefined && text !== OTHER && isRecord(parameter)
    return [name, isChosen ? { ...parameter, Default: text } : parameter]
  })
  return {
    ...template,
    parameters: Object.fromEntries(chosen) as Template['parameters'],
    decide: (name) => outcome(name, way, template),
  }
}

/** Whether a condition is met; undefined where only the deployment knows, and where it depends on itself. */
function outcome(name: string, way: Way, template: Template): boolean | undefined {
  const { forced, known } = way
  if (forced.has(name)) return forced.get(name)
  if (known.has(name) || !Object.hasOwn(template.conditions, name)) return known.get(name)
  known.set(name, undefined)
  const is = isMet(template.conditions[name], way, template)
  known.set(name, is)
  return is
}

function isMet(expression: unknown, way: Way, template: Template, depth = 0): boolean | undefined {
  if (!isRecord(expression) || depth > MAX_DEPTH) return undefined
  const [[name, argument] = ['', undefined]] = Object.entries(expression)
  if (name === 'Condition') return typeof argument === 'string' ? outcome(argument, way, template) : undefined
  const list: readonly unknown[] = Array.isArray(argument) ? argument : [argument]
  if (name === 'Fn::Equals') return isEqual(list, way, template)
  const each = list.map((item) => isMet(item, way, template, depth + 1))
  if (name === 'Fn::Not') return each[0] === undefined ? undefined : !each[0]
  if (name === 'Fn::And') return each.includes(false) ? false : each.includes(undefined) ? undefined : true
  if (name === 'Fn::Or') return each.includes(true) ? true : each.includes(undefined) ? undefined : false
  return undefined
}

function isEqual(sides: readonly unknown[], way: Way, template: Template): boolean | undefined {
  const [one, other] = sides.map((side) => {
    const name = isRecord(side) ? side['Ref'] : undefined
    const chosen = typeof name === 'string' ? way.parameters.get(name) : undefined
    if (chosen !== undefined) return chosen
    const resolved = resolveValue(side, template, 0)
    return resolved.kind === 'known' ? scalarText(resolved.value) : undefined
  })
  return one === undefined || other === undefined ? undefined : one === other
}
