import { afterEach, describe, expect, it } from 'vitest'
import {
  createDelivery,
  embeddedTarget,
  type KafkaDelivery,
  type KafkaRecipe,
  type DeliveryEvent,
  type Resolution,
} from '../../src/deliver/index.ts'
import { type Entry } from '../../src/deliver/kafka/outstanding.ts'
import { type Failure } from '../../src/errors.ts'
import { deliver, record, until } from './helpers.ts'
import { type ScriptedHandle, scriptedFactory } from './scripted-native.ts'

const resolved = (port: number): Resolution => ({ ok: true, target: embeddedTarget(`localhost:${port}`) })
const failed = (whose: Failure['class']): Resolution => ({
  ok: false,
  failure: { code: 'SECRET_UNREACHABLE', class: whose, resource: 'secret', message: 'away' },
})
const UP = '{"brokers":{"x":{"state":"UP"}}}'

let delivery: KafkaDelivery
afterEach(() => delivery.close())

interface Pool {
  readonly handles: ScriptedHandle<Entry>[]
  readonly events: DeliveryEvent[]
}

function pool(refreshAfter = 60_000, idleTimeout = 60_000, maxProducers = 4): Pool {
  const { handles, factory } = scriptedFactory<Entry>()
  const events: DeliveryEvent[] = []
  const onEvent = (event: DeliveryEvent): void => void events.push(event)
  delivery = createDelivery({
    maxProducers,
    idleTimeout,
    abandonAfter: 60,
    refreshAfter,
    factory,
    onEvent,
  })
  return { handles, events }
}

/** A recipe whose answers the test gives; `ages` notes what each look-up allowed. */
function recipe(identity: string, first: Resolution): KafkaRecipe & { answer: Resolution; ages: unknown[] } {
  return {
    identity,
    bootstrapServers: 'localhost:1',
    answer: first,
    ages: [],
    resolve(maxAge) {
      this.ages.push(maxAge)
      return Promise.resolve(this.answer)
    },
  }
}

function sendMany(
  sender: ReturnType<KafkaDelivery['open']>,
  from: number,
  to: number,
): (Failure | undefined)[] {
  const outcomes: (Failure | undefined)[] = []
  for (let number = from; number <= to; number += 1) {
    sender.send(record({ value: Buffer.from(String(number)) }), {
      settled: (failure) => outcomes.push(failure),
    })
  }
  return outcomes
}

const values = (handle: ScriptedHandle<Entry> | undefined): string[] =>
  (handle?.produced ?? []).map(({ value }) => value)

describe('a producer whose properties are looked up', () => {
  it('keeps records in order until they are known, and shares one look-up and one producer', async () => {
    const { handles } = pool()
    const same = recipe('a', resolved(1))
    const first = delivery.open(same)
    const second = delivery.open(recipe('b', resolved(1)))
    const third = delivery.open(same)
    sendMany(first, 1, 3)
    sendMany(third, 4, 5)
    await until(() => values(handles[0]).length === 5, 'produced')
    expect(values(handles[0])).toEqual(['1', '2', '3', '4', '5'])
    sendMany(second, 6, 6)
    expect(values(handles[0])).toHaveLength(6)
    expect(handles).toHaveLength(1)
    expect(same.ages).toEqual([undefined])
  })

  it('holds records while the look-up fails by the environment, and goes on by itself', async () => {
    const { handles, events } = pool()
    const late = recipe('a', failed('environment'))
    const outcomes = sendMany(delivery.open(late), 1, 2)
    await until(() => late.ages.length === 1 && events.length === 1, 'failed once')
    expect(delivery.health()).toMatchObject([{ state: 'resolving', outstanding: 2, shares: 1 }])
    late.answer = resolved(1)
    await until(() => values(handles[0]).length === 2, 'produced')
    expect(outcomes).toEqual([])
  })

  it('fails records at once when the look-up fails by the rule, and works again when it does', async () => {
    const { handles } = pool()
    const late = recipe('a', failed('rule'))
    const sender = delivery.open(late)
    expect(await deliver(sender, record())).toMatchObject({ code: 'SECRET_UNREACHABLE', class: 'rule' })
    expect(await deliver(sender, record())).toMatchObject({ class: 'rule' })
    late.answer = resolved(1)
    await until(() => delivery.health()[0]?.state === 'ready', 'ready')
    sendMany(sender, 1, 1)
    expect(values(handles[0])).toEqual(['1'])
  })

  it('gives up what waits when no rule names it any more', async () => {
    pool()
    const sender = delivery.open(recipe('a', failed('environment')))
    const outcome = deliver(sender, record())
    sender.release()
    expect(await outcome).toMatchObject({ code: 'KAFKA_CLOSED', class: 'environment' })
    expect(delivery.health()).toEqual([])
  })

  it('is forgotten after idleness and revived by a late record; an unused one gives way to another', async () => {
    const { handles } = pool(60_000, 60_000, 1)
    const sender = delivery.open(recipe('a', resolved(1)))
    await until(() => delivery.health()[0]?.state === 'ready', 'ready')
    sender.release()
    const other = delivery.open(recipe('b', resolved(2)))
    sendMany(other, 1, 1)
    await until(() => values(handles[1]).length === 1, 'produced')
    expect(handles[0]!.disconnected).toBe(true)
    expect(await deliver(sender, record())).toMatchObject({ code: 'KAFKA_POOL_FULL' })
  })
})

