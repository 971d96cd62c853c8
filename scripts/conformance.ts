import { readFileSync } from 'node:fs'
import { readCases } from '../test/conformance/case.ts'
import { reportOf } from '../test/conformance/report.ts'
import { type CaseResult, runCase } from '../test/conformance/run-case.ts'

/**
 * Runs conformance files: `npm run conformance -- FILE...`.
 * Exit code 0 without failures, 1 with failures, 2 when a file cannot be read as cases.
 */
export async function main(files: readonly string[]): Promise<number> {
  if (files.length === 0) {
    console.error('usage: npm run conformance -- FILE...')
    return 2
  }
  const results: CaseResult[] = []
  for (const file of files) {
    const cases = casesOf(file)
    if (cases === undefined) return 2
    for (const each of cases) results.push(await runCase(each))
  }
  console.log(reportOf(results))
  return results.some((each) => each.verdict === 'failed') ? 1 : 0
}

function casesOf(file: string): ReturnType<typeof readCases> | undefined {
  try {
    return readCases(readFileSync(file, 'utf8'))
  } catch (error) {
    console.error(`${file}: ${error instanceof Error ? error.message : String(error)}`)
    return undefined
  }
}
