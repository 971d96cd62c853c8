import { afterEach, describe, expect, it } from 'vitest'
import {
  createDelivery,
  embeddedTarget,
  type KafkaDelivery,
  type KafkaSender,
} from '../../src/deliver/index.ts'
import { type Entry } from '../../src/deliver/kafka/outstanding.ts'
import { type Failure } from '../../src/errors.ts'
import { deliver, record, until } from './helpers.ts'
import { type ScriptedHandle, scriptedFactory } from './scripted-native.ts'

const target = embeddedTarget('127.0.0.1:9')
let delivery: KafkaDelivery | undefined
afterEach(() => delivery?.close())

/** An open producer that the test plays the broker of. */
async function open(): Promise<{ sender: KafkaSender; handles: ScriptedHandle<Entry>[]; faults: string[] }> {
  const { handles, factory } = scriptedFactory<Entry>()
  const faults: string[] = []
  delivery = createDelivery({
    maxProducers: 1,
    idleTimeout: 60_000,
    factory,
    onFault: (_servers, message) => faults.push(message),
  })
  const sender = delivery.open(target)
  await until(() => delivery!.health()[0]?.state === 'ready', 'ready')
  return { sender, handles, faults }
}

/** Sends records with the values 0, 1, 2… and notes how each settles. */
function sendMany(sender: KafkaSender, count: number): (Failure | undefined)[][] {
  const outcomes: (Failure | undefined)[][] = Array.from({ length: count }, () => [])
  for (const [index, outcome] of outcomes.entries()) {
    sender.send(record({ value: Buffer.from(String(index)) }), {
      settled: (failure) => outcome.push(failure),
    })
  }
  return outcomes
}

describe('a producer whose handle breaks for good', () => {
  it('produces every unreported record again, in order, each settled once', async () => {
    const { sender, handles } = await open()
    const outcomes = sendMany(sender, 5)
    handles[0]!.report(1)
    handles[0]!.event('error', 'Local: Fatal error')
    sender.send(record({ value: Buffer.from('5') }), { settled: () => {} })
    await until(() => handles.length === 2 && handles[1]!.produced.length === 5, 'produced again')
    expect(handles[0]!.disconnected).toBe(true)
    expect(handles[1]!.produced.map(({ value }) => value)).toEqual(['0', '2', '3', '4', '5'])
    for (let index = 0; index < 5; index += 1) handles[1]!.report(index)
    expect(outcomes).toEqual(Array.from({ length: 5 }, () => [undefined]))
    expect(delivery!.health()[0]?.outstanding).toBe(0)
  })

  it('takes a purged report as the sign of it and ignores what the old handle says later', async () => {
    const { sender, handles } = await open()
    const outcomes = sendMany(sender, 2)
    handles[0]!.report(0, 'Local: Purged in queue')
    handles[0]!.report(1, 'Local: Purged in flight')
    await until(() => handles.length === 2 && handles[1]!.produced.length === 2, 'produced again')
    handles[0]!.report(0)
    expect(outcomes).toEqual([[], []])
    handles[1]!.report(0)
    handles[1]!.report(1)
    expect(outcomes).toEqual([[undefined], [undefined]])
  })

  it('is noticed by the report of a record', async () => {
    const { sender, handles } = await open()
    const outcomes = sendMany(sender, 2)
    handles[0]!.report(0, 'Local: Fatal error')
    await until(() => handles.length === 2 && handles[1]!.produced.length === 2, 'produced again')
    expect(handles[1]!.produced.map(({ value }) => value)).toEqual(['0', '1'])
    expect(outcomes).toEqual([[], []])
  })

  it('gets a new handle only when the old one has ended, for until then that may still deliver', async () => {
    const { sender, handles } = await open()
    sendMany(sender, 2)
    handles[0]!.holdsDisconnect = true
    handles[0]!.event('error', 'Local: Fatal error')
    await new Promise((resolve) => setTimeout(resolve, 30))
    expect(handles).toHaveLength(1)
    handles[0]!.endDisconnect()
    await until(() => handles.length === 2 && handles[1]!.produced.length === 2, 'produced again')
  })

  it('is noticed when produce itself refuses', async () => {
    const { sender, handles } = await open()
    handles[0]!.nextCode = -150
    const outcomes = sendMany(sender, 2)
    await until(() => handles.length === 2 && handles[1]!.produced.length === 2, 'produced again')
    expect(handles[1]!.produced.map(({ value }) => value)).toEqual(['0', '1'])
    expect(outcomes).toEqual([[], []])
  })
})

