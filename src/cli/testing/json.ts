import { renderExcerpt } from '../../explain/index.ts'
import { type CaseResult, type CoverageReport, type FileReport } from '../../testing/index.ts'
import { type Reporter } from './report.ts'

/** For programs: every case with what was not met. */
export const json: Reporter = ({ files, counts, milliseconds, coverage }) =>
  JSON.stringify(
    {
      counts,
      milliseconds: rounded(milliseconds),
      files: files.map(fileOf),
      ...(coverage !== undefined && { coverage: coverageOf(coverage) }),
    },
    undefined,
    2,
  )

function coverageOf({ rules, ...all }: CoverageReport): unknown {
  return { ...all, rules: rules.map(({ document: _document, ...rule }) => rule) }
}

function fileOf({ file, faults, results, milliseconds }: FileReport): unknown {
  return {
    file,
    milliseconds: rounded(milliseconds),
    faults: faults.map(({ document: _document, ...fault }) => fault),
    cases: results.map(caseOf),
  }
}

function caseOf({ testCase, status, mismatches, milliseconds, explanation }: CaseResult): unknown {
  const { name, rule, position } = testCase
  return {
    name,
    rule: rule.name,
    ...position,
    status,
    milliseconds: rounded(milliseconds),
    mismatches: mismatches.map(({ key, message, lines }) => ({
      key,
      message,
      difference: lines.map(({ mark, text }) => `${mark} ${text}`),
    })),
    ...(explanation !== undefined && { why: renderExcerpt(explanation, { width: 100_000 }) }),
  }
}

function rounded(milliseconds: number): number {
  return Math.round(milliseconds * 1000) / 1000
}
