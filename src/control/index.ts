export { type Account, ruleArn, ruleOfArn } from './arn.ts'
export { type Resource } from './operation.ts'
export { type ControlLimits, type ControlOptions, type ControlServer, startControl } from './server.ts'
export { type Rules, topicRules, type TopicRulesOptions } from './topic-rules.ts'
