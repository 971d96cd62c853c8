/** What a value of a template comes to before it is deployed. */
export type Resolved =
  | { readonly kind: 'plain' }
  | { readonly kind: 'known'; readonly value: unknown }
  /** A part of the template, which may hold further functions; `steps` lead to it from the value that was resolved. */
  | { readonly kind: 'part'; readonly value: unknown; readonly steps: readonly (string | number)[] }
  /** A text in which stand-ins replace what is not known. */
  | { readonly kind: 'partial'; readonly text: string; readonly reason: string }
  | { readonly kind: 'unknown'; readonly reason: string }
  /** AWS::NoValue: the property is not there. */
  | { readonly kind: 'absent' }

export interface Template {
  readonly parameters: Readonly<Record<string, unknown>>
  readonly mappings: Readonly<Record<string, unknown>>
  readonly conditions: Readonly<Record<string, unknown>>
  /** Whether a condition is met; undefined where only the deployment knows. */
  decide(condition: string): boolean | undefined
}

/** Account, region and the like of no account in particular. */
const pseudoParameters: Readonly<Record<string, string>> = {
  'AWS::AccountId': '123456789012',
  'AWS::Partition': 'aws',
  'AWS::Region': 'us-east-1',
  'AWS::StackId': 'arn:aws:cloudformation:us-east-1:123456789012:stack/stack/id',
  'AWS::StackName': 'stack',
  'AWS::URLSuffix': 'amazonaws.com',
}

const MAX_TEXT = 1024 * 1024
const MAX_DEPTH = 50

/**
 * Resolves an intrinsic function of CloudFormation as far as parameters' defaults, mappings, conditions and pseudo
 * parameters go.
 * Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference.html
 */
export function resolveIntrinsic(value: unknown, template: Template, depth = 0): Resolved {
  if (!isRecord(value)) return { kind: 'plain' }
  const [name, ...others] = Object.keys(value)
  if (name === undefined || others.length > 0 || !(name === 'Ref' || name.startsWith('Fn::')))
    return { kind: 'plain' }
  if (depth > MAX_DEPTH) return unknown(`${name} is nested too deeply`)
  const argument = value[name]
  const evaluate = Object.hasOwn(functions, name) ? functions[name]! : undefined
  return evaluate?.(argument, template, depth + 1) ?? unknown(`${name} has its value when it is deployed`)
}

type Evaluate = (argument: unknown, template: Template, depth: number) => Resolved | undefined

const functions: Readonly<Record<string, Evaluate>> = {
  Ref: (name, template) => (typeof name === 'string' ? reference(name, template) : undefined),
  'Fn::Sub': substitute,
  'Fn::Join': join,
  'Fn::FindInMap': findInMap,
  'Fn::If': choose,
  'Fn::Select': select,
  'Fn::Split': split,
}

function reference(name: string, { parameters }: Template): Resolved {
  if (name === 'AWS::NoValue') return { kind: 'absent' }
  if (Object.hasOwn(pseudoParameters, name)) return { kind: 'known', value: pseudoParameters[name] }
  if (!Object.hasOwn(parameters, name)) return unknown(`${name} has its value when it is deployed`)
  const parameter = parameters[name]
  const { Default: fallback, Type: type } = isRecord(parameter) ? parameter : {}
  if (fallback === undefined) return unknown(`the parameter ${name} has no default`)
  const text = scalarText(fallback)
  if (text === undefined || /^AWS::SSM::/.test(String(type)))
    return unknown(`${name} is looked up when it is deployed`)
  return /List/.test(String(type))
    ? { kind: 'known', value: text.split(',').map((each) => each.trim()) }
    : { kind: 'known', value: text }
}

/** `${Name}`, `${Resource.Attribute}`, and `${!literal}` for a text that keeps its `${literal}`. */
function substitute(argument: unknown, template: Template, depth: number): Resolved | undefined {
  const [text, names] = Array.isArray(argument) ? (argument as unknown[]) : [argument, {}]
  if (typeof text !== 'string') return undefined
  const own = isRecord(names) ? names : {}
  const reasons: string[] = []
  const result = text.replace(/\$\{(!?)([^}]*)\}/g, (_tag, literal: string, body: string) => {
    if (literal !== '') return `\${${body}}`
    const name = body.trim()
    const found = Object.hasOwn(own, name)
      ? resolveValue(own[name], template, depth)
      : reference(name, template)
    if (found.kind === 'known') return scalarText(found.value) ?? ''
    if (found.kind === 'partial') return found.text
    if (found.kind === 'unknown') reasons.push(found.reason)
    return found.kind === 'absent' ? '' : standIn(name)
  })
  return textual(result, reasons)
}

