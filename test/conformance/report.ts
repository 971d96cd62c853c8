import { type CaseResult } from './run-case.ts'

/** The report of a run: a table per group, what took an alternative, every failure, and the count as the last line. */
export function reportOf(results: readonly CaseResult[]): string {
  const of = (verdict: CaseResult['verdict']): readonly CaseResult[] =>
    results.filter((each) => each.verdict === verdict)
  const [alternatives, failed] = [of('alternative'), of('failed')]
  return [
    ...tableOf(results),
    '',
    ...alternatives.map(({ id, got }) => `alternative ${id}: ${got}`),
    ...failed.flatMap(({ id, want, got }) => [`failed ${id}`, `  want ${want}`, `  got  ${got}`]),
    '',
    `${results.length - failed.length} passed, ${failed.length} failed`,
  ].join('\n')
}

function tableOf(results: readonly CaseResult[]): string[] {
  const groups = [...new Set(results.map((each) => each.group))]
  const row = (name: string, ...cells: (string | number)[]): string =>
    name.padEnd(16) + cells.map((cell) => String(cell).padStart(13)).join('')
  const counts = (of: readonly CaseResult[]): number[] =>
    (['passed', 'alternative', 'failed'] as const).map(
      (verdict) => of.filter((each) => each.verdict === verdict).length,
    )
  return [
    row('group', 'passed', 'alternative', 'failed'),
    ...groups.map((group) => row(group, ...counts(results.filter((each) => each.group === group)))),
    row('all', ...counts(results)),
  ]
}
