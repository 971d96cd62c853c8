export { basicIngest, checkFilter, checkTopic, exceedsAwsLimits, type BasicIngest } from './filter.ts'
export { TopicTrie } from './trie.ts'
export { whyUnmatched } from './why.ts'
