export {
  type ActionResult,
  compileRule,
  type CompileOptions,
  type CompileRuleResult,
  Rule,
  type RuleResult,
  type ServiceFunction,
  type TestMessage,
  type TestPublication,
  type TestRecord,
} from './dryrun/index.ts'
export { type Diagnostic, type ErrorCode, type Failure } from './errors.ts'
export {
  type ActionExplanation,
  type Cause,
  type ExplainedNode,
  type Explanation,
  explanationJson,
  renderExplanation,
  type RenderOptions,
  type SelectExplanation,
  type TemplateExplanation,
  type WhereExplanation,
} from './explain/index.ts'
export { renderDiagnostic, type ServiceCaller } from './sql/index.ts'
