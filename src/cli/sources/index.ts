export { holdsRules, readRules, type RuleSource, type RuleSources } from './read.ts'
