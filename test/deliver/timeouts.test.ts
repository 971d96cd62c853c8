import { afterEach, describe, expect, it } from 'vitest'
import {
  createDelivery,
  type DeliveryEvent,
  type DeliveryOptions,
  embeddedTarget,
  type KafkaDelivery,
  type KafkaRecipe,
  type KafkaSender,
} from '../../src/deliver/index.ts'
import { type Entry } from '../../src/deliver/kafka/outstanding.ts'
import { type Failure } from '../../src/errors.ts'
import { record, until } from './helpers.ts'
import { type ScriptedHandle, scriptedFactory } from './scripted-native.ts'

const target = embeddedTarget('127.0.0.1:1')
const other = embeddedTarget('127.0.0.1:2')
let delivery: KafkaDelivery
afterEach(() => delivery.close())

interface Pool {
  readonly handles: ScriptedHandle<Entry>[]
  readonly events: DeliveryEvent[]
}

function pool(options: Partial<DeliveryOptions>): Pool {
  const { handles, factory } = scriptedFactory<Entry>()
  const events: DeliveryEvent[] = []
  const onEvent = (event: DeliveryEvent): void => void events.push(event)
  delivery = createDelivery({ maxProducers: 4, idleTimeout: 60_000, factory, onEvent, ...options })
  return { handles, events }
}

/** How each record has settled, in the order of settling; a record settled twice is there twice. */
type Outcomes = { readonly value: string; readonly failure: Failure | undefined }[]

function send(sender: KafkaSender, outcomes: Outcomes, ...values: string[]): void {
  for (const value of values) {
    sender.send(record({ value: Buffer.from(value) }), {
      settled: (failure) => outcomes.push({ value, failure }),
    })
  }
}

const values = (handle: ScriptedHandle<Entry> | undefined): string[] =>
  (handle?.produced ?? []).map(({ value }) => value)
const settled = (outcomes: Outcomes): string[] => outcomes.map(({ value }) => value)

