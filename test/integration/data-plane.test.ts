import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { apiClients } from '../helpers/aws-clients.ts'
import { parseExposition, sampleValue } from '../helpers/exposition.ts'
import { freePorts } from '../helpers/ports.ts'
import { killAllProcesses } from '../helpers/process.ts'
import { kafkaAction, payload, TestServer } from '../helpers/server.ts'

let server: TestServer
let port: number
beforeAll(async () => {
  ;[port] = (await freePorts(1)) as [number]
  const properties = { 'bootstrap.servers': '127.0.0.1:9092', 'security.protocol': 'PLAINTEXT' }
  server = await TestServer.start(
    { taken: payload("SELECT * FROM 'taken/+'", kafkaAction({ topic: 'taken', properties })) },
    { kafka: { embedded: true }, publish: { port, anonymous: true } },
  )
}, 60_000)
afterAll(async () => {
  await server?.stop()
  await killAllProcesses()
})

const delivered = async (): Promise<number> =>
  sampleValue(parseExposition(await server.metrics()), 'topicrule_records_delivered_total', {
    rule: 'taken',
  }) ?? 0

const refused = [
  [{ topic: 'taken/#', payload: 'x' }, 'InvalidRequestException'],
  [{ topic: 'taken/+', payload: 'x' }, 'InvalidRequestException'],
  [{ topic: 'taken/1', payload: 'x', retain: true }, 'UnsupportedOperation'],
  [{ topic: 'taken/1', payload: 'x', correlationData: 'no base64!' }, 'InvalidRequestException'],
] as const

const unsupported = [
  ['GetThingShadow', { thingName: 'lamp' }],
  ['UpdateThingShadow', { thingName: 'lamp', payload: '{}' }],
  ['DeleteThingShadow', { thingName: 'lamp', shadowName: 'night' }],
  ['ListNamedShadowsForThing', { thingName: 'lamp' }],
  ['GetRetainedMessage', { topic: 'taken/1' }],
  ['ListRetainedMessages', {}],
  ['DeleteConnection', { clientId: 'lamp' }],
] as const

describe.each(apiClients('iot-data', () => `http://127.0.0.1:${port}`))('$name', (client) => {
  it('publishes what Kafka has when the answer comes, and is told why where it cannot', async () => {
    const before = await delivered()
    const inputs = [
      { topic: 'taken/1', qos: 1, payload: '{"n":1}' },
      { topic: 'taken/2', qos: 0, payload: 'no JSON', contentType: 'a/b', messageExpiry: 60 },
      ...refused.map(([input]) => input),
    ]
    const outcomes = await client.run(inputs.map((input) => ({ operation: 'Publish', input })))
    expect(outcomes.map(({ error }) => error?.name)).toEqual([
      undefined,
      undefined,
      ...refused.map(([, name]) => name),
    ])
    expect(await delivered()).toBe(before + 2)
  })

  it('is told of every other operation that it is not supported, and never that it was done', async () => {
    const outcomes = await client.run(unsupported.map(([operation, input]) => ({ operation, input })))
    expect(outcomes.map(({ error }) => error?.name)).toEqual(unsupported.map(() => 'UnsupportedOperation'))
    for (const { status } of outcomes) expect(status ?? 400).toBe(400)
  })
})
