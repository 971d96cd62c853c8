import { type Paint, visible } from '../../explain/index.ts'
import { type Simulation } from './run.ts'

/** How the run goes, on one line. */
export function liveLine(run: Simulation): string {
  const { elapsed, published, acknowledged, outstanding, reconnects, recent } = run
  const rate = elapsed > 0 ? Math.round(acknowledged / elapsed) : 0
  const latency = `p50 ${shown(recent.quantile(0.5))}  p99 ${shown(recent.quantile(0.99))}`
  return `${elapsed.toFixed(0).padStart(4)} s  sent ${published}  acknowledged ${acknowledged} (${rate}/s)  waiting ${outstanding}  ${latency}  reconnects ${reconnects}`
}

/** The table at the end. */
export function resultText(run: Simulation, qos: number, paint: Paint): string {
  const { published, acknowledged, refused, reconnects, elapsed, latencies } = run
  const open = published - acknowledged - refusals(run)
  const rows: [string, string][] = [
    ['sent', String(published)],
    [qos === 0 ? 'handed over' : 'acknowledged', `${acknowledged} (${perSecond(acknowledged, elapsed)}/s)`],
    ['refused', String(refusals(run))],
    ...[...refused].map(([reason, count]): [string, string] => ['', `${count} × ${visible(reason)}`]),
    ['unanswered', String(open)],
    ['reconnects', String(reconnects)],
    ['seconds', elapsed.toFixed(1)],
  ]
  const quantiles: [string, number][] = [
    ['p50', latencies.quantile(0.5)],
    ['p90', latencies.quantile(0.9)],
    ['p99', latencies.quantile(0.99)],
    ['p99.9', latencies.quantile(0.999)],
    ['max', latencies.max],
  ]
  return [
    ...rows.map(([name, value]) => `${name.padEnd(13)} ${value}`),
    '',
    paint('heading', `latency in ms, from when a message was due until ${untilWhat(qos)}`),
    quantiles.map(([name]) => name.padStart(9)).join(''),
    quantiles.map(([, value]) => (latencies.count === 0 ? '-' : value.toFixed(2)).padStart(9)).join(''),
  ].join('\n')
}

export function resultJson(run: Simulation, qos: number): object {
  const { published, acknowledged, refused, reconnects, elapsed, latencies } = run
  const quantile = (share: number): number | null =>
    latencies.count === 0 ? null : round(latencies.quantile(share))
  return {
    sent: published,
    acknowledged,
    refused: Object.fromEntries(refused),
    unanswered: published - acknowledged - refusals(run),
    reconnects,
    seconds: round(elapsed),
    latency: {
      until: untilWhat(qos),
      p50: quantile(0.5),
      p90: quantile(0.9),
      p99: quantile(0.99),
      'p99.9': quantile(0.999),
      max: latencies.count === 0 ? null : round(latencies.max),
    },
  }
}

export function refusals({ refused }: Simulation): number {
  return [...refused.values()].reduce((sum, each) => sum + each, 0)
}

function untilWhat(qos: number): string {
  return ['it was handed to the network', 'its PUBACK', 'its PUBCOMP'][qos]!
}

function perSecond(count: number, seconds: number): string {
  return seconds > 0 ? (count / seconds).toFixed(1) : '0'
}

function shown(milliseconds: number): string {
  return `${milliseconds.toFixed(1)} ms`
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000
}
