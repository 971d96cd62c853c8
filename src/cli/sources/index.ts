export { readRules, type RuleSource, type RuleSources } from './read.ts'
