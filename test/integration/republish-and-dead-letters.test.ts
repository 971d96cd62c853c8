import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { connectAsync } from 'mqtt'
import { describe, expect, it, vi } from 'vitest'
import { access, kcat } from '../helpers/kafka/index.ts'
import { LedgerPublisher } from '../helpers/ledger-publisher.ts'
import { freePorts } from '../helpers/ports.ts'
import { runProcess } from '../helpers/process.ts'
import { kafkaAction, payload, TestServer } from '../helpers/server.ts'
import { setStage } from '../helpers/stage.ts'

const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url))

const stage = setStage()

const roleArn = 'arn:aws:iam::000000000000:role/republish'
const deadLetter = { directory: 'dead-letters' }

function toKafka(topic: string): object {
  const properties = {
    'bootstrap.servers': access(stage.kafka, 'PLAINTEXT').bootstrap,
    'security.protocol': 'PLAINTEXT',
  }
  return kafkaAction({ topic, properties })
}

async function values(topic: string): Promise<string[]> {
  return (await kcat(access(stage.kafka, 'PLAINTEXT'), topic)).map(({ value }) => String(value))
}

async function publish(url: string, topic: string, ...messages: string[]): Promise<void> {
  const client = await connectAsync(url, { protocolVersion: 5, clientId: 'device', reconnectPeriod: 0 })
  await Promise.all(messages.map((message) => client.publishAsync(topic, message, { qos: 1 })))
  await client.endAsync()
}

/** Lines of its output. */
async function command(name: string, ...args: string[]): Promise<string[]> {
  const config = join(stage.server!.directory, 'topicrule.yaml')
  const { stdout } = await runProcess(process.execPath, [
    MAIN,
    'deadletter',
    name,
    ...args,
    '--config',
    config,
  ])
  return stdout
}

describe('republished messages', () => {
  it('reach Kafka through another rule, in the order of their PUBLISH, before the device is acknowledged', async () => {
    await stage.kafka.createTopic('chained')
    const first = { republish: { roleArn, topic: 'b/${topic(2)}', qos: 1 } }
    stage.server = await TestServer.start({
      first: payload("SELECT n, clientid() AS c FROM 'a/+'", first),
      second: payload("SELECT *, topic() AS t, clientid() AS c2 FROM 'b/#'", toKafka('chained')),
    })
    const numbers = Array.from({ length: 200 }, (_, n) => n)
    await publish(stage.server.url, 'a/x', ...numbers.map((n) => `{"n":${n}}`))
    expect(await values('chained')).toEqual(
      numbers.map((n) => `{"n":${n},"c":"device","t":"b/x","c2":"device"}`),
    )
    expect(await stage.server.metrics()).toContain('topicrule_messages_republished_total{rule="first"} 200')
  })

  it('in a loop end at the bound of hops, with a record of the error action', async () => {
    await stage.kafka.createTopic('loop-errors')
    const loop = (from: string, to: string): object => ({
      ...payload(`SELECT * FROM '${from}'`, { republish: { roleArn, topic: to } }),
      errorAction: toKafka('loop-errors'),
    })
    stage.server = await TestServer.start({ ping: loop('ping', 'pong'), pong: loop('pong', 'ping') })
    await publish(stage.server.url, 'ping', '{"x":1}')
    const [record, ...more] = await values('loop-errors')
    expect(more).toEqual([])
    expect(JSON.parse(record!)).toMatchObject({
      ruleName: 'ping',
      clientId: 'device',
      base64OriginalPayload: Buffer.from('{"x":1}').toString('base64'),
      failures: [{ failedAction: 'republish[0]', failedResource: 'pong' }],
    })
  })
})

