import { describe, expect, it } from 'vitest'
import { type Failure } from '../../src/errors.ts'
import { type CompiledRule } from '../../src/rule/index.ts'
import { HeldServices, settled } from '../helpers/services.ts'
import { Bench, device, failure, rule, type Sent } from './harness.ts'

describe('a message', () => {
  it('is settled as unmatched when no rule selects it', () => {
    const bench = new Bench([rule('hot', "SELECT * FROM 'sensors/+' WHERE temp > 20")])
    expect(bench.publish('other', '{}').settlement).toBe('unmatched')
    expect(bench.publish('sensors/a', '{"temp":20}').settlement).toBe('unmatched')
    expect(bench.sent).toHaveLength(0)
  })

  it('is settled only after every action of every rule has', () => {
    const bench = new Bench([
      rule('one', "SELECT * FROM 'a'"),
      rule('two', "SELECT * FROM '#'", {}, { actions: 2 }),
    ])
    const message = bench.publish('a', '{"x":1}')
    expect(bench.sent.map(({ record }) => record.topic).sort()).toEqual(['one-0', 'two-0', 'two-1'])
    bench.sent[2]!.delivery.settled(undefined)
    bench.sent[0]!.delivery.settled(undefined)
    expect(message.settlement).toBeUndefined()
    bench.sent[1]!.delivery.settled(undefined)
    expect(message.settlement).toBe('taken')
    expect(message.times).toBe(1)
    expect(bench.engine.heldBytes).toBe(0)
  })

  it('does not wait for a rule that acknowledges on receipt', () => {
    const bench = new Bench([rule('fast', "SELECT * FROM 'a'", {}, { 'x-ack': 'received' })])
    const message = bench.publish('a', '{}')
    expect(message.settlement).toBe('taken')
    expect(bench.engine.heldBytes).toBeGreaterThan(0)
    bench.sent[0]!.delivery.settled(undefined)
    expect(bench.engine.heldBytes).toBe(0)
    expect(message.times).toBe(1)
  })

  it('runs the one rule that Basic Ingest names, with the prefix removed', () => {
    const bench = new Bench([
      rule('named', "SELECT topic() AS t FROM 'x/#'"),
      rule('other', "SELECT * FROM '#'"),
    ])
    bench.publish('$aws/rules/named/x/y', '{}')
    expect(bench.values()).toEqual(['{"t":"x/y"}'])
  })
})

