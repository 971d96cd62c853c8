import { describe, expect, it } from 'vitest'
import { MAX_TAPS, type Tap, TapHub, type TapHubOptions, type TapOptions } from '../../src/tap/index.ts'
import { Bench, device, rule } from '../engine/harness.ts'

type Line = Readonly<Record<string, unknown>>

/** An engine with a tap, read line by line. */
function tapped(
  rules: Parameters<typeof rule>[],
  options: Partial<TapOptions> = {},
  limits: TapHubOptions['limits'] = {},
): { bench: Bench; hub: TapHub; next: () => Promise<Line>; tap: Tap } {
  const bench = new Bench(rules.map((each) => rule(...each)))
  const environment = { accountId: '1', now: Date.now, random: Math.random, newUuid: () => 'u' }
  const hub = new TapHub({ watch: (tap) => bench.engine.watch(tap), environment, limits })
  const tap = hub.open({ showsPayloads: true, ...options })!
  return { bench, hub, tap, next: reading(tap) }
}

/** Lines one by one, but for the first, which says that the tap is open. */
function reading(tap: Tap): () => Promise<Line> {
  const texts = tap.lines[Symbol.asyncIterator]()
  const lines: string[] = []
  return async function next(): Promise<Line> {
    while (lines.length === 0) {
      const { value, done } = await texts.next()
      if (done === true) return { over: true }
      lines.push(...String(value).trimEnd().split('\n'))
    }
    const line = JSON.parse(lines.shift()!) as Line
    return 'open' in ((line['tap'] as object | undefined) ?? {}) ? next() : line
  }
}

const hot: Parameters<typeof rule> = ['hot', "SELECT * FROM 'a/#' WHERE t > 30", { key: 'k${t}' }]

