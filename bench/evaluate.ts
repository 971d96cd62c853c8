/** Time of one message through evaluate and render, without ingest and Kafka. Checks the result before it times. */
import { createScope, evaluate, type Evaluation } from '../src/evaluate/index.ts'
import { compileRule } from '../src/rule/index.ts'
import { Payload } from '../src/value/index.ts'
import { devicePayload, messageOf } from './device-message.ts'

const ROUNDS = 5
const MESSAGES = 300_000

const document = {
  ruleName: 'bench',
  topicRulePayload: {
    sql: "SELECT deviceId, temp, humidity, battery, topic(2) AS device FROM 'sensors/+/data' WHERE temp > 20",
    awsIotSqlVersion: '2016-03-23',
    actions: [
      {
        kafka: {
          destinationArn: 'arn:aws:iot:local:000000000000:ruledestination/vpc/bench',
          topic: 'bench',
          key: '${deviceId}',
          clientProperties: {
            'bootstrap.servers': 'localhost:9092',
            'security.protocol': 'PLAINTEXT',
            acks: 'all',
          },
        },
      },
    ],
  },
}

const compiled = compileRule(document, { extensions: ['PLAINTEXT'] })
if (!compiled.ok) throw new Error(JSON.stringify(compiled.diagnostics, undefined, 2))
const { rule } = compiled
const message = messageOf('sensors/device-0001/data')
const environment = { accountId: '000000000000', now: Date.now, random: Math.random, newUuid: () => '' }

/** Two in turns: what has been read of one message says nothing about the next. */
const payloads = [message.payload, Buffer.from(devicePayload)] as const
let turn = 0

function once(): Evaluation {
  turn = 1 - turn
  const scope = createScope(rule, message.topic, message, new Payload(payloads[turn]!), environment)
  const evaluation = evaluate(rule.query, scope) as Evaluation
  if (evaluation.matched) rule.actions[0]!.assemble(scope, evaluation.output)
  return evaluation
}

const first = once()
const expected = '{"deviceId":"device-0001","temp":24.75,"humidity":51.5,"battery":87,"device":"device-0001"}'
if (!first.matched || first.output.toString() !== expected) throw new Error('the rule gives another result')
console.log(`payload ${message.payload.length} bytes`)
for (let round = 0; round < ROUNDS; round += 1) {
  const started = process.cpuUsage()
  for (let count = 0; count < MESSAGES; count += 1) once()
  const { user, system } = process.cpuUsage(started)
  console.log(`${((user + system) / MESSAGES).toFixed(2)} microseconds a message`)
}
