export {
  type Expression,
  type NestedSelect,
  type SelectClause,
  type Span,
  type StandaloneExpression,
  type Statement,
  type TopicFilter,
} from './ast.ts'
export { positionAt, renderDiagnostic } from './diagnostics.ts'
export { defineFunction, functionSpecs } from './functions/index.ts'
export {
  findTags,
  parseExpression,
  parseStatement,
  type FoundTags,
  type ParsedExpression,
  type ParsedStatement,
  type TemplateTag,
} from './parse.ts'
export { type Environment, type Evaluator, type RemoteCalls, type Scope } from './scope.ts'
export { type Tracer } from './trace.ts'
export {
  defaultSqlVersion,
  isAvailable,
  newestSqlVersion,
  resolveSqlVersion,
  sqlVersionNames,
  versionTraits,
  type SqlVersion,
} from './versions.ts'
