import { type FileFault } from './rules.ts'
import { type CaseResult, runCase } from './run-case.ts'
import { type TestCase, type TestFile } from './test-file.ts'

export interface FileReport {
  readonly file: string
  /** Why it, or a case of it, cannot be run. */
  readonly faults: readonly FileFault[]
  readonly results: readonly CaseResult[]
  readonly milliseconds: number
  /** Whether the file is a list of cases, without keys above them. */
  readonly isList: boolean
}

export interface Counts {
  readonly files: number
  readonly passed: number
  readonly failed: number
  readonly skipped: number
  /** Faults of test files and their rules. */
  readonly faults: number
}

export interface RunOptions {
  /** Part of a file's, a rule's or a case's name, in any case; other cases are left out. */
  readonly filter?: string
  /** Is told every result with its explanation. */
  readonly watch?: (result: CaseResult) => void
}

/** Whether a case is one of those that `filter` names. */
export function isWanted(filter: string | undefined, file: string, { rule, name }: TestCase): boolean {
  if (filter === undefined) return true
  return `${file} > ${rule.name} > ${name}`.toLowerCase().includes(filter.toLowerCase())
}

/** Runs the cases of a file, one after the other. */
export async function runFile(testFile: TestFile, options: RunOptions = {}): Promise<FileReport> {
  const { file, cases, faults, isList } = testFile
  const start = performance.now()
  const results: CaseResult[] = []
  for (const each of cases) {
    if (!isWanted(options.filter, file, each)) continue
    const result = await runCase(each, options.watch !== undefined)
    options.watch?.(result)
    const { explanation: _explanation, ...rest } = result
    results.push(result.status === 'failed' ? result : rest)
  }
  return { file, isList, faults, results, milliseconds: performance.now() - start }
}

/** How the cases of all files ended. */
export function countsOf(reports: readonly FileReport[]): Counts {
  const results = reports.flatMap((report) => report.results)
  const of = (status: CaseResult['status']): number => results.filter((each) => each.status === status).length
  return {
    files: reports.filter((report) => report.results.length > 0 || report.faults.length > 0).length,
    passed: of('passed'),
    failed: of('failed'),
    skipped: of('skipped'),
    faults: reports.reduce((sum, report) => sum + report.faults.length, 0),
  }
}
