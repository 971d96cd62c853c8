export { evaluate, type Evaluation } from './evaluate.ts'
export { createScope, type EvaluatedRule } from './scope.ts'
