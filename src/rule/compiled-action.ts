import { type KafkaRecord, type KafkaTarget, type Publication } from '../deliver/specs.ts'
import { type Failure } from '../errors.ts'
import { type Template } from '../render/index.ts'
import { type Scope } from '../sql/index.ts'
import { type PropertyRecipe } from './recipe.ts'

/** What every kind of action has: `Made` is what it makes of a message. */
interface ActionBase<Made> {
  /** Position in `actions`; 0 for the error action. */
  readonly index: number
  /** The templates that are rendered for each message, by their path in the action, in the order they are shown. */
  readonly templates: readonly NamedTemplate[]
  /** True when a template calls a service. */
  readonly remote: boolean
  /** Renders every template into what carries `value`, or says why there is nothing. Never throws. */
  assemble(scope: Scope, value: Buffer): Made | Failure
}

export type NamedTemplate = readonly [path: string, template: Template]

/** A Kafka action with its templates compiled and its client properties resolved. */
export interface CompiledKafkaAction extends ActionBase<KafkaRecord> {
  readonly kind: 'kafka'
  readonly topic: Template
  readonly partition: Template | undefined
  readonly key: Template | undefined
  readonly headers: readonly (readonly [key: Template, value: Template])[]
  /** The producer to use: client properties, resolved; or how to look them up. */
  readonly target: KafkaTarget | PropertyRecipe
  readonly destinationArn: string | undefined
  /** What failures name while the topic is not usable: the bootstrap servers. */
  readonly resource: string
}

/** A republish action with its templates compiled. */
export interface CompiledRepublishAction extends ActionBase<Publication> {
  readonly kind: 'republish'
  readonly topic: Template
  readonly qos: 0 | 1
}

export type CompiledAction = CompiledKafkaAction | CompiledRepublishAction
