import { type Placement } from '../deliver/index.ts'
import { type KafkaRecord, type Publication } from '../deliver/specs.ts'
import { type ActiveRule, type MessageTap } from '../engine/index.ts'
import { type Failure } from '../errors.ts'
import { type Evaluation } from '../evaluate/index.ts'
import { type Message, type Settlement } from '../message/index.ts'

/** What became of one action. */
export interface SeenAction {
  readonly name: string
  made: KafkaRecord | Publication | undefined
  /** Undefined while it is on its way. */
  ended: { readonly failure: Failure | undefined; readonly placement: Placement | undefined } | undefined
}

/** What one rule made of a message. */
export interface SeenRule {
  readonly rule: ActiveRule
  readonly verdict: 'selected' | 'dropped' | Failure
  readonly actions: SeenAction[]
}

/** Bytes of an entry besides its payload, roughly. */
const OVERHEAD_BYTES = 1_024

/**
 * One message in the queues of those who look. It keeps a copy: the message itself may be a view of a much larger
 * buffer, and holds its connection.
 */
export class Entry implements MessageTap {
  readonly message: Message
  readonly hops: number
  readonly bytes: number
  /** `performance.now()` */
  readonly since = performance.now()
  readonly rules: SeenRule[] = []
  settlement: Settlement | undefined
  /** Milliseconds from taking the message to settling it. */
  latency: number | undefined
  readonly #onDone: () => void
  #open = 0

  constructor(message: Message, hops: number, onDone: () => void) {
    this.message = copyOf(message)
    this.hops = hops
    this.bytes = message.payload.length + OVERHEAD_BYTES
    this.#onDone = onDone
  }

  /** Whether nothing more will be told. */
  get isDone(): boolean {
    return this.settlement !== undefined && this.#open === 0
  }

  evaluated(rule: ActiveRule, evaluation: Evaluation | Failure): void {
    const verdict = 'class' in evaluation ? evaluation : evaluation.matched ? 'selected' : 'dropped'
    this.rules.push({ rule, verdict, actions: [] })
  }

  sent(rule: ActiveRule, action: string, made: KafkaRecord | Publication): void {
    const seen = this.#action(rule, action)
    if (seen === undefined) return
    seen.made = 'value' in made ? withoutValue(made) : { ...made, payload: EMPTY }
    this.#open += 1
  }

  ended(rule: ActiveRule, action: string, failure: Failure | undefined, placement?: Placement): void {
    const seen = this.#action(rule, action)
    if (seen === undefined || seen.ended !== undefined) return
    const { partition = -1, offset = -1 } = placement ?? {}
    seen.ended = { failure, placement: placement && { partition, offset } }
    if (seen.made !== undefined) this.#open -= 1
    this.#wake()
  }

  settled(settlement: Settlement): void {
    this.settlement = settlement
    this.latency = performance.now() - this.since
    this.#wake()
  }

  #action(rule: ActiveRule, name: string): SeenAction | undefined {
    const seen = this.rules.find((each) => each.rule === rule)
    const known = seen?.actions.find((each) => each.name === name)
    if (seen === undefined || known !== undefined) return known
    const action: SeenAction = { name, made: undefined, ended: undefined }
    seen.actions.push(action)
    return action
  }

  #wake(): void {
    if (this.isDone) this.#onDone()
  }
}

const EMPTY = Buffer.alloc(0)

/** Values are not shown: they follow from the message, and `replay` and `eval` make them again. */
function withoutValue(record: KafkaRecord): KafkaRecord {
  return { ...record, value: EMPTY }
}

function copyOf(message: Message): Message {
  const { topic, payload, qos, retain, client, properties, receivedAt, traceId } = message
  const { correlationData } = properties ?? {}
  return {
    topic,
    payload: Buffer.from(payload),
    qos,
    retain,
    client: { ...client },
    properties:
      correlationData === undefined
        ? properties
        : { ...properties, correlationData: Buffer.from(correlationData) },
    receivedAt,
    traceId,
    settle: () => undefined,
  }
}
