/** Every metric: its type, help and the label it is split by. Names as Prometheus has them. */
export const metricSpecs = {
  aws_iot_rules_executed_total: {
    type: 'counter',
    help: 'RulesExecuted of AWS: times that a rule ran, its WHERE having let the message pass.',
  },
  aws_iot_topic_match_total: {
    type: 'counter',
    help: 'TopicMatch of AWS: messages on a topic that the rule listens to.',
    label: 'rule',
  },
  aws_iot_parse_error_total: {
    type: 'counter',
    help: 'ParseError of AWS: messages that are not JSON although the rule reads values of them.',
    label: 'rule',
  },
  aws_iot_rule_not_found_total: {
    type: 'counter',
    help: 'RuleNotFound of AWS: messages by Basic Ingest to a rule that is not there.',
  },
  aws_iot_success_total: {
    type: 'counter',
    help: 'Success of AWS: rule actions that did their work.',
    label: ['rule', 'action_type'],
  },
  aws_iot_failure_total: {
    type: 'counter',
    help: 'Failure of AWS: rule actions that failed.',
    label: ['rule', 'action_type'],
  },
  aws_iot_error_action_success_total: {
    type: 'counter',
    help: 'ErrorActionSuccess of AWS: error actions that took the message.',
    label: 'rule',
  },
  aws_iot_error_action_failure_total: {
    type: 'counter',
    help: 'ErrorActionFailure of AWS: error actions that failed.',
    label: 'rule',
  },
  topicrule_messages_received_total: { type: 'counter', help: 'Messages taken by the engine.' },
  topicrule_messages_acknowledged_total: {
    type: 'counter',
    help: 'Messages settled so that their source acknowledges them.',
  },
  topicrule_messages_unmatched_total: {
    type: 'counter',
    help: 'Messages that no rule selected; acknowledged.',
  },
  topicrule_messages_withheld_total: {
    type: 'counter',
    help: 'Messages left unacknowledged because the environment failed.',
  },
  topicrule_messages_lost_total: {
    type: 'counter',
    help: 'Failed messages that neither an error action nor the dead letters took; acknowledged.',
    label: 'rule',
  },
  topicrule_dead_letters_total: {
    type: 'counter',
    help: 'Failed messages that no error action took; written to the dead letters.',
    label: 'rule',
  },
  topicrule_dead_letters_removed_total: {
    type: 'counter',
    help: 'Dead letters removed because of their age or the space they take.',
  },
  topicrule_dead_letter_failures_total: {
    type: 'counter',
    help: 'Failed attempts to write dead letters.',
  },
  topicrule_dead_letter_bytes: { type: 'gauge', help: 'Bytes of the dead letters on disk.' },
  topicrule_rule_matched_total: { type: 'counter', help: 'Messages that a rule selected.', label: 'rule' },
  topicrule_records_delivered_total: {
    type: 'counter',
    help: 'Records that Kafka acknowledged.',
    label: 'rule',
  },
  topicrule_messages_republished_total: {
    type: 'counter',
    help: 'Messages that a rule republished and that have settled.',
    label: 'rule',
  },
  topicrule_actions_failed_total: { type: 'counter', help: 'Actions that failed.', label: 'rule' },
  topicrule_error_actions_delivered_total: {
    type: 'counter',
    help: 'Error messages that the error action delivered.',
    label: 'rule',
  },
  topicrule_service_calls_total: {
    type: 'counter',
    help: 'Calls of the services behind functions.',
    label: 'function',
  },
  topicrule_service_failures_total: {
    type: 'counter',
    help: 'Calls of services that failed.',
    label: 'function',
  },
  topicrule_service_seconds_total: {
    type: 'counter',
    help: 'Time that calls of services took, together.',
    label: 'function',
  },
  topicrule_settle_seconds: { type: 'histogram', help: 'Time from taking a message to settling it.' },
  topicrule_puback_seconds: {
    type: 'histogram',
    help: 'Time from taking an MQTT message of QoS 1 or 2 to the moment of its PUBACK or PUBREC.',
  },
  topicrule_held_bytes: { type: 'gauge', help: 'Bytes held for messages that have not settled.' },
  topicrule_unsettled_messages: { type: 'gauge', help: 'Messages that have not settled.' },
  topicrule_mqtt_connections: { type: 'gauge', help: 'MQTT connections now.' },
  topicrule_mqtt_sessions: { type: 'gauge', help: 'MQTT sessions, those without a connection included.' },
  topicrule_mqtt_window_messages: {
    type: 'gauge',
    help: 'MQTT messages of QoS 1 and 2 in the windows of their connections: received and not acknowledged.',
  },
  topicrule_mqtt_deferred_bytes: {
    type: 'gauge',
    help: 'Bytes of MQTT messages that wait for room in the window of their connection.',
  },
  topicrule_mqtt_events_total: { type: 'counter', help: 'What the MQTT ingest counted.', label: 'event' },
  topicrule_publish_connections: { type: 'gauge', help: 'Connections for publishing by HTTP now.' },
  topicrule_publish_requests: { type: 'gauge', help: 'HTTP requests to publish that are not answered.' },
  topicrule_publish_waiting_bytes: {
    type: 'gauge',
    help: 'Bytes of HTTP requests to publish that wait for room.',
  },
  topicrule_publish_events_total: { type: 'counter', help: 'What the HTTP ingest counted.', label: 'event' },
  topicrule_access_refusals_total: {
    type: 'counter',
    help: 'Requests to the control API, and signatures and tokens of HTTP publishing, that were refused.',
    label: 'error',
  },
  topicrule_control_connections_refused_total: {
    type: 'counter',
    help: 'Connections to the control API that were closed at once, for there were control.limits.maxConnections.',
  },
  topicrule_control_changes_total: {
    type: 'counter',
    help: 'Changes that callers made through the control API.',
    label: 'operation',
  },
  topicrule_secret_requests_total: {
    type: 'counter',
    help: 'Requests to stores of secrets, by how they ended: ok or a code.',
    label: 'result',
  },
  topicrule_secrets_kept_total: {
    type: 'counter',
    help: 'Failed requests for a secret after which the value known before stayed in use.',
  },
  topicrule_kafka_destination_refusals_total: {
    type: 'counter',
    help: 'Producers found to have a broker outside of the policy of their destination; each is told of at most twice a minute.',
  },
  topicrule_kafka_rotations_total: {
    type: 'counter',
    help: 'Producers that took over from one with older client properties.',
  },
  topicrule_kafka_rotation_gap_seconds_total: {
    type: 'counter',
    help: 'Time without delivery in all rotations.',
  },
  topicrule_kafka_producers: { type: 'gauge', help: 'Producers that are open.' },
  topicrule_kafka_producers_hanging: {
    type: 'gauge',
    help: 'Producers that have heard nothing of their records for a while.',
  },
  topicrule_kafka_records_timed_out_total: {
    type: 'counter',
    help: 'Records given up after kafka.deliveryTimeout.',
  },
  topicrule_kafka_producer_state: {
    type: 'gauge',
    help: 'How a producer stands with its cluster: 1 for the state that it is in, 0 for the others.',
    label: ['producer', 'state'],
  },
  topicrule_kafka_producer_actions: {
    type: 'gauge',
    help: 'Actions that share a producer.',
    label: 'producer',
  },
  topicrule_kafka_producer_outstanding: {
    type: 'gauge',
    help: 'Records that Kafka has not confirmed.',
    label: 'producer',
  },
  topicrule_kafka_producer_oldest_seconds: {
    type: 'gauge',
    help: 'How long the oldest of them has waited.',
    label: 'producer',
  },
  topicrule_rules_active: { type: 'gauge', help: 'Rules that take part in matching.' },
  topicrule_taps_open: { type: 'gauge', help: 'Readers that watch messages by `topicrule tap`.' },
} as const satisfies Record<string, MetricSpec>

