import { describe, expect, it } from 'vitest'
import { compileRule, type Rule } from '../../src/dryrun/index.ts'

const clientProperties = {
  acks: 'all',
  'bootstrap.servers': 'localhost:9092',
  'security.protocol': 'PLAINTEXT',
}

function ruleOf(document: Record<string, unknown>): Rule {
  const services = { get_thing_shadow: () => ({}) }
  const options = { extensions: ['PLAINTEXT'], services }
  const result = compileRule({ awsIotSqlVersion: '2016-03-23', ...document }, options)
  if (!result.ok) throw new Error(JSON.stringify(result.diagnostics))
  return result.rule
}

const kafka = (topic: string): unknown => ({ kafka: { topic, clientProperties } })
const rule = ruleOf({
  sql: "SET @kind = topic(1) SELECT * FROM 'a/+'",
  actions: [kafka('${site}'), kafka('all')],
  errorAction: kafka('errors-${@kind}'),
})

describe('a trial', () => {
  it('tells of each action, and gives the error action what failed', async () => {
    const message = { topic: 'a/b', payload: { site: '?' }, clientId: 'c', traceId: 't' }
    const trial = await rule.trial(message)
    expect(trial.actions.map(({ made, failure }) => made?.kafka?.topic ?? failure?.code)).toEqual([
      'KAFKA_TOPIC_INVALID',
      'all',
    ])
    expect(trial.failures).toMatchObject([{ action: 'kafka[0]', code: 'KAFKA_TOPIC_INVALID' }])
    expect(trial.errorAction).toMatchObject({ made: { kafka: { topic: 'errors-a' } } })
    const { value } = trial.errorAction!.made!.kafka!
    expect(JSON.parse(value.toString())).toEqual({
      ruleName: 'rule',
      topic: 'a/b',
      cloudwatchTraceId: 't',
      clientId: 'c',
      base64OriginalPayload: Buffer.from('{"site":"?"}').toString('base64'),
      failures: [
        {
          failedAction: 'kafka[0]',
          failedResource: 'localhost:9092',
          errorMessage: expect.any(String) as string,
        },
      ],
    })
  })

  it('makes the delivery of an action fail when it is told to', async () => {
    const trial = await rule.trial({ topic: 'a/b', payload: { site: 's' } }, { failing: [1] })
    expect(trial.actions.every(({ made }) => made !== undefined)).toBe(true)
    expect(trial.failures).toMatchObject([{ action: 'kafka[1]', code: 'KAFKA_DELIVERY_FAILED' }])
    expect(trial.errorAction).toMatchObject({ made: { kafka: { topic: 'errors-a' } } })
  })

  it('stops at the topic, at WHERE and at a service that failed', async () => {
    expect(await rule.trial({ topic: 'b' })).toMatchObject({ matched: false, selected: false })
    const calm = ruleOf({ sql: "SELECT * FROM 'a' WHERE t > 1", actions: [] })
    expect(await calm.trial({ topic: 'a', payload: '{}' })).toMatchObject({ matched: true, selected: false })
    const asking = ruleOf({
      sql: "SELECT get_thing_shadow('x', 'arn:aws:iam::000000000000:role/r') AS s FROM 'a'",
      actions: [],
    }).within({
      services: {
        call: (name) =>
          Promise.resolve({
            ok: false,
            failure: { code: 'SERVICE_FAILED', class: 'message', resource: name, message: 'no' },
          }),
      },
    })
    expect(await asking.trial({ topic: 'a', payload: '{}' })).toMatchObject({
      selected: false,
      failures: [{ action: 'get_thing_shadow', code: 'SERVICE_FAILED' }],
    })
  })
})

describe('a rule within other surroundings', () => {
  it('has their clock, chance and services, and keeps the rest', async () => {
    const clocked = ruleOf({
      sql: "SELECT timestamp() AS t, rand() AS r, accountid() AS a FROM 'a'",
      actions: [],
    })
    const within = clocked.within({ now: () => 5, random: () => 0.25 }).within({ accountId: '1' })
    const { output } = await within.evaluate({ topic: 'a' })
    expect(String(output)).toBe('{"t":5,"r":0.25,"a":"1"}')
    expect(String((await clocked.evaluate({ topic: 'a', timestamp: 7 })).output)).toContain('"t":7')
  })
})
