import { connectAsync } from 'mqtt'
import { describe, expect, it } from 'vitest'
import { access, javaConsole, kcat, type AccessName } from '../helpers/kafka/index.ts'
import { runProcess } from '../helpers/process.ts'
import { kafkaAction, payload, TestServer } from '../helpers/server.ts'
import { setStage } from '../helpers/stage.ts'

const stage = setStage()

/** Client properties for each way of connecting, as a rule document has them. */
function propertiesFor(name: AccessName): Record<string, string> {
  const { bootstrap } = access(stage.kafka, name)
  const base = { 'bootstrap.servers': bootstrap }
  const trust = { 'ssl.truststore': stage.kafka.ca }
  const alice = stage.kafka.users.alice
  switch (name) {
    case 'PLAINTEXT':
      return { ...base, 'security.protocol': 'PLAINTEXT' }
    case 'SSL':
      return { ...base, ...trust, 'security.protocol': 'SSL' }
    case 'MTLS':
      return {
        ...{ ...base, ...trust, 'security.protocol': 'SSL' },
        ...{
          'ssl.keystore': stage.kafka.client.cert + stage.kafka.client.key,
          'ssl.keystore.password': 'unused',
        },
      }
    case 'PLAIN':
      return {
        ...{ ...base, ...trust, 'security.protocol': 'SASL_SSL', 'sasl.mechanism': 'PLAIN' },
        ...{ 'sasl.plain.username': 'alice', 'sasl.plain.password': alice },
      }
    default:
      return {
        ...{ ...base, ...trust, 'security.protocol': 'SASL_SSL', 'sasl.mechanism': name },
        ...{ 'sasl.scram.username': 'alice', 'sasl.scram.password': alice },
      }
  }
}

async function publishWithMqttJs(url: string, version: 4 | 5, topic: string, message: string): Promise<void> {
  const client = await connectAsync(url, {
    protocolVersion: version,
    clientId: `js-${version}`,
    reconnectPeriod: 0,
  })
  const properties = version === 5 ? { properties: { userProperties: { site: 'north' } } } : {}
  await client.publishAsync(topic, message, { qos: 1, ...properties })
  await client.endAsync()
}

async function publishWithMosquitto(
  port: number,
  version: string,
  topic: string,
  message: string,
): Promise<void> {
  const args = [
    '-h',
    '127.0.0.1',
    '-p',
    `${port}`,
    '-V',
    version,
    '-i',
    `m-${version}`,
    '-q',
    '1',
    '-t',
    topic,
    '-m',
    message,
  ]
  await runProcess('mosquitto_pub', args)
}

const ways: AccessName[] = ['PLAINTEXT', 'SSL', 'MTLS', 'PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512']

describe.each(ways)('through %s', (name) => {
  it('kcat and the console consumer read what four clients published', async () => {
    const topic = `delivery-${name}`
    await stage.kafka.createTopic(topic, 3)
    const more = {
      key: '${device}',
      partition: '${lane}',
      headers: [
        { key: 'client', value: '${clientid()}' },
        { key: 'from ${topic(1)}', value: '${sourceip()}' },
      ],
    }
    const sql = "SELECT device, temp, topic(2) AS segment FROM 'devices/+' WHERE temp > 20"
    stage.server = await TestServer.start({
      all: payload(sql, kafkaAction({ topic, properties: propertiesFor(name), more })),
    })
    const message = (device: string, lane: number, temp: number): string =>
      JSON.stringify({ device, lane, temp, extra: 'not selected' })
    await publishWithMosquitto(stage.server.port, 'mqttv311', 'devices/a', message('a', 0, 21.5))
    await publishWithMosquitto(stage.server.port, 'mqttv5', 'devices/b', message('b', 1, 22))
    await publishWithMqttJs(stage.server.url, 4, 'devices/c', message('c', 2, 23))
    await publishWithMqttJs(stage.server.url, 5, 'devices/d', message('d', 2, 24))
    await publishWithMqttJs(stage.server.url, 5, 'devices/e', message('e', 0, 20))
    const expected = [
      ['a', 'm-mqttv311', 0, 21.5],
      ['b', 'm-mqttv5', 1, 22],
      ['c', 'js-4', 2, 23],
      ['d', 'js-5', 2, 24],
    ].map(([device, client, partition, temp]) => ({
      partition,
      key: device,
      value: JSON.stringify({ device, temp, segment: device }),
      headers: [
        ['client', client],
        ['from devices', '127.0.0.1'],
      ],
    }))
    const way = access(stage.kafka, name)
    const withoutOffsets = (records: Awaited<ReturnType<typeof kcat>>): unknown =>
      records.map(({ partition, key, value, headers }) => ({ partition, key, value, headers }))
    expect(withoutOffsets(await kcat(way, topic))).toEqual(expected)
    expect(withoutOffsets(await javaConsole(stage.kafka, way, topic, 4))).toEqual(expected)
  })
})

