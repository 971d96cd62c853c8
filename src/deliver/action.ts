import { type z } from 'zod'
import { type Diagnostic } from '../errors.ts'
import { type Destinations } from './kafka/destination/index.ts'

/**
 * When a template of an action is rendered. `message`: once per message, by the engine. `sender`: once when the
 * action's connection is opened, so its template must not read the message.
 */
export type RenderTime = 'message' | 'sender'

/** A field of an action document in which AWS allows substitution templates. */
export interface TemplatedField {
  /** Path inside the action document: `topic`, `headers[0].value`, `clientProperties["ssl.keystore"]`. */
  readonly path: string
  /** The text as the document has it, with or without `${…}`. */
  readonly template: string
  /** Characters left out at the start of `template`; positions in the document are that much further right. */
  readonly dropped?: number
  readonly renderedPer: RenderTime
}

/** Whether a text of a document has a tag, as far as can be said without reading it. */
export function isTemplate(value: string): boolean {
  return value.includes('${')
}

/** What the operator decides about actions; from the configuration. */
export interface DeliverPolicy {
  /**
   * Values beyond AWS's that rules may use, each by the name that the document spells: `PLAINTEXT`,
   * `SASL_PLAINTEXT`, `SCRAM-SHA-256`.
   */
  readonly extensions: readonly string[]
  /** `acks` of a Kafka action that leaves it out; AWS's default is `1`. */
  readonly acksWhenOmitted: string
  /** Directory of stores that rules may name as `file:///…`; none may be named where it is left out. */
  readonly storeDirectory?: string
  /** What the destinations of rules may reach; where it is left out any ARN goes, under the default policy. */
  readonly destinations?: Destinations | undefined
}

/** AWS as it is: no extensions, AWS's defaults. */
export const awsPolicy: DeliverPolicy = { extensions: [], acksWhenOmitted: '1' }

/**
 * One kind of action, all that can be said of it without a connection and without native code. Adding an action is
 * a folder with its spec and one line in `specs.ts`.
 */
export interface ActionSpec<Document = unknown> {
  /** The key of the action object, e.g. `kafka` in `{ "kafka": { … } }`. */
  readonly kind: string
  readonly summary: string
  /** Page of the AWS documentation. */
  readonly source: string
  /** The action document exactly as AWS has it. */
  readonly schema: z.ZodType<Document>
  templatedFields(document: Document): readonly TemplatedField[]
  /**
   * Every fault and warning that the schema cannot express, all at once, with paths relative to the action
   * document. Templated values are only checked where they hold no template.
   */
  check(document: Document, policy: DeliverPolicy): readonly Diagnostic[]
}
