import { type Effect, type ExpressionTrace, type Scope } from '../sql/index.ts'

/** What a template made of one message. */
export interface Rendered {
  readonly text: string
  /**
   * Source text of the first tag that had no text form (Undefined, Null, or a value that cannot be written); such a
   * tag renders as empty text, and the field that cannot do without a value (topic, partition) refuses it.
   */
  readonly undefinedAt?: string
  /** Set when the text would have been longer than `MAX_RENDERED`; `text` is then empty and must not be used. */
  readonly tooLong?: true
}

/**
 * A substitution template, compiled once per rule. Evaluates on the original payload, never on the output of SELECT.
 * Source: https://docs.aws.amazon.com/iot/latest/developerguide/iot-substitution-templates.html
 */
export interface Template {
  /** The template as written. */
  readonly text: string
  /** The result when it is the same for every message; then `render` need not be called. */
  readonly constant: string | undefined
  /** The heaviest effect of its tags; `pure` when there is none. */
  readonly effect: Effect
  /** Whether the result may differ from message to message; also true of what reads clock or chance. */
  readonly readsMessage: boolean
  /** Its tags in order; present when it was compiled to be watched. */
  readonly trace?: readonly TracedTag[]
  /** Never throws. */
  render(scope: Scope): Rendered
}

/** A `${…}` of a template that was compiled to be watched. */
export interface TracedTag {
  /** Delimiters included. */
  readonly source: string
  /** Offset of the tag in the template. */
  readonly start: number
  /** Offset of its body in the template; spans of the trace count from there. */
  readonly bodyOffset: number
  readonly expression: ExpressionTrace
}

/** Longest rendered text in UTF-16 code units: no field of a record may be longer than the largest message. */
export const MAX_RENDERED = 1_048_576

/** Longest template in UTF-16 code units; the largest field AWS documents is a store of 65 KB. */
export const MAX_TEMPLATE = 131_072
