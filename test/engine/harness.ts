import { type DeadLetter, type LetterReceipt } from '../../src/deadletter/index.ts'
import { type Delivery, type KafkaRecord } from '../../src/deliver/index.ts'
import { activate, type ActiveRule, Engine, type EngineObserver } from '../../src/engine/index.ts'
import { type Failure } from '../../src/errors.ts'
import { type ClientContext, type Message, type Settlement } from '../../src/message/index.ts'
import { compileRule, type CompiledRule } from '../../src/rule/index.ts'
import { type Services } from '../../src/sql/index.ts'

export interface Sent {
  readonly record: KafkaRecord
  readonly delivery: Delivery
}

/** A rule as an operator writes it; the action's fields can be replaced. */
export function rule(name: string, sql: string, kafka: object = {}, more: object = {}): CompiledRule {
  return ruleOf(name, sql, (topic) => kafkaAction({ topic, ...kafka }), more)
}

/** A rule with republish actions, `more.actions` of them. */
export function republishRule(name: string, sql: string, republish: object, more: object = {}): CompiledRule {
  const roleArn = 'arn:aws:iam::000000000000:role/republish'
  return ruleOf(name, sql, () => ({ republish: { roleArn, ...republish } }), more)
}

function kafkaAction(fields: object): object {
  return {
    kafka: {
      destinationArn: 'arn:aws:iot:local:000000000000:ruledestination/vpc/test',
      clientProperties: {
        'bootstrap.servers': 'localhost:9092',
        'security.protocol': 'PLAINTEXT',
        acks: 'all',
      },
      ...fields,
    },
  }
}

function ruleOf(name: string, sql: string, action: (topic: string) => object, more: object): CompiledRule {
  const { errorTopic, actions = 1, ...rest } = more as { errorTopic?: string; actions?: number }
  const result = compileRule(
    {
      ruleName: name,
      topicRulePayload: {
        sql,
        awsIotSqlVersion: '2016-03-23',
        actions: Array.from({ length: actions }, (_, index) => action(`${name}-${index}`)),
        ...(errorTopic === undefined ? {} : { errorAction: kafkaAction({ topic: errorTopic }) }),
        ...rest,
      },
    },
    { extensions: ['PLAINTEXT'], services: new Set(['aws_lambda', 'get_thing_shadow']) },
  )
  if (!result.ok) throw new Error(JSON.stringify(result.diagnostics))
  return result.rule
}

export class Bench implements EngineObserver {
  readonly engine: Engine
  readonly sent: Sent[] = []
  readonly failures: Failure[] = []
  readonly republished: string[] = []
  /** Letters that wait for the disk, when the bench has dead letters. */
  readonly letters: { readonly letter: DeadLetter; readonly receipt: LetterReceipt }[] = []
  /** By topic: records that fail within `send`, as those for a refused producer do. */
  failAtOnce: ReadonlyMap<string, Failure> = new Map()
  deadLettered = 0
  lost = 0
  released = 0

  constructor(
    rules: readonly CompiledRule[],
    heldBytes = 1024 * 1024,
    services?: Services,
    hasDeadLetters = false,
  ) {
    this.engine = new Engine({
      environment: {
        accountId: '000000000000',
        now: Date.now,
        random: Math.random,
        newUuid: () => 'uuid',
        services,
      },
      observer: this,
      heldBytes,
      deadLetters: hasDeadLetters
        ? { append: (letter, receipt) => void this.letters.push({ letter, receipt }) }
        : undefined,
      republish: { hops: 3, messages: 20 },
    })
    this.use(rules)
  }

  use(rules: readonly CompiledRule[]): void {
    const open = () => ({
      send: (record: KafkaRecord, delivery: Delivery): void => {
        const refusal = this.failAtOnce.get(record.topic)
        if (refusal === undefined) this.sent.push({ record, delivery })
        else delivery.settled(refusal)
      },
      release: () => void (this.released += 1),
    })
    const changes = new Map<string, CompiledRule | undefined>()
    for (const { rule: each } of this.engine.ruleset.rules) changes.set(each.name, undefined)
    for (const each of rules) changes.set(each.name, each)
    activate(this.engine.ruleset, changes, open, (each) => (each.ack ?? 'delivered') === 'delivered')
  }

  publish(topic: string, payload: string, client: ClientContext = device('d1')): Settled {
    const settled = new Settled(topic, Buffer.from(payload), client)
    this.engine.accept(settled)
    return settled
  }

  values(): string[] {
    return this.sent.map(({ record }) => record.value.toString())
  }

  messageReceived(): void {}
  topicMatched(): void {}
  ruleNotFound(): void {}
  payloadUnread(): void {}
  errorActionFailed(): void {}
  ruleMatched(): void {}
  recordDelivered(): void {}
  messageRepublished({ rule: { name } }: ActiveRule): void {
    this.republished.push(name)
  }
  actionFailed(_rule: unknown, _message: unknown, failed: { failure: Failure }): void {
    this.failures.push(failed.failure)
  }
  errorActionDelivered(): void {}
  messageDeadLettered(): void {
    this.deadLettered += 1
  }
  messageLost(): void {
    this.lost += 1
  }
  messageSettled(): void {}
}

export function device(clientId: string): ClientContext {
  return { clientId, principal: undefined, sourceIp: '192.0.2.7', protocol: 'mqtt' }
}

export class Settled implements Message {
  readonly qos = 1
  readonly retain = false
  readonly properties = undefined
  readonly receivedAt = 0
  readonly traceId = 'trace'
  readonly topic: string
  readonly payload: Buffer
  readonly client: ClientContext
  settlement: Settlement | undefined
  times = 0

  constructor(topic: string, payload: Buffer, client: ClientContext) {
    this.topic = topic
    this.payload = payload
    this.client = client
  }

  settle(settlement: Settlement): void {
    this.settlement = settlement
    this.times += 1
  }
}

export function failure(kind: Failure['class']): Failure {
  return { code: 'KAFKA_TOPIC_INVALID', class: kind, resource: 'localhost:9092', message: 'it failed' }
}
