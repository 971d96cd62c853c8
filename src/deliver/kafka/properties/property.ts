/** Settings under which a property has an effect; each list is alternatives, all given lists must hold. */
export interface PropertyCondition {
  readonly protocols?: readonly string[]
  readonly mechanisms?: readonly string[]
}

/** One client property of the Kafka action: validation, translation and reference documentation in one row. */
export interface ClientPropertySpec {
  readonly name: string
  readonly summary: string
  /** Valid values of AWS; undefined where any text goes. */
  readonly values?: readonly string[]
  /** Further values that work where the operator's extensions name them. */
  readonly extensions?: readonly string[]
  readonly default?: string
  /** Undefined: always in effect. */
  readonly usedWith?: PropertyCondition
  /** Whether it must be given wherever it is in effect. */
  readonly required?: boolean
  /** Name of the extension that lifts `required`. */
  readonly optionalWith?: string
  /** Never shown in messages, logs or effective configurations. */
  readonly secret?: boolean
  /** AWS allows a substitution template; it is rendered once per producer. */
  readonly templated?: boolean
  /** Bound of the value's length in UTF-8 bytes. */
  readonly maxBytes?: number
  /** Name of the global librdkafka property that takes the value as it is; undefined where the translation is more. */
  readonly librdkafka?: string
  /** What is wrong with a value, as the end of the sentence "<name> …"; undefined when nothing is. */
  readonly fault?: (value: string) => string | undefined
}

/** Checks a row's type where it is written. */
export function defineProperty(spec: ClientPropertySpec): ClientPropertySpec {
  return spec
}
