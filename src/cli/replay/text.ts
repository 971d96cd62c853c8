import { type Paint, visible } from '../../explain/index.ts'
import { differences } from './compare.ts'
import { type Differing, type Replay, type RuleReport } from './replay.ts'
import { type RuleCounts } from './summary.ts'

const LONGEST = 160
const MOST_TOPICS = 5

/** A message whose result differs: where it stands, then each place that differs, the old value above the new one. */
export function differingText({ line, message, rule, old, new: now }: Differing, paint: Paint): string {
  const { topic, client, receivedAt } = message
  const from = client.clientId === undefined ? '' : `  client ${client.clientId}`
  const head = `line ${line}  ${topic}  ${new Date(receivedAt).toISOString()}${from}  rule ${rule}`
  const places = differences(old, now).map(({ path, old: before, new: after }) =>
    [
      `  ${paint('quiet', visible(path))}`,
      ...(before === undefined ? [] : [paint('bad', `    - ${shortened(before)}`)]),
      ...(after === undefined ? [] : [paint('good', `    + ${shortened(after)}`)]),
    ].join('\n'),
  )
  return [paint('heading', visible(head)), ...places, ''].join('\n')
}

/** The table at the end: a row for each rule that took a message or has another version, then the totals. */
export function summaryText(replay: Replay, paint: Paint, isComparison: boolean): string {
  const reports = replay.reports()
  const shown = reports.filter(
    ({ new: now, old, differing }) =>
      differing > 0 || (now?.matched ?? 0) > 0 || (old?.matched ?? 0) > 0 || reports.length <= 20,
  )
  const width = Math.max(4, ...shown.map(({ rule }) => rule.length))
  const columns = ['matched', 'selected', 'errors', ...(isComparison ? ['differing'] : []), 'records']
  const head = `${'rule'.padEnd(width)}  ${columns.map((name) => (name === 'records' ? name : name.padStart(9))).join('  ')}`
  const lines = shown.flatMap((report) => rowsOf(report, width, isComparison, paint))
  const hidden = reports.length - shown.length
  const more = hidden === 0 ? [] : [paint('quiet', `${hidden} more rules took no message`)]
  return [paint('heading', head), ...lines, ...more].join('\n')
}

function rowsOf(report: RuleReport, width: number, isComparison: boolean, paint: Paint): string[] {
  const { rule, old, new: now, differing } = report
  const isEqual = isComparison && JSON.stringify(old) === JSON.stringify(now)
  const name = rule.padEnd(width)
  if (!isComparison || isEqual)
    return [`${name}  ${cells(now ?? old, isComparison ? differing : undefined, paint)}`]
  return [
    `${name}  ${paint('bad', `${cells(old, undefined, paint, 'old')}`)}`,
    `${''.padEnd(width)}  ${paint('good', `${cells(now, differing, paint, 'new')}`)}`,
  ]
}

function cells(
  counts: RuleCounts | undefined,
  differing: number | undefined,
  paint: Paint,
  version?: string,
): string {
  if (counts === undefined) return `${version === undefined ? '' : `${version}: `}not there`
  const { matched, selected, errors } = counts
  const numbers = [matched, selected, errors].map((count) => String(count).padStart(9))
  const differs =
    version === 'old' ? [''.padStart(9)] : differing === undefined ? [] : [String(differing).padStart(9)]
  const where = recordsText(counts)
  return [...numbers, ...differs, version === undefined ? where : `${version}: ${where}`].join('  ')
}

function recordsText({ records, codes, otherRecords = 0, republished = 0 }: RuleCounts): string {
  const topics = Object.entries(records).sort(([, a], [, b]) => b - a)
  const shown = topics.slice(0, MOST_TOPICS).map(([topic, count]) => `${visible(topic)} ${count}`)
  const rest = topics.slice(MOST_TOPICS).reduce((sum, [, count]) => sum + count, otherRecords)
  if (rest > 0) shown.push(`others ${rest}`)
  if (republished > 0) shown.push(`republished ${republished}`)
  for (const [code, count] of Object.entries(codes)) shown.push(`${code} ${count}`)
  return shown.length === 0 ? '-' : shown.join(', ')
}

function shortened(json: string): string {
  const text = visible(json)
  return text.length <= LONGEST ? text : `${text.slice(0, LONGEST)}… (${json.length} characters)`
}