describe('payloads', () => {
  it('travel byte for byte, the empty one included, and keys choose the partition of the Java client', async () => {
    await stage.kafka.createTopic('bytes', 6)
    const properties = propertiesFor('PLAINTEXT')
    stage.server = await TestServer.start({
      raw: payload(
        "SELECT * FROM 'raw/#'",
        kafkaAction({ topic: 'bytes', properties, more: { key: '${topic(2)}' } }),
      ),
    })
    await publishWithMosquitto(stage.server.port, 'mqttv5', 'raw/k1', '{ "x" : 10.0,\t"y":1 }')
    const empty = [
      '-h',
      '127.0.0.1',
      '-p',
      `${stage.server.port}`,
      '-i',
      'empty',
      '-q',
      '1',
      '-t',
      'raw/k2',
      '-n',
    ]
    await runProcess('mosquitto_pub', empty)
    const records = await kcat(access(stage.kafka, 'PLAINTEXT'), 'bytes')
    // Java: Utils.toPositive(Utils.murmur2("k1".getBytes())) % 6 and the same for k2.
    const byKey = Object.fromEntries(records.map(({ key, value, partition }) => [key, { value, partition }]))
    expect(byKey['k1']!.value).toBe('{ "x" : 10.0,\t"y":1 }')
    expect(byKey['k2']!.value).toBe('')
  })
})

describe('a rule at fault', () => {
  it('is counted and acknowledged at once while other rules go on', async () => {
    await stage.kafka.createTopic('good', 1)
    const wrongPassword = { ...propertiesFor('SCRAM-SHA-512'), 'sasl.scram.password': 'wrong' }
    const wrongAuthority = { ...propertiesFor('SSL'), 'ssl.truststore': stage.kafka.foreignCa }
    const wrongHost = { ...propertiesFor('SSL'), 'bootstrap.servers': stage.kafka.bootstrap.badHost }
    stage.server = await TestServer.start({
      good: payload("SELECT * FROM 'a'", kafkaAction({ topic: 'good', properties: propertiesFor('SSL') })),
      password: payload("SELECT * FROM 'a'", kafkaAction({ topic: 'good', properties: wrongPassword })),
      authority: payload("SELECT * FROM 'a'", kafkaAction({ topic: 'good', properties: wrongAuthority })),
      host: payload("SELECT * FROM 'a'", kafkaAction({ topic: 'good', properties: wrongHost })),
    })
    for (const text of ['1', '2', '3']) await publishWithMosquitto(stage.server.port, 'mqttv5', 'a', text)
    expect((await kcat(access(stage.kafka, 'PLAINTEXT'), 'good')).map(({ value }) => value)).toEqual([
      '1',
      '2',
      '3',
    ])
    const metrics = await stage.server.metrics()
    for (const rule of ['password', 'authority', 'host'])
      expect(metrics).toContain(`topicrule_messages_lost_total{rule="${rule}"} 3`)
    const log = stage.server.process!.stderr.join('\n')
    expect(log).toContain('action.failed')
    expect(log.match(/"event":"message\.lost","rule":"password","traceId"/g)).toHaveLength(3)
    expect(log).not.toContain('wrong"')
    expect(log).not.toContain(stage.kafka.users.alice)
  })
})

describe('rule documents', () => {
  it('are swapped while the server runs, and a bad one does not take the good one down', async () => {
    await stage.kafka.createTopic('swap', 1)
    const action = kafkaAction({ topic: 'swap', properties: propertiesFor('PLAINTEXT') })
    stage.server = await TestServer.start({ swap: payload("SELECT 1 AS v FROM 'a'", action) })
    await publishWithMosquitto(stage.server.port, 'mqttv5', 'a', '{}')
    stage.server.writeRule('swap', payload("SELECT 2 AS v FROM 'a'", action))
    await stage.server.process!.line(/rules\.loaded.*"version":2/, 15_000)
    await publishWithMosquitto(stage.server.port, 'mqttv5', 'a', '{}')
    stage.server.writeRule('swap', '{ "sql": "SELEC 3')
    await stage.server.process!.line(/store\.unreadable/, 15_000)
    await publishWithMosquitto(stage.server.port, 'mqttv5', 'a', '{}')
    stage.server.writeRule('swap', payload('SELEC 3 FROM x', action))
    await stage.server.process!.line(/rule\.kept/, 15_000)
    await publishWithMosquitto(stage.server.port, 'mqttv5', 'a', '{}')
    const values = (await kcat(access(stage.kafka, 'PLAINTEXT'), 'swap')).map(({ value }) => value)
    expect(values).toEqual(['{"v":1}', '{"v":2}', '{"v":2}', '{"v":2}'])
  })
})