describe('a tap', () => {
  it('shows the message as published, the verdict of each rule, and where Kafka put the record', async () => {
    const { bench, next } = tapped([hot, ['cold', "SELECT * FROM 'a/1' WHERE t < 0"]])
    bench.publish('a/1', '{"t":40.50}')
    bench.sent[0]!.delivery.settled(undefined, { partition: 1, offset: 5 })
    expect(await next()).toMatchObject({
      topic: 'a/1',
      payload: '{"t":40.50}',
      clientId: 'd1',
      qos: 1,
      settlement: 'taken',
      rules: [
        {
          rule: 'hot',
          selected: true,
          actions: [
            {
              action: 'kafka[0]',
              kafka: { topic: 'hot-0', partition: 1, offset: 5, key: 'k40.50', headers: [] },
            },
          ],
        },
        { rule: 'cold', selected: false, why: 'false: `t < 0` is false: `t` is the Decimal 40.50' },
      ],
    })
  })

  it('shows why an action failed, and what came of the error action', async () => {
    const { bench, next } = tapped([
      ['r', "SELECT * FROM 'a'", { topic: '${nothing}' }, { errorTopic: 'errors' }],
    ])
    bench.publish('a', 'no json')
    bench.sent[0]!.delivery.settled(undefined, { partition: 0, offset: 9 })
    expect(await next()).toMatchObject({
      rules: [
        {
          actions: [
            { action: 'kafka[0]', error: { code: 'KAFKA_FIELD_UNDEFINED', class: 'message' } },
            { action: 'errorAction.kafka', kafka: { topic: 'errors', offset: 9 } },
          ],
        },
      ],
    })
  })

  it('keeps the order in which messages were taken, whatever settles first', async () => {
    const { bench, next } = tapped([hot])
    bench.publish('a/1', '{"t":31}')
    bench.publish('a/2', '{"t":32}')
    bench.sent[1]!.delivery.settled(undefined)
    bench.sent[0]!.delivery.settled(undefined)
    expect([(await next())['topic'], (await next())['topic']]).toEqual(['a/1', 'a/2'])
  })

  it('does not wait for ever for Kafka: what is on its way is shown so', async () => {
    const { bench, next } = tapped([hot], {}, { patience: 20 })
    bench.publish('a/1', '{"t":31}')
    expect(await next()).toMatchObject({
      pending: true,
      rules: [{ actions: [{ pending: true, kafka: { topic: 'hot-0', partition: null } }] }],
    })
  })

  it.each<[string, Partial<TapOptions>, string[]]>([
    ['a rule', { rule: 'hot' }, ['a/1', 'a/2', '$aws/rules/hot/c/1']],
    ['a topic filter', { topic: 'a/2' }, ['a/2']],
    ['a filter that Basic Ingest matches without its prefix', { topic: 'c/+' }, ['$aws/rules/hot/c/1']],
    ['a number of messages', { count: 2 }, ['a/1', 'b']],
  ])('can be limited to %s', async (_, options, topics) => {
    const { bench, hub, next } = tapped([hot], options)
    for (const topic of ['a/1', 'b', 'a/2', '$aws/rules/hot/c/1']) bench.publish(topic, '{"t":1}')
    void hub.close()
    const seen: unknown[] = []
    for (let line = await next(); 'topic' in line; line = await next()) seen.push(line['topic'])
    expect(seen).toEqual(topics)
  })

  it('takes a sample of what comes at once', async () => {
    const { bench, hub, next } = tapped([], { sample: 20 })
    for (let index = 0; index < 100; index += 1) bench.publish('a', String(index))
    void hub.close()
    let lines = 0
    for (let line = await next(); 'topic' in line; line = await next()) lines += 1
    expect(lines).toBeLessThan(10)
    expect(lines).toBeGreaterThan(0)
  })

  it('masks what the reader wants masked before anything leaves, and keeps numbers as they were', async () => {
    const { bench, next } = tapped([hot, ['cold', "SELECT * FROM 'a/1' WHERE t < 0"]], {
      redact: ['user.name', 'cards.number'],
    })
    const payload = '{"t":40.50,"user":{"name":"Ada","age":36},"cards":[{"number":1},{"number":2,"x":3}]}'
    bench.publish('a/1', payload)
    bench.sent[0]!.delivery.settled(undefined)
    const line = await next()
    expect(line['payload']).toBe(
      '{"t":40.50,"user":{"name":"********","age":36},"cards":[{"number":"********"},{"number":"********","x":3}]}',
    )
    expect(JSON.stringify(line['rules'])).not.toMatch(/40|why/)
    bench.publish('a/1', '{"user":{"name":"Ada"')
    expect((await next())['payload']).toBe('********')
  })

  it('keeps everything that comes from payloads from those who may not see it', async () => {
    const { bench, next } = tapped([hot], { showsPayloads: false })
    bench.publish('a/1', '{"t":31,"x":"private"}', device('d7'))
    bench.sent[0]!.delivery.settled(undefined)
    const line = await next()
    expect(line).toMatchObject({ topic: 'a/1', payloadBytes: 22, clientId: 'd7', settlement: 'taken' })
    expect(JSON.stringify(line)).not.toMatch(/private|k31/)
  })

  it('drops what a slow reader does not take, says how much, and never holds up the engine', async () => {
    const { bench, next } = tapped([], {}, { entries: 3 })
    for (let index = 0; index < 10; index += 1) bench.publish(`a/${index}`, '{}')
    expect(bench.engine.unsettled).toBe(0)
    expect(await next()).toEqual({ tap: { dropped: 7 } })
    expect((await next())['topic']).toBe('a/0')
  })

  it('bounds the bytes that wait for a reader', async () => {
    const { bench, next } = tapped([], {}, { bytes: 10_000 })
    for (let index = 0; index < 5; index += 1) bench.publish('a', 'x'.repeat(4_000))
    expect(await next()).toEqual({ tap: { dropped: 3 } })
  })

  it('tells that it lives when nothing happens, and why it ends', async () => {
    const { hub, next } = tapped([], {}, { heartbeat: 10 })
    expect(await next()).toEqual({ tap: { alive: true } })
    void hub.close()
    let line = await next()
    while ('alive' in (line['tap'] as object)) line = await next()
    expect(line).toEqual({ tap: { end: 'The server stops.' } })
    expect(await next()).toEqual({ over: true })
    expect(hub.open({ showsPayloads: true })).toBeUndefined()
  })

  it('is for a bounded number of readers, and costs the engine nothing when the last one has gone', () => {
    const watched: boolean[] = []
    const environment = { accountId: '1', now: Date.now, random: Math.random, newUuid: () => 'u' }
    const hub = new TapHub({ watch: (tap) => watched.push(tap !== undefined), environment })
    const taps = Array.from({ length: MAX_TAPS }, () => hub.open({ showsPayloads: true })!)
    expect(hub.open({ showsPayloads: true })).toBeUndefined()
    for (const tap of taps) tap.close()
    expect(hub.readers).toBe(0)
    expect(watched.at(-1)).toBe(false)
  })

  it('does not show what a rule has looked up as a secret', async () => {
    const bench = new Bench([
      rule('r', "SELECT * FROM 'a'", { key: "${get_or_default(get_thing_shadow('get_secret', ''), 'x')}" }),
    ])
    const environment = { accountId: '1', now: Date.now, random: Math.random, newUuid: () => 'u' }
    const hub = new TapHub({ watch: (tap) => bench.engine.watch(tap), environment })
    const next = reading(hub.open({ showsPayloads: true })!)
    bench.publish('a', '{}')
    await expect.poll(() => bench.sent.length).toBe(1)
    bench.sent[0]!.delivery.settled(undefined)
    expect(JSON.stringify(await next())).toContain('"key":"********"')
  })
})
