import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { connectAsync } from 'mqtt'
import { describe, expect, it } from 'vitest'
import { access, kcat } from '../helpers/kafka/index.ts'
import { startProcess } from '../helpers/process.ts'
import { kafkaAction, payload, TestServer } from '../helpers/server.ts'
import { setStage } from '../helpers/stage.ts'

/** The ARN of the example in the AWS documentation. */
const ARN = 'arn:aws:iot:region:123456789012:ruledestination/vpc/VPCDestinationARN'

const stage = setStage()

const extensions = ['PLAINTEXT', 'SSL_WITHOUT_KEYSTORE']

function rule(topic: string, properties: Record<string, string>): object {
  return payload("SELECT * FROM 'd/+'", kafkaAction({ topic, properties, more: { destinationArn: ARN } }))
}

/** Publishes with QoS 1; resolves once the message is acknowledged. */
async function publish(to: TestServer, message: string): Promise<void> {
  const client = await connectAsync(to.url, { reconnectPeriod: 0 })
  await client.publishAsync('d/1', message, { qos: 1 })
  await client.endAsync()
}

describe('a destination that is bound to a policy', () => {
  it('delivers to the networks it names, trusting the authorities of its file', async () => {
    await stage.kafka.createTopic('bound', 1)
    const { bootstrap } = access(stage.kafka, 'SCRAM-SHA-512')
    const port = Number(bootstrap.split(':')[1])
    const policy = {
      hosts: ['localhost'],
      ports: [port],
      networks: ['127.0.0.0/8', '::1'],
      ca: stage.kafka.caFile,
    }
    stage.server = await TestServer.start(
      {
        bound: rule('bound', {
          ...{ 'bootstrap.servers': bootstrap, 'security.protocol': 'SASL_SSL' },
          ...{ 'sasl.mechanism': 'SCRAM-SHA-512', 'sasl.scram.username': 'alice' },
          'sasl.scram.password': stage.kafka.users.alice,
        }),
      },
      { kafka: { extensions }, destinations: { [ARN]: policy } },
    )
    await publish(stage.server, '{"n":1}')
    expect(await kcat(access(stage.kafka, 'PLAINTEXT'), 'bound')).toMatchObject([{ value: '{"n":1}' }])
  })

  it('delivers nothing to a broker that advertises a host outside of it, and says so', async () => {
    await stage.kafka.createTopic('outside', 1)
    // The broker listens on 127.0.0.1 and advertises localhost.
    const bootstrap = access(stage.kafka, 'PLAINTEXT').bootstrap.replace('localhost', '127.0.0.1')
    const properties = { 'bootstrap.servers': bootstrap, 'security.protocol': 'PLAINTEXT' }
    const settings = { kafka: { extensions }, destinations: { [ARN]: { hosts: ['127.0.0.1'] } } }
    stage.server = await TestServer.start({ outside: rule('outside', properties) }, settings)
    await publish(stage.server, '{}')
    expect(await stage.server.process!.line(/kafka\.destination_forbidden/)).toContain(
      `let ${bootstrap.replace('127.0.0.1', 'localhost')} be reached (hosts)`,
    )
    expect(await stage.server.process!.line(/"event":"action\.failed"|action\.failed/)).toContain(
      'KAFKA_DESTINATION_FORBIDS',
    )
    expect(await stage.server.metrics()).toMatch(/topicrule_kafka_destination_refusals_total [1-9]/)
    expect(await kcat(access(stage.kafka, 'PLAINTEXT'), 'outside')).toEqual([])
  })

  it('is what kafka check stops at', async () => {
    const bootstrap = access(stage.kafka, 'PLAINTEXT').bootstrap.replace('localhost', '127.0.0.1')
    const properties = { 'bootstrap.servers': bootstrap, 'security.protocol': 'PLAINTEXT' }
    const settings = { kafka: { extensions }, destinations: { [ARN]: { hosts: ['127.0.0.1'] } } }
    stage.server = await TestServer.start({}, settings)
    const file = join(stage.server.directory, 'checked.json')
    writeFileSync(file, JSON.stringify(rule('outside', properties)))
    const main = new URL('../../dist/main.js', import.meta.url).pathname
    const config = join(stage.server.directory, 'topicrule.yaml')
    const child = startProcess(process.execPath, [
      main,
      'kafka',
      'check',
      '--config',
      config,
      '--produce',
      file,
    ])
    expect((await child.exited).code).toBe(1)
    expect(child.stdout.join('\n')).toContain('be reached (hosts)')
  })
})