it('serves fifty recipes of five sets of properties by five producers, and says how many actions share each', async () => {
  const { handles } = pool(60_000, 60_000, 5)
  for (let rule = 0; rule < 50; rule += 1) delivery.open(recipe(`recipe ${rule}`, resolved(1 + (rule % 5))))
  await until(() => delivery.health().filter(({ state }) => state === 'ready').length === 5, 'ready')
  expect(handles).toHaveLength(5)
  expect(delivery.health().map(({ shares }) => shares)).toEqual([10, 10, 10, 10, 10])
  expect(new Set(delivery.health().map(({ name }) => name)).size).toBe(5)
})

/** A pool whose producer for `late` has delivered record 1. */
async function working(
  late: KafkaRecipe,
  refreshAfter: number,
): Promise<Pool & { sender: ReturnType<KafkaDelivery['open']> }> {
  const started = pool(refreshAfter)
  const sender = delivery.open(late)
  sendMany(sender, 1, 1)
  await until(() => values(started.handles[0]).length === 1, 'produced')
  started.handles[0]!.report(0)
  return { ...started, sender }
}

describe('a rotation', () => {
  it('keeps the old producer at work until the new one is let in, then drains it and goes on in order', async () => {
    const late = recipe('a', resolved(1))
    const { handles, events, sender } = await working(late, 50)
    late.answer = resolved(2)
    await until(() => handles.length === 2, 'a probe')
    const outcomes = sendMany(sender, 2, 3)
    expect(values(handles[0])).toEqual(['1', '2', '3'])
    handles[1]!.event('error', 'Local: Authentication failure')
    expect(outcomes).toEqual([])
    handles[1]!.event('stats', UP)
    await until(() => handles.length === 3, 'the new producer')
    await until(() => delivery.health().some(({ state }) => state === 'ready'), 'ready')
    await new Promise((resolve) => setTimeout(resolve, 20))
    sendMany(sender, 4, 5)
    expect(values(handles[2])).toEqual([])
    handles[0]!.report(1)
    handles[0]!.report(2)
    await until(() => values(handles[2]).length === 2, 'produced by the new one')
    expect(outcomes).toEqual([undefined, undefined])
    expect(values(handles[2])).toEqual(['4', '5'])
    expect(handles[0]!.disconnected).toBe(true)
    expect(events.map(({ kind }) => kind)).toEqual(['changed', 'rotated'])
    expect(events[1]).toMatchObject({ again: 0 })
    expect(delivery.health()).toHaveLength(1)
  })

  it('sends again, first and in order, what a refused producer had not confirmed', async () => {
    const late = recipe('a', resolved(1))
    const { handles, events, sender } = await working(late, 60_000)
    const outcomes = sendMany(sender, 2, 4)
    handles[0]!.report(2)
    late.answer = resolved(2)
    handles[0]!.event('error', 'Local: Authentication failure')
    await until(() => handles.length === 2, 'a probe')
    expect(late.ages).toEqual([undefined, 1_000])
    handles[1]!.event('stats', UP)
    await until(() => handles.length === 3, 'the new producer')
    sendMany(sender, 5, 5)
    await until(() => values(handles.at(-1)).includes('5'), 'produced by the new one')
    expect(values(handles.at(-1))).toEqual(['2', '4', '5'])
    handles.at(-1)!.report(0)
    handles.at(-1)!.report(1)
    expect(outcomes).toEqual([undefined, undefined, undefined])
    expect(events.at(-1)).toMatchObject({ kind: 'rotated', again: 3 })
  })

  it('sends again what a silent producer had not confirmed before what came meanwhile, once that one has ended', async () => {
    const late = recipe('a', resolved(1))
    const { handles, sender } = await working(late, 50)
    sendMany(sender, 2, 3)
    handles[0]!.holdsDisconnect = true
    late.answer = resolved(2)
    await until(() => handles.length === 2, 'a probe')
    handles[1]!.event('stats', UP)
    await until(() => handles.length === 3, 'the new producer')
    let next = 4
    // What is sent from the pause on waits: nothing of it reaches the old producer.
    await until(() => {
      sendMany(sender, next, next)
      next += 1
      return !values(handles[0]).includes(String(next - 1))
    }, 'the pause')
    await until(() => handles[0]!.disconnected, 'the end of the drain')
    sendMany(sender, next, next)
    await new Promise((resolve) => setTimeout(resolve, 30))
    expect(values(handles[2])).toEqual([])
    handles[0]!.endDisconnect()
    await until(() => values(handles[2]).length === next - 1, 'produced by the new one')
    const expected = Array.from({ length: next - 1 }, (_, index) => String(index + 2))
    expect(values(handles[2])).toEqual(expected)
  })

  it('leaves the records of those who share the old producer to it', async () => {
    const late = recipe('a', resolved(1))
    const { handles, sender } = await working(late, 60_000)
    const other = delivery.open(embeddedTarget('localhost:1'))
    sendMany(sender, 2, 2)
    const outcomes = sendMany(other, 3, 3)
    late.answer = resolved(2)
    handles[0]!.event('error', 'Local: Authentication failure')
    await until(() => handles.length === 2, 'a probe')
    handles[1]!.event('stats', UP)
    await until(() => handles.length === 4, 'the new producer and a new handle of the old one')
    await until(() => values(handles[2]).length + values(handles[3]).length === 2, 'produced')
    const [old, fresh] =
      values(handles[2])[0] === '3' ? [handles[2]!, handles[3]!] : [handles[3]!, handles[2]!]
    expect([values(old), values(fresh)]).toEqual([['3'], ['2']])
    old.report(0)
    expect(outcomes).toEqual([undefined])
  })

  it('asks no more often than allowed for the sake of refused credentials', async () => {
    const late = recipe('a', resolved(1))
    const { handles } = await working(late, 60_000)
    for (let times = 0; times < 20; times += 1) {
      handles[0]!.event('error', 'Local: Authentication failure')
      await new Promise((resolve) => setImmediate(resolve))
    }
    expect(late.ages).toEqual([undefined, 1_000])
  })

  it('of credentials that never worked waits for no proof; unchanged ones fail the rule after one look', async () => {
    const { handles } = pool()
    const late = recipe('a', resolved(1))
    const sender = delivery.open(late)
    const outcomes = sendMany(sender, 1, 2)
    await until(() => values(handles[0]).length === 2, 'produced')
    handles[0]!.event('error', 'Local: Authentication failure')
    expect(outcomes).toEqual([])
    await until(() => late.ages.length === 2, 'looked up again')
    await new Promise((resolve) => setImmediate(resolve))
    handles[0]!.event('error', 'Local: Authentication failure')
    expect(outcomes).toMatchObject([{ code: 'KAFKA_AUTHENTICATION', class: 'rule' }, { class: 'rule' }])
  })

  it('keeps what it has when a later look-up fails', async () => {
    const late = recipe('a', resolved(1))
    const { handles, events, sender } = await working(late, 50)
    late.answer = failed('rule')
    await until(() => events.length > 0, 'told')
    expect(events[0]).toMatchObject({ kind: 'unresolved' })
    sendMany(sender, 2, 2)
    expect(values(handles[0])).toEqual(['1', '2'])
  })
})

it('names a missing permission of an idempotent producer instead of replacing it for ever', async () => {
  const { handles } = pool()
  const sender = delivery.open(embeddedTarget('localhost:1'))
  const outcome = deliver(sender, record())
  await until(() => values(handles[0]).length === 1, 'produced')
  handles[0]!.event('log', 'FATAL: Fatal error: Broker: Cluster authorization failed: failed to acquire PID')
  handles[0]!.event('error', 'Local: Fatal error')
  expect(await outcome).toMatchObject({ code: 'KAFKA_NOT_AUTHORIZED', class: 'rule' })
})
