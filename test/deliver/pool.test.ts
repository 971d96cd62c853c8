import { afterEach, describe, expect, it } from 'vitest'
import {
  createDelivery,
  embeddedTarget,
  type KafkaDelivery,
  type KafkaTarget,
} from '../../src/deliver/index.ts'
import { type Entry } from '../../src/deliver/kafka/outstanding.ts'
import { deliver, record, until } from './helpers.ts'
import { type ScriptedHandle, scriptedFactory } from './scripted-native.ts'

const target = (port: number): KafkaTarget => embeddedTarget(`127.0.0.1:${port}`)
let delivery: KafkaDelivery
afterEach(() => delivery.close())

function pool(maxProducers: number, idleTimeout: number): ScriptedHandle<Entry>[] {
  const { handles, factory } = scriptedFactory<Entry>()
  delivery = createDelivery({ maxProducers, idleTimeout, factory })
  return handles
}

describe('the pool of producers', () => {
  it('shares one producer between equal targets and none between different ones', () => {
    const handles = pool(4, 60_000)
    delivery.open(target(1))
    delivery.open(target(1))
    delivery.open(target(2))
    expect(handles).toHaveLength(2)
  })

  it('closes a producer after idleness, not while a record is unreported, and opens it again for the next', async () => {
    const handles = pool(4, 40)
    const sender = delivery.open(target(1))
    const outcome = deliver(sender, record())
    await until(() => handles[0]!.produced.length === 1, 'produced')
    await new Promise((resolve) => setTimeout(resolve, 120))
    expect(handles[0]!.disconnected).toBe(false)
    handles[0]!.report(0)
    expect(await outcome).toBeUndefined()
    await until(() => handles[0]!.disconnected, 'closed')
    expect(delivery.health()).toMatchObject([{ state: 'idle' }])
    const again = deliver(sender, record())
    await until(() => handles[1]?.produced.length === 1, 'produced by a new one')
    handles[1]!.report(0)
    expect(await again).toBeUndefined()
  })

  it('forgets a target that nobody shares any more', async () => {
    pool(4, 40)
    const sender = delivery.open(target(1))
    sender.release()
    sender.release()
    await until(() => delivery.health().length === 0, 'forgotten')
  })

  it('is bounded: an unshared producer gives way, a shared one does not', async () => {
    const handles = pool(1, 60_000)
    const first = delivery.open(target(1))
    const second = delivery.open(target(2))
    expect(await deliver(second, record())).toMatchObject({
      code: 'KAFKA_POOL_FULL',
      class: 'rule',
      resource: '127.0.0.1:2',
    })
    first.release()
    const outcome = deliver(second, record())
    await until(() => handles[1]?.produced.length === 1, 'produced')
    expect(handles[0]!.disconnected).toBe(true)
    handles[1]!.report(0)
    expect(await outcome).toBeUndefined()
  })

  it('waits no longer than a bound for a cluster that is away and that no rule names any more', async () => {
    const { handles, factory } = scriptedFactory<Entry>()
    delivery = createDelivery({ maxProducers: 1, idleTimeout: 60_000, abandonAfter: 60, factory })
    const sender = delivery.open(target(1))
    const kept = delivery.open(target(1))
    const outcome = deliver(sender, record())
    await until(() => handles[0]!.produced.length === 1, 'produced')
    sender.release()
    await new Promise((resolve) => setTimeout(resolve, 150))
    expect(delivery.health()).toMatchObject([{ outstanding: 1 }])
    kept.release()
    expect(await outcome).toMatchObject({ code: 'KAFKA_CLOSED', class: 'environment' })
    expect(delivery.health()).toEqual([])
  })

  it('is full by the fault of the environment while an unshared producer waits for its reports', async () => {
    const handles = pool(1, 60_000)
    const first = delivery.open(target(1))
    const outcome = deliver(first, record())
    await until(() => handles[0]!.produced.length === 1, 'produced')
    first.release()
    const second = delivery.open(target(2))
    expect(await deliver(second, record())).toMatchObject({ code: 'KAFKA_POOL_FULL', class: 'environment' })
    handles[0]!.report(0)
    expect(await outcome).toBeUndefined()
  })

  it('closes a producer that a share given back has opened again', async () => {
    const handles = pool(2, 40)
    const sender = delivery.open(target(1))
    sender.release()
    await until(() => delivery.health().length === 0, 'forgotten')
    const outcome = deliver(sender, record())
    await until(() => handles[1]?.produced.length === 1, 'produced by a new one')
    expect(delivery.health()).toMatchObject([{ outstanding: 1 }])
    handles[1]!.report(0)
    expect(await outcome).toBeUndefined()
    await until(() => handles[1]!.disconnected, 'closed')
  })

  it('drains: tells how many records are left at the deadline', async () => {
    const handles = pool(1, 60_000)
    const sender = delivery.open(target(1))
    const outcomes = [deliver(sender, record()), deliver(sender, record())]
    await until(() => handles[0]!.produced.length === 2, 'produced')
    handles[0]!.report(0)
    expect(await delivery.drain(20)).toBe(1)
    handles[0]!.report(1)
    expect(await delivery.drain(1_000)).toBe(0)
    expect(await Promise.all(outcomes)).toEqual([undefined, undefined])
  })
})
