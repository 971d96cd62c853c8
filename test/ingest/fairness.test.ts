import mqtt, { type MqttClient } from 'mqtt'
import { generate } from 'mqtt-packet'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { createMqttIngest, type MqttIngest } from '../../src/ingest/index.ts'
import { RoomQueue, type RoomWaiter } from '../../src/ingest/room-queue.ts'
import { type Message, type MessageSink } from '../../src/message/index.ts'
import { connected, HandSink, publish, RecordedEvents, type RawClient } from './helpers.ts'
import { until } from '../helpers/until.ts'

/** Holds a bounded number of messages and settles them in order, `perTick` every two milliseconds. */
class SlowSink implements MessageSink {
  readonly clients: string[] = []
  readonly #held: Message[] = []
  #waiting: (() => void)[] = []
  readonly #timer: NodeJS.Timeout

  constructor(
    readonly capacity: number,
    perTick: number,
  ) {
    this.#timer = setInterval(() => {
      for (const message of this.#held.splice(0, perTick)) message.settle('taken')
      if (this.#held.length > (this.capacity * 3) / 4) return
      const waiting = this.#waiting
      this.#waiting = []
      for (const callback of waiting) callback()
    }, 2)
  }

  hasRoom(): boolean {
    return this.#held.length < this.capacity
  }

  onRoom(callback: () => void): void {
    this.#waiting.push(callback)
  }

  accept(message: Message): void {
    this.clients.push(message.client.clientId!)
    this.#held.push(message)
  }

  stop(): void {
    clearInterval(this.#timer)
  }
}

let ingest: MqttIngest
let sink: SlowSink

async function listen(): Promise<number> {
  sink = new SlowSink(400, 8)
  ingest = createMqttIngest(
    {
      listeners: [{ host: '127.0.0.1', port: 0, transport: 'tcp', anonymous: true }],
      ack: 'delivered',
      onRefused: 'acknowledge',
      limits: { receiveMaximum: 65_535, windowBytes: 64 * 1024 * 1024 },
    },
    sink,
    new RecordedEvents(),
  )
  return (await ingest.listen())[0]!.port
}

/** Sends as much as the server takes, and far more than it can settle in the time of a test. */
async function flooder(port: number, clientId: string): Promise<RawClient> {
  const { client } = await connected(port, 4, { clientId })
  const packets = Array.from({ length: 20_000 }, (_, n) =>
    generate(publish({ messageId: n + 1, payload: 'f' })),
  )
  client.socket.write(Buffer.concat(packets))
  return client
}

/** How many messages the sink takes until a message is acknowledged, of messages sent one after the other. */
async function waits(client: MqttClient, count: number): Promise<number[]> {
  const found: number[] = []
  for (let sent = 0; sent < count; sent += 1) {
    const before = sink.clients.length
    await client.publishAsync('modest', 'm', { qos: 1 })
    found.push(sink.clients.length - before)
  }
  return found
}

describe('Clients beside connections that flood', () => {
  afterEach(async () => {
    sink.stop()
    await ingest.close(0)
  })

  it.each([1, 10])('(%i of them) are acknowledged soon and in turn', async (floods) => {
    const port = await listen()
    const greedy = await Promise.all(Array.from({ length: floods }, (_, n) => flooder(port, `flood-${n}`)))
    await until(() => sink.clients.length >= 1_000, 'a flood of 1_000', 50_000)
    const modest = await Promise.all(
      Array.from({ length: 5 }, () => mqtt.connectAsync(`mqtt://127.0.0.1:${port}`)),
    )
    const all = (await Promise.all(modest.map((client) => waits(client, 10)))).flat()
    // The sink holds 400; behind a flood it would be what that has sent, 20,000 of each.
    expect(sink.clients.length).toBeLessThan(floods * 20_000)
    expect(all.sort((a, b) => a - b)[Math.floor(all.length * 0.9)]).toBeLessThan(3_000)
    for (const client of modest) await client.endAsync(true)
    for (const client of greedy) client.destroy()
  })

  it('get no more and no less than those that flood', async () => {
    const port = await listen()
    const greedy = await Promise.all(['a', 'b', 'c'].map((name) => flooder(port, name)))
    await until(() => sink.clients.length >= 9_000, 'a flood of 9_000', 50_000)
    const shares = ['a', 'b', 'c'].map((name) => sink.clients.slice(3_000).filter((id) => id === name).length)
    expect(Math.max(...shares) / Math.min(...shares)).toBeLessThan(1.5)
    for (const client of greedy) client.destroy()
  })
})

describe('The queue for room', () => {
  const waiterOf = (name: string, wants: number, queue: RoomQueue, given: string[]): RoomWaiter => {
    const waiter = {
      onRoom: (): void => {
        given.push(name)
        wants -= 1
        if (wants > 0) queue.wait(waiter)
      },
    }
    return waiter
  }

  it('lets nobody pass by those that wait, also when there is some room', () => {
    const room = new HandSink()
    const queue = new RoomQueue(room)
    const given: string[] = []
    expect(queue.isOpen).toBe(true)
    room.room = false
    queue.wait(waiterOf('a', 1, queue, given))
    room.room = true
    expect(queue.isOpen).toBe(false)
    room.giveRoom()
    expect(given).toEqual(['a'])
    expect(queue.isOpen).toBe(true)
  })

  it('serves in turn, and lets the event loop go on in between', async () => {
    const room = new HandSink()
    const queue = new RoomQueue(room)
    const given: string[] = []
    for (const name of ['a', 'b']) queue.wait(waiterOf(name, 200, queue, given))
    room.giveRoom()
    expect(given.length).toBeLessThan(200)
    expect(given.slice(0, 4)).toEqual(['a', 'b', 'a', 'b'])
    while (given.length < 400) await new Promise((resolve) => setImmediate(resolve))
    expect(queue.isOpen).toBe(true)
  })

  it('asks the sink for room once at a time, however many wait and for however long', async () => {
    const room = new HandSink()
    const queue = new RoomQueue(room)
    const asks = vi.spyOn(room, 'onRoom')
    let isWanted = true
    const greedy = (): RoomWaiter => {
      const waiter = { onRoom: (): void => void (isWanted && queue.wait(waiter)) }
      return waiter
    }
    for (let n = 0; n < 300; n += 1) queue.wait(greedy())
    for (let round = 0; round < 20; round += 1) {
      room.giveRoom()
      for (let turn = 0; turn < 3; turn += 1) await new Promise((resolve) => setImmediate(resolve))
      room.room = false
      await new Promise((resolve) => setImmediate(resolve))
    }
    expect(asks.mock.calls.length).toBeLessThanOrEqual(21)
    isWanted = false
    room.giveRoom()
    while (!queue.isOpen) await new Promise((resolve) => setImmediate(resolve))
  })

  it('forgets who has gone', () => {
    const room = new HandSink()
    const queue = new RoomQueue(room)
    const given: string[] = []
    const gone = waiterOf('gone', 1, queue, given)
    queue.wait(gone)
    queue.wait(waiterOf('here', 1, queue, given))
    queue.forget(gone)
    room.giveRoom()
    expect(given).toEqual(['here'])
  })
})
