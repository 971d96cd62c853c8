import { type ActionSpec } from './action.ts'
import { kafkaAction } from './kafka/spec.ts'
import { republishAction } from './republish/spec.ts'

export {
  type ActionSpec,
  awsPolicy,
  type DeliverPolicy,
  type RenderTime,
  type TemplatedField,
} from './action.ts'
export { type KafkaActionDocument } from './kafka/spec.ts'
export { type KafkaRecord, RecordAssembler, type RenderedField, type RenderedHeader } from './kafka/record.ts'
export { type RepublishActionDocument } from './republish/spec.ts'
export { assembleProperties, type Publication, type RenderedHeaders } from './republish/publication.ts'
export { type SingleHeader, singleHeaderFields } from './republish/headers.ts'
export {
  type DestinationRules,
  type Destinations,
  EgressPolicy,
  openDestinations,
} from './kafka/destination/index.ts'
export { type Resolution } from './kafka/recipe.ts'
export { type KafkaTarget, resolveTarget, type TargetResult } from './kafka/target.ts'
export {
  type ClientPropertySpec,
  clientProperties,
  type PropertyCondition,
} from './kafka/properties/index.ts'
export { Secret } from './kafka/secret.ts'

/** Every action this product runs, by the key that names it in a rule document. Loads no native code. */
export const actionSpecs = {
  kafka: kafkaAction,
  republish: republishAction,
} as const satisfies Record<string, ActionSpec>