describe('a record that Kafka does not confirm', () => {
  it('is given up after the delivery timeout where its rule has an error action, oldest first, else never', async () => {
    const { handles, events } = pool({ deliveryTimeout: 500 })
    const timed = delivery.open(target, { isTimed: true })
    const patient = delivery.open(target)
    const outcomes: Outcomes = []
    send(timed, outcomes, 'a')
    send(patient, outcomes, 'b')
    send(timed, outcomes, 'c')
    await until(() => outcomes.length === 2, 'given up')
    expect(settled(outcomes)).toEqual(['a', 'c'])
    expect(outcomes[0]!.failure).toMatchObject({
      code: 'KAFKA_DELIVERY_TIMEOUT',
      class: 'environment',
      resource: 'readings',
    })
    expect(delivery.health()).toMatchObject([{ outstanding: 1 }])
    expect(events).toContainEqual({ kind: 'timed-out', records: 2 })
    handles[0]!.report(1)
    expect(settled(outcomes)).toEqual(['a', 'c', 'b'])
    await delivery.close()
    expect(outcomes).toHaveLength(3)
  })

  it.each([
    undefined,
    'Broker: Unknown topic or partition',
    'Broker: Message size too large',
    'Local: Purged in queue',
  ])('is settled once, whatever is reported late: %s', async (error) => {
    const { handles } = pool({ deliveryTimeout: 500 })
    const sender = delivery.open(target, { isTimed: true })
    const outcomes: Outcomes = []
    send(sender, outcomes, 'a')
    await until(() => outcomes.length === 1, 'given up')
    handles[0]!.report(0, error)
    send(sender, outcomes, 'b')
    await until(() => handles.at(-1)!.produced.at(-1)?.value === 'b', 'produced')
    handles.at(-1)!.report(handles.at(-1)!.produced.length - 1)
    await until(() => outcomes.length === 2, 'delivered')
    expect(settled(outcomes)).toEqual(['a', 'b'])
    expect(outcomes[1]!.failure).toBeUndefined()
  })

  it('does not count as a success of its topic when its report comes late', async () => {
    const { handles } = pool({ deliveryTimeout: 500 })
    const sender = delivery.open(target, { isTimed: true })
    const outcomes: Outcomes = []
    send(sender, outcomes, 'a')
    await until(() => outcomes.length === 1, 'given up')
    handles[0]!.report(0)
    handles[0]!.event('error', 'Local: Authentication failure')
    await until(() => delivery.health()[0]!.state === 'refused', 'refused')
  })

  it('is given up while its producer is being replaced, and not produced again', async () => {
    const { handles } = pool({ deliveryTimeout: 700 })
    const sender = delivery.open(target, { isTimed: true })
    const outcomes: Outcomes = []
    send(sender, outcomes, 'a')
    await until(() => values(handles[0]).length === 1, 'produced')
    // The third handle comes only after a second.
    handles[0]!.event('error', 'Local: Fatal error')
    await until(() => values(handles[1]).length === 1, 'produced again')
    handles[1]!.event('error', 'Local: Fatal error')
    await until(() => outcomes.length === 1, 'given up')
    await until(() => handles.length === 3 && delivery.health()[0]!.state === 'ready', 'replaced')
    expect(values(handles[2])).toEqual([])
  })

  it('counts no more towards what such records hold once its report has come', async () => {
    const { handles } = pool({ deliveryTimeout: 300, lateBytes: 1_000 })
    const timed = delivery.open(target, { isTimed: true })
    const outcomes: Outcomes = []
    for (const [index, value] of ['1', '2'].entries()) {
      send(timed, outcomes, value)
      await until(() => outcomes.length === index + 1, 'given up')
      expect(values(handles[0])).toHaveLength(index + 1)
      handles[0]!.report(index)
    }
    send(timed, outcomes, '3')
    expect(values(handles[0])).toEqual(['1', '2', '3'])
    expect(handles[0]!.disconnected).toBe(false)
  })

  it('is freed, once such records hold much, by a new handle that gets the others in order', async () => {
    const { handles } = pool({ deliveryTimeout: 500, lateBytes: 1_000 })
    const timed = delivery.open(target, { isTimed: true })
    const patient = delivery.open(target)
    const outcomes: Outcomes = []
    send(timed, outcomes, '1')
    send(patient, outcomes, '2')
    await until(() => outcomes.length === 1, 'given up')
    expect(handles).toHaveLength(1)
    send(timed, outcomes, '3')
    send(patient, outcomes, '4')
    await until(() => handles.length === 2 && values(handles[1]).length === 2, 'produced again')
    expect(handles[0]!.disconnected).toBe(true)
    expect(values(handles[1])).toEqual(['2', '4'])
    handles[1]!.report(0)
    handles[1]!.report(1)
    expect(settled(outcomes)).toEqual(['1', '3', '2', '4'])
  })

  it('is given up while its client properties cannot be looked up', async () => {
    pool({ deliveryTimeout: 500 })
    const failure: Failure = {
      code: 'SECRET_UNREACHABLE',
      class: 'environment',
      resource: 's',
      message: 'away',
    }
    const recipe: KafkaRecipe = {
      identity: 'r',
      bootstrapServers: '127.0.0.1:1',
      resolve: () => Promise.resolve({ ok: false, failure }),
    }
    const outcomes: Outcomes = []
    send(delivery.open(recipe), outcomes, 'patient')
    send(delivery.open(recipe, { isTimed: true }), outcomes, 'a')
    await until(() => outcomes.length > 0, 'given up')
    expect(settled(outcomes)).toEqual(['a'])
    expect(outcomes[0]!.failure).toMatchObject({ code: 'KAFKA_DELIVERY_TIMEOUT', class: 'environment' })
  })

  it('shows as a producer that hangs, told once, until something is reported', async () => {
    const { handles, events } = pool({ hangAfter: 400 })
    const sender = delivery.open(target)
    const outcomes: Outcomes = []
    send(sender, outcomes, 'a', 'b')
    await until(() => delivery.health()[0]!.state === 'hanging', 'hanging')
    await new Promise((resolve) => setTimeout(resolve, 100))
    expect(events).toMatchObject([{ kind: 'hanging', producer: '127.0.0.1:1#1', outstanding: 2 }])
    handles[0]!.report(0)
    await until(() => events.length === 2, 'recovered')
    expect(events[1]).toMatchObject({ kind: 'recovered', outstanding: 1 })
    expect(delivery.health()[0]!.state).toBe('ready')
  })
})