describe('a failure', () => {
  it('of the message is counted and settles the message', () => {
    const bench = new Bench([rule('r', "SELECT * FROM 'a'", { topic: '${missing}' })])
    expect(bench.publish('a', '{}').settlement).toBe('taken')
    expect(bench.failures.map(({ code }) => code)).toEqual(['KAFKA_FIELD_UNDEFINED'])
    expect(bench.lost).toBe(1)
  })

  it('of the environment withholds the acknowledgement', () => {
    const bench = new Bench([rule('r', "SELECT * FROM 'a'")])
    const message = bench.publish('a', '{}')
    bench.sent[0]!.delivery.settled(failure('environment'))
    expect(message.settlement).toBe('withheld')
    expect(bench.lost).toBe(0)
  })

  it('of the environment withholds the acknowledgement whatever else of the rule, or another rule, comes behind it', () => {
    const bench = new Bench([
      rule('r', "SELECT * FROM 'a'", {}, { actions: 2 }),
      rule('s', "SELECT * FROM 'a'"),
    ])
    const message = bench.publish('a', '{}')
    const settle = (topic: string, how: Failure | undefined): void =>
      bench.sent.find(({ record }) => record.topic === topic)!.delivery.settled(how)
    settle('r-0', failure('environment'))
    settle('r-1', failure('message'))
    settle('s-0', undefined)
    expect(message.settlement).toBe('withheld')
  })

  it('of the environment while a message is evaluated is not forgotten when a later rule selects it', () => {
    const bench = new Bench([rule('now', "SELECT * FROM 'a'"), rule('then', "SELECT * FROM 'a'")])
    bench.failAtOnce = new Map([['now-0', failure('environment')]])
    const message = bench.publish('a', '{}')
    bench.sent[0]!.delivery.settled(undefined)
    expect(message.settlement).toBe('withheld')
  })

  it('of one rule does not hide that another waits', () => {
    const bench = new Bench([rule('bad', "SELECT * FROM 'a'"), rule('good', "SELECT * FROM 'a'")])
    const message = bench.publish('a', '{}')
    bench.sent.find(({ record }) => record.topic === 'bad-0')!.delivery.settled(failure('rule'))
    expect(message.settlement).toBeUndefined()
    bench.sent.find(({ record }) => record.topic === 'good-0')!.delivery.settled(undefined)
    expect(message.settlement).toBe('taken')
  })

  it("goes to the error action in AWS's shape, one message for all failed actions of a rule", () => {
    const bench = new Bench([rule('r', "SELECT * FROM 'a'", {}, { actions: 2, errorTopic: 'errors' })])
    const message = bench.publish('a', '{"x":1}')
    for (const { delivery } of [...bench.sent]) delivery.settled(failure('message'))
    const error = bench.sent[2]!
    expect(error.record.topic).toBe('errors')
    expect(JSON.parse(error.record.value.toString())).toMatchObject({
      ruleName: 'r',
      topic: 'a',
      cloudwatchTraceId: 'trace',
      clientId: 'd1',
      base64OriginalPayload: Buffer.from('{"x":1}').toString('base64'),
      failures: [
        { failedAction: 'kafka[0]', failedResource: 'localhost:9092', errorMessage: 'it failed' },
        { failedAction: 'kafka[1]' },
      ],
    })
    expect(message.settlement).toBeUndefined()
    error.delivery.settled(undefined)
    expect(message.settlement).toBe('taken')
    expect(bench.lost).toBe(0)
  })

  it('of the error action by its own fault settles and is counted as lost', () => {
    const bench = new Bench([rule('r', "SELECT * FROM 'a'", {}, { errorTopic: 'errors' })])
    const message = bench.publish('a', '{}')
    bench.sent[0]!.delivery.settled(failure('message'))
    bench.sent[1]!.delivery.settled(failure('message'))
    expect(message.settlement).toBe('taken')
    expect(bench.lost).toBe(1)
  })
})

describe('a fault that nobody foresaw', () => {
  const broken = (part: 'query' | 'actions'): CompiledRule => {
    const good = rule('broken', "SELECT * FROM 'a'", {}, { errorTopic: 'errors' })
    const explode = (): never => {
      throw new RangeError('boom')
    }
    if (part === 'query') return { ...good, query: { ...good.query, where: explode } }
    return { ...good, actions: good.actions.map((action) => ({ ...action, assemble: explode })) }
  }

  it.each(['query', 'actions'] as const)(
    'in the %s costs the message and goes to the error action',
    (part) => {
      const bench = new Bench([broken(part), rule('good', "SELECT * FROM 'a'")])
      const message = bench.publish('a', '{}')
      expect(bench.failures.map(({ code }) => code)).toEqual(['ENGINE_FAULT'])
      expect(bench.sent.map(({ record }) => record.topic).sort()).toEqual(['errors', 'good-0'])
      for (const { delivery } of bench.sent) delivery.settled(undefined)
      expect(message.settlement).toBe('taken')
      expect(bench.engine.heldBytes).toBe(0)
    },
  )

  it('in a variable costs the message as well, and its error action goes without', () => {
    const good = rule('broken', "SET @x = 1 SELECT * FROM 'a'", {}, { errorTopic: 'errors' })
    const assign = (): never => {
      throw new RangeError('boom')
    }
    const bench = new Bench([{ ...good, query: { ...good.query, assign } }])
    const message = bench.publish('a', '{}')
    expect(bench.sent.map(({ record }) => record.topic)).toEqual(['errors'])
    bench.sent[0]!.delivery.settled(undefined)
    expect(message.settlement).toBe('taken')
  })

  it('is not owed any more once it is counted, also for a rule that acknowledges on receipt', () => {
    const bench = new Bench([{ ...broken('query'), ack: 'received', errorAction: undefined }])
    expect(bench.publish('a', '{}').settlement).toBe('taken')
    expect(bench.engine.unsettled).toBe(0)
    expect(bench.lost).toBe(1)
  })
})

