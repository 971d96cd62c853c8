export { compileTemplate, type TemplateResult } from './compile.ts'
export { MAX_RENDERED, MAX_TEMPLATE, type Rendered, type Template, type TracedTag } from './template.ts'
export { renderValues } from './traced.ts'