it('what is sent when a waiting record fails comes behind the others that waited', async () => {
  const { handles, factory } = scriptedFactory<Entry>()
  delivery = createDelivery({
    maxProducers: 1,
    idleTimeout: 60_000,
    factory: (settings, topic) => {
      const handle = factory(settings, topic)
      // Too large, told by produce itself.
      ;(handle as ScriptedHandle<Entry>).nextCode = 10
      return handle
    },
  })
  const sender = delivery.open(target)
  sender.send(record({ value: Buffer.from('0') }), {
    settled: () => {
      handles[0]!.nextCode = 0
      sender.send(record({ value: Buffer.from('3') }), { settled: () => {} })
    },
  })
  for (const value of ['1', '2']) sender.send(record({ value: Buffer.from(value) }), { settled: () => {} })
  await until(() => handles[0]?.produced.length === 3, 'produced')
  expect(handles[0]!.produced.map(({ value }) => value)).toEqual(['1', '2', '3'])
})

describe('whose fault a refusal is', () => {
  it('is the rule when credentials are refused before anything succeeded: all fail at once, later ones too', async () => {
    const { sender, handles, faults } = await open()
    const outcomes = sendMany(sender, 3)
    handles[0]!.event(
      'log',
      '[thrd:x]: x: SASL authentication error: Invalid username or password (after 3ms in state AUTH_REQ)',
    )
    handles[0]!.event('error', 'Local: Authentication failure')
    for (const outcome of outcomes) {
      expect(outcome).toMatchObject([
        { code: 'KAFKA_AUTHENTICATION', class: 'rule', resource: '127.0.0.1:9' },
      ])
    }
    expect(outcomes[0]![0]!.message).toBe(
      'Local: Authentication failure: x: SASL authentication error: Invalid username or password',
    )
    expect(await deliver(sender, record())).toMatchObject({ code: 'KAFKA_AUTHENTICATION' })
    expect(delivery!.health()[0]).toMatchObject({ state: 'refused', outstanding: 0 })
    expect(faults).toHaveLength(1)
  })

  it('works again once a probe is let in', async () => {
    const { sender, handles } = await open()
    handles[0]!.event('error', 'Local: SSL error')
    await until(() => handles.length === 2, 'a probe')
    expect(await deliver(sender, record())).toMatchObject({ code: 'KAFKA_TLS' })
    handles[1]!.event('stats', '{"brokers":{"x":{"state":"UP"}}}')
    await until(() => delivery!.health()[0]?.state === 'ready', 'ready')
    const outcomes = sendMany(sender, 1)
    handles[2]!.report(0)
    expect(outcomes).toEqual([[undefined]])
  })

  it('is the environment once something had succeeded: records stay', async () => {
    const { sender, handles } = await open()
    sendMany(sender, 1)
    handles[0]!.report(0)
    const outcomes = sendMany(sender, 2)
    handles[0]!.event('error', 'Local: Authentication failure')
    expect(outcomes).toEqual([[], []])
    expect(delivery!.health()[0]).toMatchObject({ state: 'ready', outstanding: 2 })
  })

  it.each([
    ['Broker: Unknown topic or partition', 'KAFKA_TOPIC_UNKNOWN', 'rule', 'environment'],
    ['Broker: Topic authorization failed', 'KAFKA_NOT_AUTHORIZED', 'rule', 'environment'],
    ['Local: Unknown partition', 'KAFKA_PARTITION_UNKNOWN', 'message', 'message'],
    ['Broker: Not enough in-sync replicas', 'KAFKA_DELIVERY_FAILED', 'environment', 'environment'],
    ['text that no release of librdkafka has', 'KAFKA_DELIVERY_FAILED', 'environment', 'environment'],
  ])('maps "%s" to %s: %s at first, %s once the topic had worked', async (text, code, before, after) => {
    const { sender, handles } = await open()
    const [first] = sendMany(sender, 1)
    handles[0]!.report(0, text)
    expect(first).toEqual([{ code, class: before, resource: 'readings', message: text }])
    sendMany(sender, 1)
    handles[0]!.report(1)
    const [third] = sendMany(sender, 1)
    handles[0]!.report(2, text)
    expect(third).toEqual([{ code, class: after, resource: 'readings', message: text }])
  })
})