describe('the rule set', () => {
  it('is swapped between two messages and messages in flight keep their rules', () => {
    const bench = new Bench([rule('old', "SELECT 'old' AS r FROM 'a'")])
    const before = bench.publish('a', '{}')
    bench.use([rule('new', "SELECT 'new' AS r FROM 'a'")])
    bench.publish('a', '{}')
    expect(bench.values()).toEqual(['{"r":"old"}', '{"r":"new"}'])
    bench.sent[0]!.delivery.settled(undefined)
    expect(before.settlement).toBe('taken')
  })
})

describe('admission', () => {
  it('has no room at the bound and calls back when there is some again', () => {
    const bench = new Bench([rule('r', "SELECT * FROM 'a'")], 3_000)
    let woken = 0
    while (bench.engine.hasRoom()) bench.publish('a', '{}')
    bench.engine.onRoom(() => (woken += 1))
    expect(woken).toBe(0)
    for (const { delivery } of bench.sent) delivery.settled(undefined)
    expect(woken).toBe(1)
    expect(bench.engine.hasRoom()).toBe(true)
  })

  it('drains: resolves true when the last message has settled, false at the deadline', async () => {
    const bench = new Bench([rule('r', "SELECT * FROM 'a'")])
    bench.publish('a', '{}')
    expect(await bench.engine.drain(1)).toBe(false)
    const drained = bench.engine.drain(60_000)
    bench.sent[0]!.delivery.settled(undefined)
    expect(await drained).toBe(true)
  })

  it('drains the records of a rule that acknowledges on receipt too, and its error action', async () => {
    const received = { 'x-ack': 'received', errorTopic: 'errors' }
    const bench = new Bench([rule('fast', "SELECT * FROM 'a'", {}, received)])
    expect(bench.publish('a', '{}').settlement).toBe('taken')
    expect(bench.engine.unsettled).toBe(1)
    expect(await bench.engine.drain(1)).toBe(false)
    bench.sent[0]!.delivery.settled({
      code: 'KAFKA_DELIVERY_FAILED',
      class: 'environment',
      resource: 'k:9092',
      message: 'gone',
    })
    expect(await bench.engine.drain(1)).toBe(false)
    const drained = bench.engine.drain(60_000)
    bench.sent[1]!.delivery.settled(undefined)
    expect(await drained).toBe(true)
    expect(bench.engine.unsettled).toBe(0)
  })
})

const ASKING =
  "SELECT CASE isUndefined(wait) WHEN true THEN n ELSE get_or_default(aws_lambda('f', wait), n) END AS n FROM 'a'"

