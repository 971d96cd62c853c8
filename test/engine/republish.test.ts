import { describe, expect, it } from 'vitest'
import { type CompiledRule } from '../../src/rule/index.ts'
import { HeldServices, settled } from '../helpers/services.ts'
import { Bench, device, failure, republishRule, rule } from './harness.ts'

/** Forwards the message from `a/…` to `b/…`, where rule `sink` sends it to Kafka. */
const chain = (): CompiledRule[] => [
  republishRule('first', "SELECT n, topic() AS t FROM 'a/#'", { topic: 'b/${topic(2)}' }),
  rule('sink', "SELECT *, topic() AS t2, clientid() AS c FROM 'b/+'"),
]

describe('a republished message', () => {
  it('goes through the rules that select it, as a message of its publisher', () => {
    const bench = new Bench(chain())
    bench.publish('a/x', '{"n":1}', device('d7'))
    expect(bench.values()).toEqual(['{"n":1,"t":"a/x","t2":"b/x","c":"d7"}'])
  })

  it('settles before the message it was made from does', () => {
    const bench = new Bench(chain())
    const message = bench.publish('a/x', '{"n":1}')
    expect(message.settlement).toBeUndefined()
    expect(bench.engine.unsettled).toBe(2)
    bench.sent[0]!.delivery.settled(undefined)
    expect(message.settlement).toBe('taken')
    expect(message.times).toBe(1)
    expect(bench.republished).toEqual(['first'])
    expect(bench.engine.unsettled).toBe(0)
    expect(bench.engine.heldBytes).toBe(0)
  })

  it('that no rule selects is delivered all the same', () => {
    const bench = new Bench([republishRule('first', "SELECT * FROM 'a'", { topic: 'nobody' })])
    expect(bench.publish('a', '{}').settlement).toBe('taken')
    expect(bench.failures).toEqual([])
  })

  it('that is withheld withholds the message it was made from', () => {
    const bench = new Bench(chain())
    const message = bench.publish('a/x', '{"n":1}')
    bench.sent[0]!.delivery.settled(failure('environment'))
    expect(message.settlement).toBe('withheld')
    expect(bench.failures.map(({ code }) => code)).toEqual(['KAFKA_TOPIC_INVALID', 'REPUBLISH_WITHHELD'])
    expect(bench.lost).toBe(0)
    expect(bench.engine.heldBytes).toBe(0)
  })

  it('that fails by its own fault is the failure of the rule that took it, not of the one that republished it', () => {
    const bench = new Bench(chain())
    const message = bench.publish('a/x', '{"n":1}')
    bench.sent[0]!.delivery.settled(failure('message'))
    expect(message.settlement).toBe('taken')
    expect(bench.lost).toBe(1)
    expect(bench.republished).toEqual(['first'])
  })

  it('reaches the one rule that Basic Ingest names', () => {
    const bench = new Bench([
      republishRule('first', "SELECT n FROM 'a'", { topic: '$$aws/rules/sink/b/${n}' }),
      rule('sink', "SELECT topic() AS t FROM 'nothing'"),
      rule('other', "SELECT * FROM '#'"),
    ])
    bench.publish('a', '{"n":1}')
    expect(bench.sent.map(({ record }) => [record.topic, record.value.toString()])).toEqual([
      ['other-0', '{"n":1}'],
      ['sink-0', '{"t":"b/1"}'],
    ])
  })

  it('carries the MQTT 5 headers that the action names', () => {
    const headers = {
      payloadFormatIndicator: 'UTF8_DATA',
      contentType: '${kind}/json',
      responseTopic: '${missing}',
      correlationData: "${encode(n, 'base64')}",
      messageExpiry: '60',
      userProperties: [{ key: 'n', value: 'is ${n}${missing}' }],
    }
    const reads = ['format_indicator', 'content_type', 'response_topic', 'correlation_data']
      .map((name) => `get_mqtt_property('${name}') AS ${name}`)
      .join(', ')
    const bench = new Bench([
      republishRule('first', "SELECT * FROM 'a'", { topic: 'b', qos: 1, headers }),
      rule('sink', `SELECT ${reads}, get_user_properties('n') AS n FROM 'b'`),
    ])
    bench.publish('a', '{"n":"1","kind":"text"}')
    expect(bench.failures).toEqual([])
    expect(JSON.parse(bench.values()[0]!)).toEqual({
      format_indicator: 'UTF8_DATA',
      content_type: 'text/json',
      correlation_data: 'MQ==',
      n: ['is 1'],
    })
  })
})