describe('a share whose action had another producer', () => {
  it('keeps behind the records of the share before, also of those sent after it was opened', async () => {
    const { handles } = pool({})
    const before = delivery.open(target)
    const outcomes: Outcomes = []
    send(before, outcomes, '1', '2')
    await until(() => values(handles[0]).length === 2, 'produced')
    const after = delivery.open(other, { after: [before] })
    before.release()
    send(after, outcomes, '3')
    handles[0]!.report(0)
    await until(() => delivery.health().length === 2 && delivery.health()[1]!.state === 'ready', 'ready')
    expect(values(handles[1])).toEqual([])
    send(before, outcomes, 'late')
    handles[0]!.report(1)
    expect(values(handles[1])).toEqual([])
    expect(await delivery.drain(10)).toBe(2)
    handles[0]!.report(2)
    expect(values(handles[1])).toEqual(['3'])
    send(before, outcomes, 'later')
    send(after, outcomes, '4')
    expect(values(handles[1])).toEqual(['3'])
    handles[0]!.report(3)
    expect(values(handles[1])).toEqual(['3', '4'])
  })

  it('keeps the order over two changes although nothing was sent between them', async () => {
    const { handles } = pool({})
    const first = delivery.open(target)
    const outcomes: Outcomes = []
    send(first, outcomes, '1')
    await until(() => values(handles[0]).length === 1, 'produced')
    const second = delivery.open(other, { after: [first] })
    const third = delivery.open(embeddedTarget('127.0.0.1:3'), { after: [second] })
    send(third, outcomes, '2')
    await until(() => delivery.health()[2]?.state === 'ready', 'ready')
    expect(values(handles[2])).toEqual([])
    handles[0]!.report(0)
    expect(values(handles[2])).toEqual(['2'])
  })

  it('stays behind records that are sent while its own are given to the producer', async () => {
    const { handles } = pool({})
    const before = delivery.open(target)
    const outcomes: Outcomes = []
    send(before, outcomes, '1')
    const after = delivery.open(other, { after: [before] })
    await until(() => delivery.health()[1]!.state === 'ready' && values(handles[0]).length === 1, 'ready')
    handles[1]!.nextCode = -186
    after.send(record(), { settled: () => send(after, outcomes, '4') })
    after.send(record(), { settled: () => (handles[1]!.nextCode = 0) })
    send(after, outcomes, '2', '3')
    handles[0]!.report(0)
    expect(values(handles[1])).toEqual(['2', '3', '4'])
  })

  it('withholds both when those before do not settle in time, so that devices send them again in order', async () => {
    const { handles } = pool({ abandonAfter: 60 })
    const before = delivery.open(target)
    const sharing = delivery.open(target)
    const outcomes: Outcomes = []
    send(before, outcomes, '1')
    send(sharing, outcomes, 'kept')
    await until(() => values(handles[0]).length === 2, 'produced')
    const after = delivery.open(other, { after: [before] })
    before.release()
    send(after, outcomes, '2')
    await until(() => outcomes.length === 2, 'given up')
    expect(settled(outcomes)).toEqual(['2', '1'])
    for (const { failure } of outcomes)
      expect(failure).toMatchObject({ code: 'KAFKA_CLOSED', class: 'environment' })
    send(after, outcomes, '1 again')
    expect(values(handles[1])).toEqual(['1 again'])
    handles[0]!.report(1)
    expect(settled(outcomes)).toEqual(['2', '1', 'kept'])
  })
})
