export { type Delivery, type Placement } from './delivery.ts'
export { type EmbeddedKafka, embeddedTarget, startEmbeddedKafka } from './kafka/embedded.ts'
export { createDelivery, type DeliveryEvent, type DeliveryOptions, type KafkaDelivery } from './kafka/pool.ts'
export { type Link, links, type ProducerHealth } from './kafka/health.ts'
export {
  checkConnection,
  type CheckStep,
  type ConnectionCheck,
  type TopicCheck,
} from './kafka/check/index.ts'
export { missingFeatures } from './kafka/features.ts'
export { type KafkaReader, openReader, type ReadRecord, type ReaderOptions } from './kafka/reader.ts'
export { requireOverrides } from './kafka/isolated/hosts-library.ts'
export { sweep as removeAbandonedFiles } from './kafka/isolated/private-directory.ts'
export { type KafkaRecord } from './kafka/record.ts'
export { type LateEvent } from './kafka/late-producer.ts'
export { type KafkaSender, type ShareOptions } from './kafka/share.ts'
export { type KafkaRecipe, type Resolution } from './kafka/recipe.ts'
export { type KafkaTarget } from './kafka/target.ts'
