export { serviceNames } from './cases.ts'
export { type Covered, CoverageCollector } from './coverage/collector.ts'
export {
  type CoverageReport,
  coverageReport,
  percentOf,
  type RuleCoverage,
  type Uncovered,
} from './coverage/report.ts'
export { discover, type Discovery, isTestFile } from './discover.ts'
export { type DiffLine } from './difference.ts'
export { loadTestFile } from './load.ts'
export { type Mismatch } from './mismatch.ts'
export { type FileFault, RuleLibrary, rulesIn, type TestedRule } from './rules.ts'
export { type CaseResult, runCase } from './run-case.ts'
export { testFileJsonSchema } from './schema.ts'
export { type TestCase, type TestFile } from './test-file.ts'
export { type Counts, countsOf, type FileReport, isWanted, runFile, type RunOptions } from './run.ts'
export { type Edit, edited } from './update/edit.ts'
export { type Change, changesFor } from './update/expectation.ts'
