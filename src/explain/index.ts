export { renderExcerpt } from './excerpt.ts'
export { explainRule } from './explain.ts'
export {
  type ActionExplanation,
  type Cause,
  type ExplainedNode,
  type Explanation,
  type PayloadExplanation,
  type Place,
  type SelectedItem,
  type SelectExplanation,
  type SetExplanation,
  type TagExplanation,
  type TemplateExplanation,
  type TopicExplanation,
  type WhereExplanation,
} from './explanation.ts'
export { explanationJson } from './json.ts'
export { type Paint, painter, visible, wrap } from './style.ts'
export { renderExplanation, type RenderOptions } from './text.ts'