describe('dead letters', () => {
  it('are listed, shown and sent again once the rule is mended', async () => {
    await stage.kafka.createTopic('mended')
    stage.server = await TestServer.start(
      { broken: payload("SELECT * FROM 'a'", toKafka('${nothing}')) },
      { deadLetter },
    )
    await publish(stage.server.url, 'a', '{"n":1}', '{"n":2}')
    const listed = await command('list', '--format', 'json')
    expect(listed.map((line) => JSON.parse(line) as object)).toMatchObject([
      { rule: 'broken', topic: 'a', clientId: 'device', failures: [{ code: 'KAFKA_FIELD_UNDEFINED' }] },
      { payload: Buffer.from('{"n":2}').toString('base64') },
    ])
    const { id } = JSON.parse(listed[0]!) as { id: string }
    expect(await command('show', id)).toContain('payload   {"n":1}')
    stage.server.writeRule('broken', payload("SELECT * FROM 'a'", toKafka('mended')))
    await stage.server.process!.line(/rules\.loaded.*"version":[1-9]/, 15_000)
    expect(await command('resend', '--all', '--url', stage.server.url)).toHaveLength(2)
    expect(await values('mended')).toEqual(['{"n":1}', '{"n":2}'])
    expect(await command('list', '--unsent')).toEqual([])
    expect((await command('list')).filter((line) => line.includes('  resent '))).toHaveLength(2)
  })

  it('take a message that is too large for its rule and, in base64, for the error action as well: it settles', async () => {
    const small = { 'max.message.bytes': '2000' }
    await stage.kafka.createTopic('small', 1, small)
    await stage.kafka.createTopic('small-errors', 1, small)
    const rule = { ...payload("SELECT * FROM 'a'", toKafka('small')), errorAction: toKafka('small-errors') }
    stage.server = await TestServer.start({ large: rule }, { deadLetter })
    const large = JSON.stringify({ text: 'x'.repeat(5_000) })
    // Below the bound as it is, above it as base64 with everything around it.
    const middling = JSON.stringify({ text: 'x'.repeat(1_800), n: '${nothing}' })
    await publish(stage.server!.url, 'a', large, middling)
    expect(await values('small')).toEqual([middling])
    expect(await values('small-errors')).toEqual([])
    const listed = await command('list', '--format', 'json')
    expect(listed.map((line) => JSON.parse(line) as object)).toMatchObject([
      {
        payload: Buffer.from(large).toString('base64'),
        failures: [
          { action: 'kafka[0]', code: 'KAFKA_RECORD_TOO_LARGE', class: 'message' },
          { action: 'errorAction.kafka', code: 'KAFKA_RECORD_TOO_LARGE', class: 'message' },
        ],
      },
    ])
    expect(await stage.server!.metrics()).toContain('topicrule_unsettled_messages 0\n')
  })

  it('of messages that came by HTTP are sent again like others', async () => {
    await stage.kafka.createTopic('by-http')
    const [port] = await freePorts(1)
    stage.server = await TestServer.start(
      { broken: payload("SELECT *, get_user_properties('k') AS k FROM 'web/+'", toKafka('${nothing}')) },
      { deadLetter, publish: { port, anonymous: true } },
    )
    const properties = Buffer.from(JSON.stringify([{ k: 'v' }])).toString('base64')
    const response = await fetch(`http://127.0.0.1:${port}/topics/web/1?qos=1`, {
      ...{ method: 'POST', body: '{"n":1}', headers: { 'x-amz-mqtt5-user-properties': properties } },
    })
    expect(response.status).toBe(200)
    const listed = (await command('list', '--format', 'json')).map((line) => JSON.parse(line) as object)
    expect(listed).toMatchObject([{ topic: 'web/1', properties: { userProperties: [['k', 'v']] } }])
    stage.server!.writeRule(
      'broken',
      payload("SELECT *, get_user_properties('k') AS k FROM 'web/+'", toKafka('by-http')),
    )
    await stage.server!.process!.line(/rules\.loaded.*"version":[1-9]/, 15_000)
    expect(await command('resend', '--all', '--url', stage.server!.url)).toHaveLength(1)
    expect(await values('by-http')).toEqual(['{"n":1,"k":["v"]}'])
    expect(await command('list', '--unsent')).toEqual([])
  })

  it('hold or Kafka holds everything that was acknowledged when the server is killed', async () => {
    await stage.kafka.createTopic('survivors')
    const topic = "${CASE n % 2 WHEN 0 THEN 'survivors' END}"
    stage.server = await TestServer.start(
      { half: payload("SELECT * FROM 'a'", toKafka(topic)) },
      { deadLetter },
    )
    const device = new LedgerPublisher(stage.server.url, 'device', 'a', 4)
    device.start(300)
    for (const count of [200, 600]) {
      await device.atLeast(count)
      await stage.server.process!.kill9()
      await stage.server.launch()
    }
    await device.atLeast(900)
    device.stop()
    await vi.waitFor(
      async () => expect(await stage.server!.metrics()).toContain('topicrule_unsettled_messages 0\n'),
      20_000,
    )
    await device.end()
    const dead = await command('list', '--format', 'json', '--limit', '0')
    const payloads = dead.map((line) =>
      Buffer.from((JSON.parse(line) as { payload: string }).payload, 'base64').toString(),
    )
    const kept = new Set(
      [...payloads, ...(await values('survivors'))].map((text) => (JSON.parse(text) as { n: number }).n),
    )
    expect([...device.acknowledged].filter((n) => !kept.has(n))).toEqual([])
    expect(payloads.length).toBeGreaterThan(400)
    expect(readdirSync(join(stage.server.directory, 'dead-letters')).length).toBeGreaterThanOrEqual(3)
  })
})