describe('what cannot be republished', () => {
  it.each([
    ['${missing}', {}, 'REPUBLISH_FIELD_UNDEFINED'],
    ['${w}', {}, 'REPUBLISH_TOPIC_INVALID'],
    ["${''}", undefined, 'refused'],
    ['b', { messageExpiry: '${w}' }, 'REPUBLISH_HEADER_INVALID'],
    ['b', { payloadFormatIndicator: '${w}' }, 'REPUBLISH_HEADER_INVALID'],
    ['b', { correlationData: '${w}' }, 'REPUBLISH_HEADER_INVALID'],
    ['b', { responseTopic: '${w}' }, 'REPUBLISH_HEADER_INVALID'],
  ])('as %s with %j is a failure of the message', (topic, headers, code) => {
    const make = (): CompiledRule => republishRule('first', "SELECT * FROM 'a'", { topic, headers })
    if (code === 'refused') {
      expect(make).toThrow('the topic is empty')
      return
    }
    const bench = new Bench([make()])
    expect(bench.publish('a', '{"w":"x/#"}').settlement).toBe('taken')
    expect(bench.failures.map((each) => each.code)).toEqual([code])
    expect(bench.lost).toBe(1)
  })
})

describe('a loop', () => {
  it('ends at the bound of hops with the error action', () => {
    const bench = new Bench([
      republishRule('ping', "SELECT * FROM 'ping'", { topic: 'pong' }, { errorTopic: 'errors' }),
      republishRule('pong', "SELECT * FROM 'pong'", { topic: 'ping' }, { errorTopic: 'errors' }),
    ])
    const message = bench.publish('ping', '{"x":1}')
    expect(bench.sent).toHaveLength(1)
    expect(JSON.parse(bench.values()[0]!)).toMatchObject({
      ruleName: 'pong',
      topic: 'pong',
      clientId: 'd1',
      cloudwatchTraceId: 'trace',
      failures: [{ failedAction: 'republish[0]', failedResource: 'ping' }],
    })
    expect(bench.failures.map(({ code }) => code)).toEqual(['REPUBLISH_HOPS_EXCEEDED'])
    expect(message.settlement).toBeUndefined()
    bench.sent[0]!.delivery.settled(undefined)
    expect(message.settlement).toBe('taken')
    expect(bench.engine.heldBytes).toBe(0)
  })

  it('that multiplies ends at the bound of messages', () => {
    const twice = { actions: 5 }
    const bench = new Bench([republishRule('flood', "SELECT * FROM 'a'", { topic: 'a' }, twice)])
    expect(bench.publish('a', '{}').settlement).toBe('taken')
    expect(bench.republished).toHaveLength(20)
    expect(bench.failures.map(({ code }) => code)).toContain('REPUBLISH_TOO_MANY')
    expect(bench.engine.heldBytes).toBe(0)
  })

  it('through the error action ends as well', () => {
    const errorAction = { republish: { roleArn: 'r', topic: 'a' } }
    const bench = new Bench([rule('r', "SELECT * FROM 'a'", { topic: '${missing}' }, { errorAction })])
    expect(bench.publish('a', '{}').settlement).toBe('taken')
    expect(bench.failures.map(({ code }) => code)).toEqual([
      ...Array.from({ length: 4 }, () => 'KAFKA_FIELD_UNDEFINED'),
      'REPUBLISH_HOPS_EXCEEDED',
    ])
    expect(bench.lost).toBe(1)
    expect(bench.engine.heldBytes).toBe(0)
  })
})

