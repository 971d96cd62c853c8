export { checkConnection, type ConnectionCheck, type TopicCheck } from './check.ts'
export { type CheckStep, type CheckStepName } from './step.ts'
