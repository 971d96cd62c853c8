import { type ExplainedNode, explainRule, type Explanation } from '../../src/explain/index.ts'
import { type Message } from '../../src/message/index.ts'
import { compileRule, type CompiledRule, type CompileOptions } from '../../src/rule/index.ts'
import { type Environment } from '../../src/sql/index.ts'

/** A Kafka action as AWS writes it, with these templates. */
export function kafkaAction(fields: Readonly<Record<string, unknown>>): unknown {
  return {
    kafka: {
      destinationArn: 'arn:aws:iot:us-east-1:123456789012:ruledestination/vpc/1',
      topic: 'out',
      clientProperties: {
        acks: 'all',
        'bootstrap.servers': 'localhost:9092',
        'security.protocol': 'PLAINTEXT',
      },
      ...fields,
    },
  }
}

export interface Parts {
  readonly actions?: readonly unknown[]
  readonly errorAction?: unknown
  readonly version?: string
  readonly options?: CompileOptions
}

/** A rule in version 2016-03-23; throws the first finding when it is refused. */
export function ruleOf(
  sql: string,
  { actions = [], errorAction, version, options }: Parts = {},
): CompiledRule {
  const document = {
    sql,
    awsIotSqlVersion: version ?? '2016-03-23',
    actions,
    ...(errorAction === undefined ? {} : { errorAction }),
  }
  const result = compileRule(document, { name: 'rule', extensions: ['PLAINTEXT'], ...options })
  if (!result.ok) throw new Error(result.diagnostics[0]!.message)
  return result.rule
}

export function messageOf(payload: string | Buffer, topic = 'a/b'): Message {
  return {
    topic,
    payload: Buffer.from(payload),
    qos: 1,
    retain: false,
    client: { clientId: 'device', principal: undefined, sourceIp: '192.0.2.1', protocol: 'mqtt' },
    properties: undefined,
    receivedAt: 0,
    traceId: '12345678-1234-4234-8234-123456789012',
    settle: () => undefined,
  }
}

/** Fixed clock, and chance that never repeats itself. */
export function environmentOf(): Environment {
  let drawn = 0
  return {
    accountId: '123456789012',
    now: () => 1481825251155,
    random: () => (drawn += 1) / 1024,
    newUuid: () => `uuid-${(drawn += 1)}`,
  }
}

export function explain(sql: string, payload: string | Buffer, parts: Parts = {}): Promise<Explanation> {
  return explainRule(ruleOf(sql, parts), messageOf(payload), environmentOf())
}

/** The tree of one expression. */
export async function explainValue(expression: string, payload: string | Buffer): Promise<ExplainedNode> {
  const { select } = await explain(`SELECT ${expression} AS r FROM 'a/b'`, payload)
  return select!.items[0]!.node
}

/** Every node of a tree, each before those below it. */
export function allNodes(node: ExplainedNode): ExplainedNode[] {
  return [node, ...node.children.flatMap(allNodes)]
}
