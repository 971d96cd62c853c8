import mqtt, { type MqttClient } from 'mqtt'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parseExposition, sampleValue } from '../helpers/exposition.ts'
import { startKafka, type Kafka } from '../helpers/kafka/index.ts'
import { freePorts } from '../helpers/ports.ts'
import { killAllProcesses } from '../helpers/process.ts'
import { kafkaAction, payload, TestServer } from '../helpers/server.ts'

let kafka: Kafka
let server: TestServer
let client: MqttClient

beforeAll(async () => {
  kafka = await startKafka()
  await kafka.createTopic('seen', 1)
  const [nobody] = await freePorts(1)
  const up = { 'bootstrap.servers': kafka.bootstrap.plaintext, 'security.protocol': 'PLAINTEXT' }
  const away = { 'bootstrap.servers': `127.0.0.1:${nobody}`, 'security.protocol': 'PLAINTEXT' }
  const refused = {
    'bootstrap.servers': kafka.bootstrap.plaintext,
    ...{ 'security.protocol': 'SASL_PLAINTEXT', 'sasl.mechanism': 'PLAIN' },
    ...{ 'sasl.plain.username': 'nobody', 'sasl.plain.password': 'wrong-password-here' },
  }
  const toSeen = kafkaAction({ topic: 'seen', properties: up })
  server = await TestServer.start(
    {
      counted: payload("SELECT n FROM 'm/+' WHERE n > 0", toSeen),
      twice: payload("SELECT n FROM 'm/+'", {
        republish: { topic: 'again', roleArn: 'arn:aws:iam::1:role/r' },
      }),
      failing: {
        ...payload("SELECT * FROM 'bad'", kafkaAction({ topic: '${n}', properties: up })),
        errorAction: toSeen,
      },
      unreachable: payload("SELECT * FROM 'away'", kafkaAction({ topic: 'seen', properties: away })),
      refused: payload("SELECT * FROM 'refused'", kafkaAction({ topic: 'seen', properties: refused })),
    },
    { kafka: { extensions: ['PLAINTEXT', 'SASL_PLAINTEXT'] } },
  )
  client = await mqtt.connectAsync(server.url, { clientId: 'device', protocolVersion: 5 })
}, 300_000)
afterAll(async () => {
  await client?.endAsync(true)
  await server?.stop()
  await kafka?.stop()
  await killAllProcesses()
})

const send = (topic: string, text: string): Promise<unknown> => client.publishAsync(topic, text, { qos: 1 })
const metrics = async (): Promise<ReturnType<typeof parseExposition>> =>
  parseExposition(await server.metrics())

interface Ready {
  readonly ready: boolean
  readonly kafka: readonly { name: string; state: string; code?: string; fault?: string }[]
}
async function ready(): Promise<Ready> {
  const url = `http://127.0.0.1:${server.metricsPort}/health/ready`
  const response = await fetch(url, { headers: { accept: 'application/json' } })
  expect(response.status).toBe(200)
  expect(response.headers.get('content-type')).toContain('application/json')
  return (await response.json()) as Ready
}

describe('GET /metrics of a running server', () => {
  it('counts rules and actions under the names of AWS, in a page that Prometheus reads', async () => {
    await send('m/1', '{"n":1}')
    await send('m/2', '{"n":0}')
    await send('m/3', 'no JSON')
    await send('bad', '{"n":""}')
    await send('$aws/rules/counted/m/4', '{"n":4}')
    await send('$aws/rules/nowhere/m/4', '{"n":4}')
    const families = await metrics()
    const value = (name: string, labels: Record<string, string> = {}): number | undefined =>
      sampleValue(families, name, labels)
    expect(value('aws_iot_topic_match_total', { rule: 'counted' })).toBe(4)
    expect(value('topicrule_rule_matched_total', { rule: 'counted' })).toBe(2)
    expect(value('aws_iot_success_total', { rule: 'counted', action_type: 'kafka' })).toBe(2)
    expect(value('aws_iot_success_total', { rule: 'twice', action_type: 'republish' })).toBe(3)
    expect(value('aws_iot_parse_error_total', { rule: 'counted' })).toBe(1)
    expect(value('aws_iot_parse_error_total', { rule: 'failing' })).toBeUndefined()
    expect(value('aws_iot_rule_not_found_total')).toBe(1)
    expect(value('aws_iot_rules_executed_total')).toBe(2 + 3 + 1)
    expect(value('aws_iot_failure_total', { rule: 'failing', action_type: 'kafka' })).toBe(1)
    expect(value('aws_iot_error_action_success_total', { rule: 'failing' })).toBe(1)
    expect(value('topicrule_mqtt_sessions')).toBe(1)
    expect(value('topicrule_puback_seconds_count')).toBeUndefined()
    const puback = families.get('topicrule_puback_seconds')!
    expect(puback.samples.find(({ name }) => name.endsWith('_count'))!.value).toBe(6)
  })

  it('shows what waits: the window, the records and the state of each producer', async () => {
    const waiting = send('away', '1').catch(() => undefined)
    await expect
      .poll(async () => sampleValue(await metrics(), 'topicrule_mqtt_window_messages'), { timeout: 20_000 })
      .toBe(1)
    const families = await metrics()
    const producers = families.get('topicrule_kafka_producer_state')!.samples
    const names = new Set(producers.map(({ labels }) => labels['producer']))
    for (const name of names) {
      const own = producers.filter(({ labels }) => labels['producer'] === name)
      expect(own.map(({ value }) => value).sort()).toEqual([0, 0, 0, 0, 1])
    }
    expect(names.size).toBe(3)
    expect(sampleValue(families, 'topicrule_unsettled_messages')).toBe(1)
    void waiting
  })
})

describe('GET /health/ready of a running server', () => {
  it('tells of each cluster in words and in JSON, and stays at 200', async () => {
    await send('refused', '1')
    const one = async (state: string): Promise<Ready['kafka'][number] | undefined> =>
      (await ready()).kafka.find((each) => each.state === state)
    await expect.poll(() => one('connected'), { timeout: 20_000 }).toBeDefined()
    await expect
      .poll(() => one('refused'), { timeout: 20_000 })
      .toMatchObject({ code: 'KAFKA_AUTHENTICATION' })
    await expect.poll(() => one('connecting'), { timeout: 20_000 }).toBeDefined()
    const text = await (await fetch(`http://127.0.0.1:${server.metricsPort}/health/ready`)).text()
    expect(text).toMatch(/^ready\nkafka /)
    expect(text).toMatch(/^kafka \S+ connected$/m)
    expect(text).toMatch(/^kafka \S+ refused KAFKA_AUTHENTICATION: .+/m)
    expect(text).toMatch(
      /^kafka \S+ (connecting|hanging) \w+: 1 record outstanding, the oldest for \d+ s; .+/m,
    )
    expect(text).not.toContain('wrong-password-here')
  })

  it('tells a cluster that hangs', async () => {
    kafka.suspend()
    try {
      const waiting = send('m/1', '{"n":1}').catch(() => undefined)
      await expect
        .poll(async () => (await ready()).kafka.map(({ state }) => state), { timeout: 60_000, interval: 500 })
        .toContain('hanging')
      void waiting
    } finally {
      kafka.resume()
    }
  })
})