describe('a message that waits for a service', () => {
  it('holds back later messages of its client and nobody else', async () => {
    const held = new HeldServices()
    const bench = new Bench([rule('remote', ASKING)], undefined, held)
    const first = device('first')
    const second = device('second')
    bench.publish('a', '{"n":1,"wait":"k1"}', first)
    bench.publish('a', '{"n":2}', first)
    bench.publish('a', '{"n":3,"wait":"k2"}', first)
    bench.publish('a', '{"n":4}', first)
    bench.publish('a', '{"n":9}', second)
    expect(bench.values()).toEqual(['{"n":9}'])
    held.questions[0]!.answer(1)
    await settled()
    expect(bench.values()).toEqual([9, 1, 2].map((n) => `{"n":${n}}`))
    bench.publish('a', '{"n":5}', first)
    held.questions[1]!.fail()
    await settled()
    expect(bench.values()).toEqual([9, 1, 2, 3, 4, 5].map((n) => `{"n":${n}}`))
    for (const { delivery } of bench.sent) delivery.settled(undefined)
    expect(bench.engine.unsettled).toBe(0)
  })

  it('is given to each rule behind the one that waits, and settles after all of them', async () => {
    const held = new HeldServices()
    const rules = [
      rule('asks', "SELECT aws_lambda('f', n) AS n FROM 'a'"),
      ...['b', 'c'].map((name) => rule(name, "SELECT n FROM 'a'")),
    ]
    const bench = new Bench(rules, undefined, held)
    const message = bench.publish('a', '{"n":1}')
    held.questions[0]!.answer(1)
    await settled()
    expect(bench.sent.map(({ record }) => record.topic)).toEqual(['asks-0', 'b-0', 'c-0'])
    for (const { delivery } of bench.sent) {
      expect(message.settlement).toBeUndefined()
      delivery.settled(undefined)
    }
    expect(message.settlement).toBe('taken')
  })

  it('goes to the error action when the service fails, which names the function', async () => {
    const held = new HeldServices()
    const failing = rule('r', "SELECT aws_lambda('f', n) AS n FROM 'a'", {}, { errorTopic: 'errors' })
    const bench = new Bench([failing], undefined, held)
    const message = bench.publish('a', '{"n":1}')
    held.questions[0]!.fail({ class: 'environment' })
    await settled()
    const [{ record, delivery }] = bench.sent as [Sent]
    expect(record.topic).toBe('errors')
    expect(JSON.parse(record.value.toString())).toMatchObject({
      failures: [{ failedAction: 'aws_lambda', failedResource: 'stub', errorMessage: 'it failed' }],
    })
    delivery.settled(undefined)
    expect(message.settlement).toBe('taken')
  })

  it('is withheld when the service cannot be reached and nothing takes the failure', async () => {
    const held = new HeldServices()
    const bench = new Bench([rule('r', "SELECT aws_lambda('f', n) AS n FROM 'a'")], undefined, held)
    const [first, second] = [bench.publish('a', '{"n":1}'), bench.publish('a', '{"n":2}')]
    held.questions[0]!.fail({ class: 'environment' })
    await settled()
    held.questions[1]!.fail({ class: 'message' })
    await settled()
    expect([first.settlement, second.settlement]).toEqual(['withheld', 'taken'])
    expect(bench.lost).toBe(1)
  })

  it('has the answers in the templates of its actions, and a failure there is that action alone', async () => {
    const held = new HeldServices()
    const asking = rule(
      'r',
      "SELECT n FROM 'a'",
      { key: "${get_thing_shadow(thing, 'role').k}" },
      { actions: 2 },
    )
    const bench = new Bench([asking], undefined, held)
    const client = device('d')
    bench.publish('a', '{"n":1,"thing":"t"}', client)
    const failed = bench.publish('a', '{"n":2,"thing":"u"}', client)
    expect(held.asked()).toEqual(['get_thing_shadow(t, role)'])
    held.questions[0]!.answer(new Map([['k', 'key']]))
    await settled()
    expect(bench.sent.map(({ record }) => record.key)).toEqual(['key', 'key'])
    held.questions[1]!.fail()
    await settled()
    expect(bench.sent).toHaveLength(2)
    expect(bench.failures).toHaveLength(2)
    expect(failed.settlement).toBe('taken')
  })

  it('asks for the templates of the error action when the rule has failed, and not before', async () => {
    const held = new HeldServices()
    const document = rule(
      'r',
      "SELECT n FROM 'a'",
      {},
      { errorTopic: "e-${get_thing_shadow(thing, 'role')}" },
    )
    const bench = new Bench([document], undefined, held)
    const message = bench.publish('a', '{"n":1,"thing":"t"}')
    expect(held.asked()).toEqual([])
    bench.sent[0]!.delivery.settled(failure('message'))
    expect(held.asked()).toEqual(['get_thing_shadow(t, role)'])
    held.questions[0]!.answer('shadow')
    await settled()
    expect(bench.sent[1]!.record.topic).toBe('e-shadow')
    bench.sent[1]!.delivery.settled(undefined)
    expect(message.settlement).toBe('taken')
  })
})
