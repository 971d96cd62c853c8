export {
  assignVariables,
  type AssemblesRecords,
  evaluate,
  evaluateErrorAction,
  type Evaluation,
  takeFailure,
} from './evaluate.ts'
export { createScope, type EvaluatedRule } from './scope.ts'