function join(argument: unknown, template: Template, depth: number): Resolved | undefined {
  if (!Array.isArray(argument)) return undefined
  const [separator, list] = argument as unknown[]
  const items = Array.isArray(list) ? list : listOf(resolveValue(list, template, depth))
  if (typeof separator !== 'string' || items === undefined) return undefined
  const reasons: string[] = []
  const texts = (items as unknown[]).flatMap((item) => {
    const found = resolveValue(item, template, depth)
    if (found.kind === 'absent') return []
    if (found.kind === 'partial' || found.kind === 'unknown') reasons.push(found.reason)
    if (found.kind === 'known') return [scalarText(found.value) ?? '']
    return [found.kind === 'partial' ? found.text : standIn(nameOf(item))]
  })
  return textual(texts.join(separator), reasons)
}

function findInMap(argument: unknown, template: Template, depth: number): Resolved | undefined {
  if (!Array.isArray(argument)) return undefined
  const [, , , options] = argument as unknown[]
  const keys = argument.slice(0, 3).map((key) => resolveValue(key, template, depth))
  let found: unknown = template.mappings
  for (const key of keys) {
    const name = key.kind === 'known' ? scalarText(key.value) : undefined
    if (name === undefined) return undefined
    if (!isRecord(found) || !Object.hasOwn(found, name))
      return isRecord(options) && 'DefaultValue' in options
        ? resolveValue(options['DefaultValue'], template, depth)
        : unknown(`Mappings has no ${keys.map((each) => keyText(each)).join('.')}`)
    found = found[name]
  }
  return { kind: 'known', value: found }
}

function choose(argument: unknown, { decide }: Template): Resolved | undefined {
  if (!Array.isArray(argument) || argument.length !== 3)
    return unknown('Fn::If takes a condition and two values')
  const [condition, ...values] = argument as unknown[]
  const isMet = typeof condition === 'string' ? decide(condition) : undefined
  if (isMet === undefined) return unknown(`the condition ${String(condition)} is decided when it is deployed`)
  const index = isMet ? 0 : 1
  return { kind: 'part', value: values[index], steps: ['Fn::If', index + 1] }
}

function select(argument: unknown, template: Template, depth: number): Resolved | undefined {
  if (!Array.isArray(argument)) return undefined
  const [index, list] = argument as unknown[]
  const items = Array.isArray(list) ? (list as unknown[]) : listOf(resolveValue(list, template, depth))
  const item = items?.[Number(index)]
  return item === undefined ? undefined : resolveValue(item, template, depth)
}

function split(argument: unknown, template: Template, depth: number): Resolved | undefined {
  if (!Array.isArray(argument)) return undefined
  const [separator, text] = argument as unknown[]
  const found = resolveValue(text, template, depth)
  if (typeof separator !== 'string' || found.kind !== 'known') return undefined
  return { kind: 'known', value: (scalarText(found.value) ?? '').split(separator) }
}

/** A value, which may be a function, with functions within its functions resolved. */
export function resolveValue(
  value: unknown,
  template: Template,
  depth: number,
): Exclude<Resolved, { kind: 'plain' | 'part' }> {
  const resolved = resolveIntrinsic(value, template, depth)
  if (resolved.kind === 'part') return resolveValue(resolved.value, template, depth + 1)
  return resolved.kind === 'plain' ? { kind: 'known', value } : resolved
}

function keyText(resolved: Resolved): string {
  return resolved.kind === 'known' ? (scalarText(resolved.value) ?? '?') : '?'
}

function listOf(resolved: Resolved): unknown[] | undefined {
  return resolved.kind === 'known' && Array.isArray(resolved.value) ? resolved.value : undefined
}

function textual(text: string, reasons: readonly string[]): Resolved {
  if (text.length > MAX_TEXT) return unknown('the text is longer than a field can be')
  if (reasons.length === 0) return { kind: 'known', value: text }
  return { kind: 'partial', text, reason: [...new Set(reasons)].slice(0, 3).join('; ') }
}

function unknown(reason: string): Resolved & { readonly kind: 'unknown' } {
  return { kind: 'unknown', reason }
}

/** A name for what is not known that fits into a topic or a statement. */
function standIn(name: string): string {
  return name.replace(/\W/g, '') || 'unknown'
}

function nameOf(item: unknown): string {
  if (!isRecord(item)) return 'unknown'
  const [argument] = Object.values(item)
  return typeof argument === 'string' ? argument : 'unknown'
}

export function scalarText(value: unknown): string | undefined {
  if (typeof value === 'string') return value
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
