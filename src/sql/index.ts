export {
  type Assignment,
  type CaseExpression,
  type Expression,
  type NestedSelect,
  type SelectClause,
  type SelectItem,
  type Span,
  type StandaloneExpression,
  type Statement,
  type TopicFilter,
} from './ast.ts'
export { childrenOf } from './children.ts'
export {
  compileExpression,
  compileStatement,
  furtherFaults,
  type CompiledExpression,
  type CompiledQuery,
  type ExpressionResult,
  type StatementResult,
} from './compile.ts'
export { type CompileSqlOptions } from './compiler.ts'
export { type Variable, type VariableTable } from './context.ts'
export { positionAt } from './diagnostics.ts'
export { outputPath } from './forms/select.ts'
export { renderDiagnostic, renderExcerpt } from './render-diagnostic.ts'
export {
  type Available,
  type Effect,
  type FunctionSpec,
  functionSpecs,
  type ProtobufMessage,
  type ProtobufSource,
} from './functions/index.ts'
export {
  limitFailure,
  limits as defaultSqlLimits,
  limitsWith,
  type RunLimits,
  type SqlLimits,
} from './limits.ts'
export {
  findTags,
  type FoundTags,
  type ParsedExpression,
  type ParsedStatement,
  parseExpression,
  parseStatement,
  type TemplateTag,
} from './parse.ts'
export { printExpression, printStatement, quotedText } from './print.ts'
export {
  describe,
  type Frame,
  type Operand,
  type Reason,
  type ReasonContext,
  whatPayloadIs,
  whyUndefined,
} from './reasons/index.ts'
export {
  type ExpressionTrace,
  type StatementTrace,
  type TraceNode,
  type TraceNodes,
  type Tracer,
} from './trace.ts'
export { readsMessage } from './reads-message.ts'
export { RemoteCalls } from './remote.ts'
export {
  type Environment,
  type Evaluator,
  type Scope,
  type ServiceAnswer,
  type ServiceCaller,
  type Services,
} from './scope.ts'
export {
  defaultSqlVersion,
  newestSqlVersion,
  resolveSqlVersion,
  sqlVersionNames,
  type SqlVersion,
} from './versions.ts'
