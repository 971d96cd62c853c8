import { describe, expect, it } from 'vitest'
import { clientProperties, kafka, ruleText, runTests, unmetOf } from './files.ts'

const all = ruleText("SELECT * FROM 'a/+'")
const some = ruleText("SELECT t FROM 'a/+' WHERE t > 1")

describe('output', () => {
  it.each([
    ['{"t": 10}', '10.0'],
    ['{"t": 10.0}', '1e1'],
    ['{"t": 0.1}', '0.10'],
    ['{"t": 36.903999599999999}', '36.903999599999999'],
    ['{"t": 123456789012345678901}', '123456789012345678901'],
    ['{"t": -0}', '0'],
  ])('has equal numbers in %s and %s', async (payload, number) => {
    expect(await unmetOf(all, `topic: a/b, payload: '${payload}'`, `{output: {t: ${number}}}`)).toEqual([])
  })

  it.each([
    ['{"t": 36.903999599999999}', '36.9039996'],
    ['{"t": 123456789012345678901}', '123456789012345678902'],
    ['{"t": "10"}', '10'],
    ['{"t": null}', '0'],
  ])('has different numbers in %s and %s', async (payload, number) => {
    const messages = await unmetOf(all, `topic: a/b, payload: '${payload}'`, `{output: {t: ${number}}}`)
    expect(messages).toEqual(['output differs'])
  })

  it('may have its properties in any order, but not its elements', async () => {
    const payload = 'topic: a/b, payload: {x: [1, 2], y: 3}'
    expect(await unmetOf(all, payload, '{output: {y: 3, x: [1, 2]}}')).toEqual([])
    expect(await unmetOf(all, payload, '{output: {y: 3, x: [2, 1]}}')).toEqual(['output differs'])
    expect(await unmetOf(all, payload, '{output: {y: 3}}')).toEqual(['output differs'])
  })

  it('is compared as text and as base64 character by character', async () => {
    const payload = `topic: a/b, payload: '{"t": 1.0}'`
    expect(await unmetOf(all, payload, `{outputText: '{"t": 1.0}'}`)).toEqual([])
    expect(await unmetOf(all, payload, `{outputText: '{"t":1.0}'}`)).toEqual([
      'output is the same JSON, written in another way',
    ])
    expect(await unmetOf(all, 'topic: a/b, payloadBase64: /wA=', '{outputBase64: /wA=}')).toEqual([])
    expect(await unmetOf(all, 'topic: a/b, payloadBase64: /wA=', '{outputBase64: /wE=}')).toEqual([
      'output differs',
    ])
    expect(await unmetOf(all, 'topic: a/b, payloadBase64: /wA=', '{output: {}}')).toEqual([
      expect.stringContaining('output is not JSON') as string,
    ])
  })

  it('is missed where the rule does not select the message', async () => {
    expect(await unmetOf(some, 'topic: b', '{output: {}}')).toEqual(['the topic does not match the rule'])
    expect(await unmetOf(some, 'topic: a/b, payload: {t: 1}', '{output: {t: 1}}')).toEqual([
      'WHERE does not select the message',
    ])
  })

  it('shows as a difference what came instead', async () => {
    const { results } = await runTests(
      all,
      'cases: [{topic: a/b, payload: {x: 1, y: 2}, expect: {output: {x: 1, z: 3}}}]',
    )
    const [{ lines } = { lines: [] }] = results[0]!.mismatches
    expect(lines.map(({ mark, text }) => `${mark} ${text}`)).toEqual([
      '  {',
      '    "x": 1',
      '-   "z": 3',
      '+   "y": 2',
      '  }',
    ])
  })
})

describe('noMatch', () => {
  it.each([
    ['topic: b', 'true', []],
    ['topic: b', 'topic', []],
    ['topic: b', 'where', ['the topic does not match, so WHERE was not asked']],
    ['topic: a/b, payload: {t: 1}', 'true', []],
    ['topic: a/b, payload: {t: 1}', 'where', []],
    [
      'topic: a/b, payload: {t: 1}',
      'topic',
      ['the topic matches; it is WHERE that does not select the message'],
    ],
    ['topic: a/b, payload: {t: 2}', 'true', ['the rule selects the message']],
  ])('of %s as %s', async (message, wanted, messages) => {
    expect(await unmetOf(some, message, `{noMatch: ${wanted}}`)).toEqual(messages)
  })
})

