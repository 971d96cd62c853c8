import { type ActionFailure, type ActiveRule, type Engine, type EngineObserver } from './engine/index.ts'
import { type HttpIngest, type IngestEvents, type MqttIngest, type PublishEvents } from './ingest/index.ts'
import { type Message, type Settlement } from './message/index.ts'
import { type Cell, Histogram, type Log, type MetricName, type Metrics } from './observe/index.ts'
import { type ServerStats } from './app.ts'

interface RuleCells {
  readonly topicMatched: Cell
  readonly matched: Cell
  readonly delivered: Cell
  readonly succeeded: Cell
}

/** Counts what the engine does and logs what fails. */
export class EngineWatch implements EngineObserver {
  readonly #metrics: Metrics
  readonly #log: Log
  readonly #received: Cell
  readonly #executed: Cell
  readonly #settle: Histogram
  readonly #puback: Histogram
  readonly #settled: Readonly<Record<Settlement, Cell>>
  readonly #cells = new WeakMap<ActiveRule, RuleCells>()
  /** Latencies since the last look, for a live display. */
  readonly #recent = new Histogram()

  constructor(metrics: Metrics, log: Log) {
    this.#metrics = metrics
    this.#log = log
    this.#received = metrics.cell('topicrule_messages_received_total')
    this.#executed = metrics.cell('aws_iot_rules_executed_total')
    this.#settle = metrics.histogram('topicrule_settle_seconds')
    this.#puback = metrics.histogram('topicrule_puback_seconds')
    this.#settled = {
      taken: metrics.cell('topicrule_messages_acknowledged_total'),
      unmatched: metrics.cell('topicrule_messages_unmatched_total'),
      withheld: metrics.cell('topicrule_messages_withheld_total'),
    }
  }

  messageReceived(): void {
    this.#received.value += 1
  }

  topicMatched(rule: ActiveRule): void {
    this.#of(rule).topicMatched.value += 1
  }

  ruleNotFound(): void {
    this.#metrics.cell('aws_iot_rule_not_found_total').value += 1
  }

  payloadUnread({ rule }: ActiveRule): void {
    this.#metrics.cell('aws_iot_parse_error_total', rule.name).value += 1
  }

  ruleMatched(rule: ActiveRule): void {
    this.#executed.value += 1
    this.#of(rule).matched.value += 1
  }

  recordDelivered(rule: ActiveRule): void {
    const cells = this.#of(rule)
    cells.delivered.value += 1
    cells.succeeded.value += 1
  }

  messageRepublished({ rule }: ActiveRule): void {
    this.#metrics.cell('topicrule_messages_republished_total', rule.name).value += 1
    this.#metrics.cell('aws_iot_success_total', rule.name, 'republish').value += 1
  }

  actionFailed({ rule }: ActiveRule, message: Message, { action, failure }: ActionFailure): void {
    this.#metrics.cell('topicrule_actions_failed_total', rule.name).value += 1
    const kind = /^(\w+)\[/.exec(action)?.[1]
    if (kind !== undefined) this.#metrics.cell('aws_iot_failure_total', rule.name, kind).value += 1
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
    this.#metrics.cell('aws_iot_error_action_success_total', rule.name).value += 1
  }

  errorActionFailed({ rule }: ActiveRule): void {
    this.#metrics.cell('aws_iot_error_action_failure_total', rule.name).value += 1
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

  messageSettled(settlement: Settlement, elapsed: number, { qos, client }: Message): void {
    this.#settled[settlement].value += 1
    this.#settle.add(elapsed)
    if (qos > 0 && settlement !== 'withheld' && client.protocol === 'mqtt') this.#puback.add(elapsed)
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
    const { name } = rule.rule
    const cells = {
      topicMatched: this.#metrics.cell('aws_iot_topic_match_total', name),
      matched: this.#metrics.cell('topicrule_rule_matched_total', name),
      delivered: this.#metrics.cell('topicrule_records_delivered_total', name),
      succeeded: this.#metrics.cell('aws_iot_success_total', name, 'kafka'),
    }
    this.#cells.set(rule, cells)
    return cells
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

/** Shows what the stages hold. */
export function stageGauges(
  metrics: Metrics,
  engine: Engine,
  ingest: MqttIngest,
  http: HttpIngest | undefined,
): void {
  metrics.gauge('topicrule_held_bytes', () => engine.heldBytes)
  metrics.gauge('topicrule_unsettled_messages', () => engine.unsettled)
  metrics.gauge('topicrule_mqtt_connections', () => ingest.stats().connections)
  metrics.gauge('topicrule_mqtt_sessions', () => ingest.stats().sessions)
  metrics.gauge('topicrule_mqtt_window_messages', () => ingest.unacknowledged())
  metrics.gauge('topicrule_mqtt_deferred_bytes', () => ingest.stats().deferredBytes)
  metrics.gauge('topicrule_publish_connections', () => http?.stats().connections ?? 0)
  metrics.gauge('topicrule_publish_requests', () => http?.stats().requests ?? 0)
  metrics.gauge('topicrule_publish_waiting_bytes', () => http?.stats().waitingBytes ?? 0)
  metrics.gauge('topicrule_rules_active', () => engine.ruleset.size)
}
