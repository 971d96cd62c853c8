import { type ActionFailure, type ActiveRule, type EngineObserver } from './engine/index.ts'
import { type ErrorCode } from './errors.ts'
import { type IngestEvents, type PublishEvents } from './ingest/index.ts'
import { type Message, type Settlement } from './message/index.ts'
import { type Cell, Histogram, type Log, type MetricName, type Metrics } from './observe/index.ts'
import { type ServerStats } from './app.ts'

interface RuleCells {
  readonly matched: Cell
  readonly delivered: Cell
}

/** Counts what the engine does and logs what fails. */
export class EngineWatch implements EngineObserver {
  readonly #metrics: Metrics
  readonly #log: Log
  readonly #received: Cell
  readonly #settled: Readonly<Record<Settlement, Cell>>
  readonly #cells = new WeakMap<ActiveRule, RuleCells>()
  /** Latencies since the last look, for a live display. */
  readonly #recent = new Histogram()

  constructor(metrics: Metrics, log: Log) {
    this.#metrics = metrics
    this.#log = log
    this.#received = metrics.cell('topicrule_messages_received_total')
    this.#settled = {
      taken: metrics.cell('topicrule_messages_acknowledged_total'),
      unmatched: metrics.cell('topicrule_messages_unmatched_total'),
      withheld: metrics.cell('topicrule_messages_withheld_total'),
    }
  }

  messageReceived(): void {
    this.#received.value += 1
  }

  ruleMatched(rule: ActiveRule): void {
    this.#of(rule).matched.value += 1
  }

  recordDelivered(rule: ActiveRule): void {
    this.#of(rule).delivered.value += 1
  }

  messageRepublished({ rule }: ActiveRule): void {
    this.#metrics.cell('topicrule_messages_republished_total', rule.name).value += 1
  }

  actionFailed({ rule }: ActiveRule, message: Message, { action, failure }: ActionFailure): void {
    this.#metrics.cell('topicrule_actions_failed_total', rule.name).value += 1
    this.#log.event('action.failed', {
      rule: rule.name,
      action,
      code: failure.code,
      class: failure.class,
      resource: failure.resource,
      reason: failure.message,
      topic: message.topic,
      clientId: message.client.clientId,
      traceId: message.traceId,
    })
  }

  errorActionDelivered({ rule }: ActiveRule): void {
    this.#metrics.cell('topicrule_error_actions_delivered_total', rule.name).value += 1
  }

  messageDeadLettered({ rule }: ActiveRule, message: Message, failures: readonly ActionFailure[]): void {
    this.#log.event('message.dead_lettered', {
      rule: rule.name,
      traceId: message.traceId,
      topic: message.topic,
      clientId: message.client.clientId,
      codes: failures.map(({ failure }) => failure.code),
    })
    this.#metrics.cell('topicrule_dead_letters_total', rule.name).value += 1
  }

  messageLost({ rule }: ActiveRule, message: Message, failures: readonly ActionFailure[]): void {
    this.#log.event('message.lost', {
      rule: rule.name,
      traceId: message.traceId,
      topic: message.topic,
      clientId: message.client.clientId,
      codes: failures.map(({ failure }) => failure.code),
    })
    this.#metrics.cell('topicrule_messages_lost_total', rule.name).value += 1
  }

  messageSettled(settlement: Settlement, elapsed: number): void {
    this.#settled[settlement].value += 1
    this.#metrics.settle.add(elapsed)
    this.#recent.add(elapsed)
  }

  /** Counts since the start, latencies since the last call. */
  stats(unsettled: number, connections: number): ServerStats {
    const stats = {
      received: this.#received.value,
      matched: this.#metrics.total('topicrule_rule_matched_total'),
      delivered: this.#metrics.total('topicrule_records_delivered_total'),
      acknowledged: this.#settled.taken.value + this.#settled.unmatched.value,
      failed: this.#metrics.total('topicrule_actions_failed_total'),
      unsettled,
      connections,
      p50: this.#recent.quantile(0.5),
      p99: this.#recent.quantile(0.99),
    }
    this.#recent.reset()
    return stats
  }

  #of(rule: ActiveRule): RuleCells {
    const known = this.#cells.get(rule)
    if (known !== undefined) return known
    const cells = {
      matched: this.#metrics.cell('topicrule_rule_matched_total', rule.rule.name),
      delivered: this.#metrics.cell('topicrule_records_delivered_total', rule.rule.name),
    }
    this.#cells.set(rule, cells)
    return cells
  }
}

/** Logs faults of producers; a broker outside of its destination's policy counts as well. */
export function kafkaFaults(
  metrics: Metrics,
  log: Log,
): (bootstrap: string, reason: string, code?: ErrorCode) => void {
  return (bootstrap, reason, code) => {
    const isForbidden = code === 'KAFKA_DESTINATION_FORBIDS'
    if (isForbidden) metrics.cell('topicrule_kafka_destination_refusals_total').value += 1
    log.event(isForbidden ? 'kafka.destination_forbidden' : 'kafka.fault', { bootstrap, code, reason })
  }
}

/** Maps what the MQTT ingest tells onto metrics and the log. */
export function ingestEvents(metrics: Metrics, log: Log): IngestEvents {
  return {
    count: countInto(metrics, 'topicrule_mqtt_events_total'),
    log: ({ event, ...fields }) => log.event(event, fields),
  }
}

/** The same for the HTTP ingest. */
export function publishEvents(metrics: Metrics, log: Log): PublishEvents {
  return {
    count: countInto(metrics, 'topicrule_publish_events_total'),
    log: ({ event, ...fields }) => log.event(event, fields),
  }
}

function countInto(metrics: Metrics, metric: MetricName): (name: string, by?: number) => void {
  const cells = new Map<string, Cell>()
  return (name, by = 1) => {
    let cell = cells.get(name)
    if (cell === undefined) cells.set(name, (cell = metrics.cell(metric, name)))
    cell.value += by
  }
}