describe('kafka', () => {
  const headers = [
    { key: 'a', value: '${t}' },
    { key: 'b', value: 'x' },
  ]
  const one = ruleText("SELECT t FROM 'a'", {
    actions: [kafka({ key: '${k}', headers, partition: '${p}' })],
  })
  const message = 'topic: a, payload: {t: 1.0, k: key, p: 3}'

  it.each([
    '{topic: out}',
    '{topic: out, key: key, partition: 3, headers: {a: "1"}, value: {t: 1}}',
    '{headers: [{key: a, value: "1"}, {key: b, value: x}]}',
    `{valueText: '{"t":1}', valueBase64: eyJ0IjoxfQ==}`,
    '[{key: key}]',
    '{action: 0, key: key}',
  ])('is met by %s', async (expected) => {
    expect(await unmetOf(one, message, `{kafka: ${expected}}`)).toEqual([])
  })

  it.each([
    ['{topic: other}', 'kafka.topic differs'],
    ['{key: null}', 'kafka.key differs'],
    ['{partition: null}', 'kafka.partition differs'],
    ['{headers: {a: "2"}}', 'kafka.headers differs'],
    ['{headers: {c: ""}}', 'kafka.headers differs'],
    ['{headers: [{key: a, value: "1"}]}', 'kafka.headers differs'],
    ['{headers: [{key: b, value: x}, {key: a, value: "1"}]}', 'kafka.headers differs'],
    ['{value: {t: 2}}', 'kafka.value differs'],
    ['{action: 1}', 'the rule has no kafka action at 1'],
    ['[]', 'the rule has 1 kafka action, the expectation 0'],
    ['[null]', 'kafka[0] has something to send'],
  ])('is not met by %s', async (expected, reason) => {
    expect(await unmetOf(one, message, `{kafka: ${expected}}`)).toEqual([reason])
  })

  it('names actions by their place among all, or each in a list', async () => {
    const two = ruleText("SELECT * FROM 'a'", { actions: [kafka({ topic: 'x' }), kafka({ topic: '${t}' })] })
    expect(await unmetOf(two, 'topic: a, payload: {t: y}', '{kafka: [{topic: x}, {topic: y}]}')).toEqual([])
    expect(await unmetOf(two, 'topic: a, payload: {t: y}', '{kafka: {action: 1, topic: y}}')).toEqual([])
    const broken = await unmetOf(two, 'topic: a', '{kafka: [{topic: x}, null], error: KAFKA_FIELD_UNDEFINED}')
    expect(broken).toEqual([])
    expect(await unmetOf(two, 'topic: a', '{kafka: {action: 1}, error: KAFKA_FIELD_UNDEFINED}')).toEqual([
      expect.stringContaining('has nothing to send: KAFKA_FIELD_UNDEFINED') as string,
    ])
  })
})

describe('republish', () => {
  const rule = ruleText("SELECT t FROM 'a'", {
    actions: [
      {
        republish: {
          roleArn: 'arn:aws:iam::000000000000:role/r',
          topic: 'b/${t}',
          qos: 1,
          headers: {
            contentType: 'text/plain',
            correlationData: 'aWQ=',
            userProperties: [{ key: 'k', value: '${t}' }],
          },
        },
      },
    ],
  })

  it.each([
    '{topic: b/1, qos: 1, payload: {t: 1}, contentType: text/plain, userProperties: {k: "1"}, correlationData: aWQ=}',
    '{userProperties: [{key: k, value: "1"}]}',
  ])('is met by %s', async (expected) => {
    expect(await unmetOf(rule, 'topic: a, payload: {t: 1}', `{republish: ${expected}}`)).toEqual([])
  })

  it.each([
    ['{topic: b}', 'republish.topic differs'],
    ['{qos: 0}', 'republish.qos differs'],
    ['{payload: {}}', 'republish.payload differs'],
    ['{contentType: x}', 'republish.contentType differs'],
    ['{responseTopic: x}', 'republish.responseTopic differs'],
    ['{userProperties: {k: "2"}}', 'republish.userProperties differs'],
  ])('is not met by %s', async (expected, reason) => {
    expect(await unmetOf(rule, 'topic: a, payload: {t: 1}', `{republish: ${expected}}`)).toEqual([reason])
  })
})

