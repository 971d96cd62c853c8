import { type Diagnostic } from '../../errors.ts'
import { formatPath, scalarFor } from '../../rule/index.ts'
import { type Resolved } from './intrinsics.ts'
import { Origins, type Step } from './origins.ts'

/** A rule as another form has it, converted to a document that `compileRule` takes. */
export interface ConvertedRule {
  readonly name: string
  readonly document: { readonly ruleName: string; readonly topicRulePayload: unknown }
  readonly origins: Origins
  /** Their paths are those of the document. */
  readonly diagnostics: readonly Diagnostic[]
  /** What else the rule may come to, where the conditions of its template come out otherwise. */
  readonly variants?: readonly ConvertedRule[]
}

/** How a form names fields, and what its values come to. */
export interface Form {
  /** The name of a field as rule documents have it. */
  rename(key: string, parents: readonly Step[]): string
  resolve(value: unknown): Resolved
}

/** In place of what is not known; what its field would take, so that the rest is checked. */
const standIns: Readonly<Record<string, unknown>> = {
  sql: "SELECT * FROM 'unknown'",
  awsIotSqlVersion: '2016-03-23',
  ruleDisabled: false,
  qos: 0,
  destinationArn: 'arn:aws:iot:us-east-1:123456789012:ruledestination/vpc/unknown',
  partition: '0',
  'bootstrap.servers': 'unknown:9092',
  'security.protocol': 'SASL_SSL',
}
const STAND_IN = 'unknown'
const MAX_DEPTH = 60

/** Converts fields one by one and keeps where each came from. */
export class Converter {
  readonly origins = new Origins()
  readonly diagnostics: Diagnostic[] = []
  readonly #form: Form

  constructor(form: Form) {
    this.#form = form
  }

  /** The converted value; undefined where it is absent. */
  convert(given: unknown, source: readonly Step[], target: readonly Step[]): unknown {
    this.origins.set(target, source)
    if (target.length > MAX_DEPTH) return this.standIn(target, 'it is nested too deeply')
    const resolved = this.#form.resolve(given)
    if (resolved.kind === 'absent') return undefined
    if (resolved.kind === 'part') return this.convert(resolved.value, [...source, ...resolved.steps], target)
    if (resolved.kind === 'unknown') return this.standIn(target, resolved.reason)
    if (resolved.kind === 'partial') {
      this.#defer(target, `is checked with stand-ins: ${resolved.reason}`)
      return resolved.text
    }
    const value = resolved.kind === 'known' ? resolved.value : given
    if (Array.isArray(value)) return this.#list(value as unknown[], source, target)
    if (typeof value === 'object' && value !== null) return this.#members(value, source, target)
    return scalarFor(value, target.slice(1))
  }

  /** Notes that a field is not known, and gives something in its place. */
  standIn(target: readonly Step[], reason: string): unknown {
    this.#defer(target, `cannot be checked: ${reason}`)
    return standIns[String(target.at(-1))] ?? STAND_IN
  }

  #defer(target: readonly Step[], words: string): void {
    this.origins.markUnknown(target)
    const path = formatPath(target)
    this.diagnostics.push({
      code: 'RULE_FIELD_DEFERRED',
      severity: 'warning',
      message: `${path} ${words}.`,
      path,
    })
  }

  #list(values: readonly unknown[], source: readonly Step[], target: readonly Step[]): unknown[] {
    const converted: unknown[] = []
    for (const [index, value] of values.entries()) {
      const item = this.convert(value, [...source, index], [...target, converted.length])
      if (item !== undefined) converted.push(item)
    }
    return converted
  }

  #members(value: object, source: readonly Step[], target: readonly Step[]): Record<string, unknown> {
    const members: [string, unknown][] = []
    for (const [key, member] of Object.entries(value)) {
      const name = this.#form.rename(key, target)
      const converted = this.convert(member, [...source, key], [...target, name])
      if (converted !== undefined) members.push([name, converted])
    }
    return Object.fromEntries(members)
  }
}