describe('a batch that the broker refuses', () => {
  it.each([
    ['Broker: Message size too large', 'KAFKA_RECORD_TOO_LARGE'],
    ['Broker: Broker failed to validate record', 'KAFKA_RECORD_REFUSED'],
  ])('with "%s" is produced again record by record: only the culprit fails', async (text, code) => {
    const { sender, handles } = await open()
    const outcomes = sendMany(sender, 3)
    for (let index = 0; index < 3; index += 1) handles[0]!.report(index, text)
    await until(() => handles.length === 2 && handles[1]!.produced.length === 3, 'produced again')
    expect(handles[1]!.settings['batch.num.messages']).toBe(1)
    expect(handles[0]!.settings).not.toHaveProperty('batch.num.messages')
    expect(outcomes).toEqual([[], [], []])
    expect(delivery!.health()[0]?.outstanding).toBe(3)
    handles[1]!.report(0)
    handles[1]!.report(1, text)
    handles[1]!.report(2)
    expect(outcomes).toEqual([
      [undefined],
      [{ code, class: 'message', resource: 'readings', message: text }],
      [undefined],
    ])
    expect(delivery!.health()[0]?.outstanding).toBe(0)
  })

  it('goes before later records of its topic, not before those of others', async () => {
    const { sender, handles } = await open()
    const sent = (index: number): string[] => handles[index]!.produced.map(({ value }) => value)
    const text = 'Broker: Broker failed to validate record'
    const send = (value: string, topic = 'readings'): Promise<Failure | undefined> =>
      deliver(sender, record({ topic, value: Buffer.from(value) }))
    const refused = [send('a'), send('b')]
    handles[0]!.report(0, text)
    handles[0]!.report(1, text)
    const later = [send('c'), send('x', 'other'), send('d')]
    expect(sent(0)).toEqual(['a', 'b', 'x'])
    await until(() => handles.length === 2 && sent(1).length === 2, 'produced alone')
    handles[1]!.report(0, text)
    expect(sent(0)).toEqual(['a', 'b', 'x'])
    handles[1]!.report(1)
    expect(sent(0)).toEqual(['a', 'b', 'x', 'c', 'd'])
    expect(await Promise.all(refused)).toMatchObject([{ code: 'KAFKA_RECORD_REFUSED' }, undefined])
    for (const index of [2, 3, 4]) handles[0]!.report(index)
    expect(await Promise.all(later)).toEqual([undefined, undefined, undefined])
    void send('e')
    expect(sent(0).at(-1)).toBe('e')
  })

  it('keeps later records behind it when the handle breaks meanwhile', async () => {
    const { sender, handles } = await open()
    const sent = (index: number): string[] => (handles[index]?.produced ?? []).map(({ value }) => value)
    const outcomes = sendMany(sender, 1)
    handles[0]!.report(0, 'Broker: Broker failed to validate record')
    const later = deliver(sender, record({ value: Buffer.from('later') }))
    await until(() => sent(1).length === 1, 'produced alone')
    handles[0]!.event('error', 'Local: Fatal error')
    await until(() => handles.length === 3 && delivery!.health()[0]!.state === 'ready', 'replaced')
    expect(sent(2)).toEqual([])
    handles[1]!.report(0)
    expect(sent(2)).toEqual(['later'])
    handles[2]!.report(0)
    expect(await later).toBeUndefined()
    expect(outcomes).toEqual([[undefined]])
  })

  it('is not produced again when its one record is larger than any batch of several', async () => {
    const { sender, handles } = await open()
    const outcome = deliver(sender, record({ value: Buffer.alloc(32_768) }))
    handles[0]!.report(0, 'Broker: Message size too large')
    expect(await outcome).toMatchObject({ code: 'KAFKA_RECORD_TOO_LARGE', class: 'message' })
    expect(handles).toHaveLength(1)
  })

  it('settles as the environment when delivery closes before its records are produced again', async () => {
    const { sender, handles } = await open()
    const outcomes = sendMany(sender, 2)
    handles[0]!.report(0, 'Broker: Message size too large')
    await delivery!.close()
    expect(outcomes).toMatchObject([
      [{ code: 'KAFKA_CLOSED', class: 'environment' }],
      [{ code: 'KAFKA_CLOSED' }],
    ])
    expect(handles[1]!.disconnected).toBe(true)
  })
})

describe('closing', () => {
  it('settles what is unreported as the environment and never touches the handle again', async () => {
    const { sender, handles } = await open()
    const outcomes = sendMany(sender, 2)
    await delivery!.close()
    expect(outcomes).toMatchObject([
      [{ code: 'KAFKA_CLOSED', class: 'environment' }],
      [{ code: 'KAFKA_CLOSED' }],
    ])
    handles[0]!.report(0)
    expect(outcomes[0]).toHaveLength(1)
    expect(await deliver(sender, record())).toMatchObject({ code: 'KAFKA_CLOSED' })
  })
})
