/** Settings under which a property has an effect; each list is alternatives, all given lists must hold. */
export interface PropertyCondition {
  readonly protocols?: readonly string[]
  readonly mechanisms?: readonly string[]
}

/** Value of a property as it is given or by default. */
export type PropertyLookup = (name: string) => string | undefined

/** One client property of the Kafka action: validation, translation and reference documentation in one row. */
export interface ClientPropertySpec {
  readonly name: string
  readonly summary: string
  /** Valid values of AWS; undefined where any text goes. */
  readonly values?: readonly string[]
  /** Further values that work where the operator's extensions name them. */
  readonly extensions?: readonly string[]
  /** Name of the extension that allows the property at all; undefined for AWS's own. */
  readonly extension?: string
  /** Bounds of a whole number. */
  readonly range?: readonly [least: number, most: number]
  readonly default?: string
  /** Undefined: always in effect. */
  readonly usedWith?: PropertyCondition
  /** Whether it must be given: always where it is in effect, under a narrower condition, or beside another property. */
  readonly required?: true | PropertyCondition | { readonly beside: string }
  /** Name of the extension that lifts `required`. */
  readonly optionalWith?: string
  /** Never shown in messages, logs or effective configurations. */
  readonly secret?: boolean
  /** A substitution template is taken; it is rendered once per producer. */
  readonly templated?: boolean
  /** Bound of the value's length in UTF-8 bytes. */
  readonly maxBytes?: number
  /** Name of the global librdkafka property that takes the value as it is; undefined where the translation is more. */
  readonly librdkafka?: string
  /** Names of the librdkafka properties that it decides, where they do not take the value as it is. */
  readonly becomes?: readonly string[]
  /** What is wrong with a value, as the end of the sentence "<name> …"; undefined when nothing is. */
  readonly fault?: (value: string) => string | undefined
  /** What is wrong with a valid value beside other properties, in the same form. */
  readonly conflict?: (value: string, valueOf: PropertyLookup) => string | undefined
}

/** Checks a row's type where it is written. */
export function defineProperty(spec: ClientPropertySpec): ClientPropertySpec {
  return spec
}