describe('error and errorAction', () => {
  const rule = ruleText("SELECT * FROM 'a'", {
    actions: [kafka({ topic: '${t}' })],
    errorAction: { kafka: { topic: 'errors', key: '${clientid()}', clientProperties } },
  })

  it('tell a failure that nothing expects', async () => {
    expect(await unmetOf(rule, 'topic: a, payload: {}', '{output: {}}')).toEqual([
      expect.stringContaining('kafka[0] failed: KAFKA_FIELD_UNDEFINED') as string,
    ])
  })

  it.each([
    '{error: KAFKA_FIELD_UNDEFINED}',
    "{error: {code: KAFKA_FIELD_UNDEFINED, message: '${t}', action: 'kafka[0]'}}",
    '{errorAction: true}',
    '{errorAction: {kafka: {topic: errors, key: c}}}',
  ])('are met by %s', async (expected) => {
    expect(await unmetOf(rule, 'topic: a, payload: {}, clientId: c', expected)).toEqual([])
  })

  it.each([
    ['{error: KAFKA_TOPIC_INVALID}', 'another failure came'],
    ['{error: {message: nonsense}}', 'another failure came'],
    ['{errorAction: {kafka: {topic: x}}}', 'errorAction.kafka.topic differs'],
    ['{errorAction: {republish: {}}}', 'the error action is a kafka action'],
    ['{errorAction: {kafka: {value: {}}}}', 'errorAction.kafka.value differs'],
  ])('are not met by %s', async (expected, reason) => {
    expect(await unmetOf(rule, 'topic: a, payload: {}', expected)).toEqual([reason])
  })

  it('are not met when nothing fails', async () => {
    expect(await unmetOf(rule, 'topic: a, payload: {t: x}', '{error: KAFKA_FIELD_UNDEFINED}')).toEqual([
      'nothing failed; expected KAFKA_FIELD_UNDEFINED',
    ])
    expect(await unmetOf(rule, 'topic: a, payload: {t: x}', '{errorAction: true}')).toEqual([
      'the error action does not run: nothing failed',
    ])
    expect(
      await unmetOf(rule, 'topic: a, payload: {t: x}', '{errorAction: false, kafka: {topic: x}}'),
    ).toEqual([])
  })

  it('see a delivery that the test lets fail', async () => {
    const message = 'topic: a, payload: {t: x}, failing: [0]'
    const value = '{kafka: {valueText: ""}}'
    expect(await unmetOf(rule, message, '{errorAction: true, kafka: {topic: x}}')).toEqual([])
    expect(await unmetOf(rule, message, '{error: KAFKA_DELIVERY_FAILED}')).toEqual([])
    expect(await unmetOf(rule, message, `{errorAction: ${value}}`)).toEqual([
      'errorAction.kafka.value differs',
    ])
  })
})

describe('explain', () => {
  it('looks for texts in the explanation, however its lines are broken', async () => {
    const contains = '[`t` is not in the payload, "WHERE Undefined"]'
    expect(
      await unmetOf(
        some,
        'topic: a/b, payload: {}',
        `{noMatch: where, explain: {contains: ${contains.replaceAll('`', '')}}}`,
      ),
    ).toEqual(['the explanation does not contain it'])
    const quoted = `["\`t\` is not in the payload", "WHERE Undefined"]`
    expect(
      await unmetOf(some, 'topic: a/b, payload: {}', `{noMatch: where, explain: {contains: ${quoted}}}`),
    ).toEqual([])
  })
})

describe('a case without an expectation', () => {
  it.each(['cases: [{topic: a/b}]', 'cases: [{topic: a/b, expect: {}}]'])('fails: %s', async (text) => {
    expect((await runTests(all, text)).messages).toEqual([
      ['the case expects nothing; --update writes what the rule makes of the message'],
    ])
  })
})
