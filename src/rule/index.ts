export { compileRule } from './compile.ts'
export { unwrapDocument } from './document.ts'
export { errorDocument } from './error-document.ts'
export {
  type CompiledAction,
  type CompiledKafkaAction,
  type CompiledRepublishAction,
  type NamedTemplate,
} from './compiled-action.ts'
export { formatPath } from './issues.ts'
export { type PropertyRecipe } from './recipe.ts'
export { type Acknowledge, type CompiledRule, type CompileOptions, type CompileResult } from './rule.ts'
export { type TopicRulePayload, topicRulePayloadSchema } from './schema.ts'
export { scalarFor } from './schema-walk.ts'
export { createTrigger, type Trigger } from './trigger.ts'
