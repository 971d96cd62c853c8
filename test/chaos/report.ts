import { faultOf } from './faults.ts'
import { type RunResult, SETTLE } from './run.ts'
import { RECOVERY } from './measure.ts'
import { type DisturbanceReport } from './protocol.ts'
import { type Round } from './schedule.ts'

const CALM_SHARE = 0.8

/** What was promised and did not hold, in words; empty when all of it did. */
export function brokenPromises(
  { proof, disturbances, fingerprint }: RunResult,
  rounds: readonly Round[],
): string[] {
  const { verdict } = proof
  const broken: string[] = []
  const check = (holds: boolean, text: string): void => void (holds || broken.push(text))
  const some = verdict.lost.slice(0, 5).map(({ device, n }) => `${device} ${n}`)
  check(
    verdict.lost.length === 0,
    `${verdict.lost.length} acknowledged messages are lost: ${some.join(', ')}`,
  )
  check(verdict.altered === 0, `${verdict.altered} records are not what was published`)
  const late = verdict.disorder.slice(0, 5).map(({ device, n }) => `${device} ${n}`)
  check(verdict.disorder.length === 0, `${verdict.disorder.length} messages out of order: ${late.join(', ')}`)
  check(
    verdict.duplicates <= verdict.duplicatesAllowed,
    `${verdict.duplicates} duplicates, ${verdict.duplicatesAllowed} explained`,
  )
  check(
    verdict.settledAfter <= SETTLE,
    `${verdict.unacknowledged.length} messages not acknowledged ${SETTLE / 1000} s after the last fault`,
  )
  if (fingerprint !== undefined)
    check(
      proof.fingerprints.length > 0 && proof.fingerprints.every((shown) => shown === fingerprint),
      'devices are shown an old certificate',
    )
  check(proof.sessionsLost === 0, `${proof.sessionsLost} sessions were lost`)
  proof.disturbances.forEach(({ recovery, watched, calmShare }, index) => {
    const title = `round ${index + 1} (${disturbances[index]!.title})`
    if (calmShare !== undefined)
      check(calmShare >= CALM_SHARE, `${percent(calmShare)} of the rate after ${title}`)
    const { faults } = rounds[index]!
    if (faults.length === 1 && faultOf(faults[0]!.name).promised && watched >= RECOVERY)
      check(
        recovery !== undefined && recovery <= RECOVERY,
        `recovery after ${title} took ${seconds(recovery)} s`,
      )
  })
  return broken
}

/** A table with a line for each kind of disturbance, then the sums. */
export function renderReport({ proof, disturbances, end }: RunResult): string {
  const kinds = new Map<string, DisturbanceReport[]>()
  disturbances.forEach(({ title }, index) => {
    // Combinations are many; together they are one line.
    const kind = title.includes(' + ') ? 'combined' : title
    kinds.set(kind, [...(kinds.get(kind) ?? []), proof.disturbances[index]!])
  })
  const rows = [...kinds].sort(([a], [b]) => a.localeCompare(b)).map(([kind, list]) => rowOf(kind, list))
  const header = [
    ...['fault', 'count', 'longest wait s', 'recovery s (median / max)', 'lost', 'duplicates', 'disorder'],
  ]
  const { verdict } = proof
  const shares = proof.disturbances.flatMap(({ calmShare }) => (calmShare === undefined ? [] : [calmShare]))
  const lastEnd = disturbances.at(-1)?.end ?? end
  return [
    table([header, ...rows]),
    '',
    `${verdict.published} published, ${verdict.acknowledged} acknowledged, ${verdict.records} records, ${proof.resends} sent again`,
    `${verdict.lost.length} lost, ${verdict.altered} altered, ${verdict.disorder.length} out of order, ${verdict.duplicates} duplicates (${verdict.duplicatesAllowed} explained)`,
    `published until ${seconds(end - lastEnd)} s after the last fault, everything acknowledged at ${seconds(verdict.settledAfter)} s; ${proof.sessionsLost} sessions lost`,
    `${proof.undisturbedRate.toFixed(0)} messages a second without faults; between faults at least ${shares.length === 0 ? '-' : percent(Math.min(...shares))} of it`,
  ].join('\n')
}

function rowOf(kind: string, list: readonly DisturbanceReport[]): string[] {
  const recoveries = list.map(({ recovery }) => recovery ?? Infinity).sort((a, b) => a - b)
  const sum = (of: (each: DisturbanceReport) => number): string =>
    String(list.reduce((total, each) => total + of(each), 0))
  return [
    ...[kind, String(list.length), seconds(Math.max(...list.map(({ longestWait }) => longestWait)))],
    `${seconds(recoveries[Math.floor((recoveries.length - 1) / 2)])} / ${seconds(recoveries.at(-1))}`,
    ...[sum(({ lost }) => lost), sum(({ duplicates }) => duplicates), sum(({ disorder }) => disorder)],
  ]
}

function table(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)))
  const line = (row: readonly string[]): string =>
    `| ${row.map((cell, column) => cell.padEnd(widths[column]!)).join(' | ')} |`
  const rule = `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`
  return [line(rows[0]!), rule, ...rows.slice(1).map(line)].join('\n')
}

function seconds(milliseconds: number | undefined): string {
  return milliseconds === undefined || milliseconds === Infinity ? 'never' : (milliseconds / 1000).toFixed(1)
}

function percent(share: number): string {
  return `${(share * 100).toFixed(0)} %`
}