describe('an error action that republishes', () => {
  const errorAction = { republish: { roleArn: 'r', topic: 'errors/${topic()}' } }

  it('gives the error document to the rules that select its topic', () => {
    const bench = new Bench([
      rule('r', "SELECT * FROM 'a'", {}, { errorAction }),
      rule('errors', "SELECT ruleName, get(failures, 0).failedAction AS f FROM 'errors/#'"),
    ])
    const message = bench.publish('a', '{}')
    bench.sent[0]!.delivery.settled(failure('message'))
    expect(bench.values()[1]).toBe('{"ruleName":"r","f":"kafka[0]"}')
    expect(message.settlement).toBeUndefined()
    bench.sent[1]!.delivery.settled(undefined)
    expect(message.settlement).toBe('taken')
  })

  it('withholds the message when what it republished is withheld', () => {
    const bench = new Bench([
      rule('r', "SELECT * FROM 'a'", {}, { errorAction }),
      rule('errors', "SELECT * FROM 'errors/#'"),
    ])
    const message = bench.publish('a', '{}')
    bench.sent[0]!.delivery.settled(failure('message'))
    bench.sent[1]!.delivery.settled(failure('environment'))
    expect(message.settlement).toBe('withheld')
  })
})

describe('order and admission', () => {
  it('is kept: what a message leads to comes before the next message of its client, and settles by itself', () => {
    const bench = new Bench([
      ...chain(),
      republishRule('again', "SELECT n FROM 'b/+'", { topic: 'c' }),
      rule('deep', "SELECT n FROM 'c'"),
    ])
    const client = device('d')
    for (const n of [1, 2, 3]) bench.publish('a/x', `{"n":${n}}`, client)
    expect(
      bench.sent.map(({ record }) => `${record.topic} ${JSON.parse(record.value.toString()).n}`),
    ).toEqual([1, 2, 3].flatMap((n) => [`sink-0 ${n}`, `deep-0 ${n}`]))
  })

  it('is kept when a republished message waits for a service, and nobody else waits', async () => {
    const held = new HeldServices()
    const asking = "SELECT get_or_default(aws_lambda('f', wait), n) AS n FROM 'b'"
    const bench = new Bench(
      [republishRule('first', "SELECT * FROM 'a'", { topic: 'b' }), rule('sink', asking)],
      undefined,
      held,
    )
    const [one, two] = [device('one'), device('two')]
    bench.publish('a', '{"wait":1}', one)
    bench.publish('a', '{"wait":2}', one)
    bench.publish('a', '{"wait":3}', two)
    expect(held.questions).toHaveLength(2)
    held.questions[1]!.answer(3)
    await settled()
    held.questions[0]!.answer(1)
    await settled()
    held.questions[2]!.answer(2)
    await settled()
    expect(bench.values()).toEqual(['{"n":3}', '{"n":1}', '{"n":2}'])
    for (const { delivery } of bench.sent) delivery.settled(undefined)
    expect(bench.engine.unsettled).toBe(0)
  })

  it('is kept when the message that is republished waits for a service itself', async () => {
    const held = new HeldServices()
    const asking = "SELECT get_or_default(aws_lambda('f', wait), n) AS n FROM 'a'"
    const bench = new Bench(
      [republishRule('first', asking, { topic: 'b' }), rule('sink', "SELECT n FROM 'b'")],
      undefined,
      held,
    )
    const client = device('d')
    bench.publish('a', '{"wait":1}', client)
    bench.publish('b', '{"n":2}', client)
    held.questions[0]!.answer(1)
    await settled()
    expect(bench.values()).toEqual(['{"n":1}', '{"n":2}'])
  })

  it('reserves room and is never refused for want of it', () => {
    const bench = new Bench(chain(), 600)
    const message = bench.publish('a/x', '{"n":1}')
    expect(bench.engine.hasRoom()).toBe(false)
    expect(bench.sent).toHaveLength(1)
    expect(bench.engine.heldBytes).toBeGreaterThan(3 * 512)
    bench.sent[0]!.delivery.settled(undefined)
    expect(message.settlement).toBe('taken')
    expect(bench.engine.hasRoom()).toBe(true)
  })

  it('drains what a rule that acknowledges on receipt has republished', async () => {
    const received = { 'x-ack': 'received' }
    const bench = new Bench([
      republishRule('first', "SELECT * FROM 'a'", { topic: 'b' }, received),
      rule('sink', "SELECT * FROM 'b'"),
    ])
    expect(bench.publish('a', '{}').settlement).toBe('taken')
    expect(await bench.engine.drain(1)).toBe(false)
    bench.sent[0]!.delivery.settled(undefined)
    expect(await bench.engine.drain(1)).toBe(true)
  })
})