export interface MetricSpec {
  readonly type: 'counter' | 'gauge' | 'histogram'
  readonly help: string
  readonly label?: string | readonly string[]
}

export type MetricName = keyof typeof metricSpecs

/** A counter cell: the hot path adds to the field and nothing else. */
export interface Cell {
  value: number
}

/** Upper bounds in milliseconds, each 1.25 times the last: quantiles are exact to that. */
const BOUNDS = Array.from({ length: 72 }, (_, index) => 0.02 * 1.25 ** index)
const LOG_STEP = Math.log(1.25)

/** A latency histogram with geometric buckets; adding costs one logarithm. */
export class Histogram {
  readonly #counts = new Float64Array(BOUNDS.length + 1)
  #count = 0
  #sum = 0

  add(milliseconds: number): void {
    const bucket = milliseconds <= BOUNDS[0]! ? 0 : Math.ceil(Math.log(milliseconds / BOUNDS[0]!) / LOG_STEP)
    this.#counts[Math.min(bucket, BOUNDS.length)]! += 1
    this.#count += 1
    this.#sum += milliseconds
  }

  get count(): number {
    return this.#count
  }

  /** Upper bound in milliseconds of the bucket that holds the quantile `share` (0 to 1); 0 when empty. */
  quantile(share: number): number {
    if (this.#count === 0) return 0
    let seen = 0
    for (let index = 0; index < this.#counts.length; index += 1) {
      seen += this.#counts[index]!
      if (seen >= share * this.#count) return BOUNDS[Math.min(index, BOUNDS.length - 1)]!
    }
    return BOUNDS.at(-1)!
  }

  reset(): void {
    this.#counts.fill(0)
    this.#count = 0
    this.#sum = 0
  }

  /** Lines of the Prometheus text format, in seconds as is its custom; every fourth bound keeps the page short. */
  lines(name: string): string[] {
    const lines: string[] = []
    let seen = 0
    BOUNDS.forEach((bound, index) => {
      seen += this.#counts[index]!
      if (index % 4 === 3)
        lines.push(`${name}_bucket{le="${Number((bound / 1_000).toPrecision(4))}"} ${seen}`)
    })
    return [
      ...lines,
      `${name}_bucket{le="+Inf"} ${this.#count}`,
      `${name}_sum ${this.#sum / 1_000}`,
      `${name}_count ${this.#count}`,
    ]
  }
}

/** A value with those of its labels, in the order of the spec. */
export interface LabelledValue {
  readonly labels: readonly string[]
  readonly value: number
}

interface LabelledCell extends Cell {
  readonly labels: readonly string[]
}

/** Values of the labels of one metric. */
const MAX_LABELS = 5_000
const SEPARATOR = '\0'

/** The metrics of one server. Label values are bounded: past `MAX_LABELS` all others share `other`. */

export class Metrics {
  readonly #cells = new Map<MetricName, Map<string, LabelledCell>>()
  readonly #gauges = new Map<MetricName, () => number>()
  readonly #labelled = new Map<MetricName, () => readonly LabelledValue[]>()
  readonly #histograms = new Map<MetricName, Histogram>()

  /** The cell of a counter, with a value for each of its labels; kept by the caller so that counting needs no look-up. */
  cell(name: MetricName, ...labels: readonly string[]): Cell {
    let cells = this.#cells.get(name)
    if (cells === undefined) this.#cells.set(name, (cells = new Map()))
    const known = cells.get(labels.join(SEPARATOR))
    if (known !== undefined) return known
    const kept = cells.size < MAX_LABELS ? labels : labels.map(() => 'other')
    const key = kept.join(SEPARATOR)
    const cell = cells.get(key) ?? { labels: kept, value: 0 }
    cells.set(key, cell)
    return cell
  }

  histogram(name: MetricName): Histogram {
    const known = this.#histograms.get(name) ?? new Histogram()
    this.#histograms.set(name, known)
    return known
  }

  /** Sum over all labels of a counter. */
  total(name: MetricName): number {
    let sum = 0
    for (const cell of this.#cells.get(name)?.values() ?? []) sum += cell.value
    return sum
  }

  gauge(name: MetricName, read: () => number): void {
    this.#gauges.set(name, read)
  }

  /** A gauge split by its labels, read when the page is. */
  labelledGauge(name: MetricName, read: () => readonly LabelledValue[]): void {
    this.#labelled.set(name, read)
  }

  /** The Prometheus text exposition format, version 0.0.4. */
  text(): string {
    const lines: string[] = []
    for (const [key, spec] of Object.entries(metricSpecs)) {
      const name = key as MetricName
      lines.push(`# HELP ${name} ${spec.help}`, `# TYPE ${name} ${spec.type}`, ...this.#lines(name, spec))
    }
    return `${lines.join('\n')}\n`
  }

  #lines(name: MetricName, spec: MetricSpec): string[] {
    if (spec.type === 'histogram') return this.histogram(name).lines(name)
    const names = [spec.label ?? []].flat()
    if (spec.type === 'gauge') {
      if (names.length === 0) return [`${name} ${this.#gauges.get(name)?.() ?? 0}`]
      const values = this.#labelled.get(name)?.() ?? []
      return values.slice(0, MAX_LABELS).map(({ labels, value }) => sample(name, names, labels, value))
    }
    const cells = [...(this.#cells.get(name)?.values() ?? [])]
    if (names.length === 0) return [`${name} ${cells[0]?.value ?? 0}`]
    return cells.map(({ labels, value }) => sample(name, names, labels, value))
  }
}

function sample(name: string, names: readonly string[], labels: readonly string[], value: number): string {
  const pairs = names.map((label, index) => `${label}="${escape(labels[index] ?? '')}"`)
  return `${name}{${pairs.join(',')}} ${value}`
}

function escape(label: string): string {
  return label.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')
}
