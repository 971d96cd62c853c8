import { fieldOf } from '../../store/index.ts'
import { renderExcerpt } from '../../sql/index.ts'
import { type CoverageReport, percentOf, type RuleCoverage, type Uncovered } from '../../testing/index.ts'
import { type Look } from './report.ts'

/** Gaps of one rule that are shown; the JSON report has all. */
const MOST = 20

/** A table with a line for each rule, then what no test has seen, with the places. */
export function coverageText({ rules, covered, total, percent }: CoverageReport, look: Look): string {
  const rows = [
    ...rules.map((rule) => [rule.rule, rule.file, countText(rule)] as const),
    ['all', '', `${percent}% (${covered} of ${total})`] as const,
  ]
  const widths = [0, 1].map((column) => Math.max(...rows.map((row) => row[column]!.length)))
  const table = rows.map(([name, file, text]) => {
    const isWhole = text.startsWith('100%')
    return `  ${name.padEnd(widths[0]!)}  ${file.padEnd(widths[1]!)}  ${look.paint(isWhole ? 'good' : 'undefined', text)}`
  })
  const gaps = rules.flatMap((rule) => gapLines(rule, look))
  return [look.paint('heading', 'Coverage'), ...table, ...(gaps.length === 0 ? [] : ['', ...gaps])].join('\n')
}

function countText({ covered, total, cases }: RuleCoverage): string {
  return `${percentOf(covered, total)}% (${covered} of ${total})${cases === 0 ? ', no tests' : ''}`
}

function gapLines({ uncovered, rule, file, document }: RuleCoverage, look: Look): string[] {
  const shown = uncovered.slice(0, MOST).flatMap((each) => gapText(each, rule, file, document, look))
  const more = uncovered.length - MOST
  return more > 0 ? [...shown, `… ${more} more of ${rule}`] : shown
}

function gapText(
  { message, path, line, column, sqlLine, ...place }: Uncovered,
  rule: string,
  file: string,
  document: unknown,
  { paint, width }: Look,
): string[] {
  const where = [file, line, column].filter((part) => part !== undefined).join(':')
  const within = sqlLine === undefined ? '' : `, line ${sqlLine}, column ${place.sqlColumn}`
  const text = fieldOf(document, path)
  const fault = { ...place, ...(sqlLine !== undefined && { sqlLine }) }
  const excerpt =
    typeof text === 'string'
      ? renderExcerpt(text, { ...fault, code: 'TEST_INVALID', severity: 'warning', message }, width)
      : []
  return [
    `${where} ${paint('undefined', `${rule}: ${message}`)} ${paint('quiet', `(${path}${within})`)}`,
    ...excerpt,
  ]
}
