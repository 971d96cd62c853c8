import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compileRule } from '../../src/rule/index.ts'
import { kafka, payload, plaintext, report } from './report.ts'

describe('faults of a document', () => {
  it('are told all at once: shape, statement, templates and client properties', () => {
    const document = {
      ruleName: 'bad-name',
      topicRulePayload: {
        sql: "SELECT temperature,\n nosuch(x) AS y\nFROM 'a/#/b'",
        awsIotSqlVersion: '2016-03-24',
        descripton: 'misspelt',
        ruleDisabled: 'no',
        actions: [
          kafka({ topic: '${x', key: '${@later}' }, { acks: '2', 'compresion.type': 'gzip' }),
          { kafak: {} },
          kafka({ topic: 1, key: '${nosuch(1)}' }),
        ],
        errorAction: kafka({ partition: '-1' }),
      },
    }
    expect(report(document, plaintext)).toMatchInlineSnapshot(`
      [
        "error RULE_NAME_INVALID ruleName: ruleName must be 1 to 128 letters, digits or underscores, found "bad-name".",
        "error RULE_FIELD_UNKNOWN topicRulePayload.actions[1].kafak: There is no field topicRulePayload.actions[1].kafak. (Did you mean kafka?)",
        "error RULE_FIELD_INVALID topicRulePayload.actions[2].kafka.topic: topicRulePayload.actions[2].kafka.topic must be a string, found a number.",
        "error RULE_FIELD_INVALID topicRulePayload.ruleDisabled: topicRulePayload.ruleDisabled must be a boolean, found a string.",
        "error RULE_FIELD_INVALID topicRulePayload.awsIotSqlVersion: topicRulePayload.awsIotSqlVersion must be "2015-10-08", "2016-03-23" or "beta", found "2016-03-24". (Did you mean 2016-03-23?)",
        "error RULE_FIELD_UNKNOWN topicRulePayload.descripton: There is no field topicRulePayload.descripton. (Did you mean description?)",
        "error RULE_TOPIC_FILTER_INVALID topicRulePayload.sql@3:6: The topic filter after FROM is not valid: '#' must be the last level, but '/b' follows it.",
        "error SQL_UNKNOWN_FUNCTION topicRulePayload.sql@2:2: There is no function nosuch.",
        "error SQL_TAG_UNCLOSED topicRulePayload.actions[0].kafka.topic@1:1: The tag that begins here has no closing }. (add a } behind the expression)",
        "error KAFKA_PROPERTY_VALUE topicRulePayload.actions[0].kafka.clientProperties["acks"]: acks is "2"; it must be -1, 0, 1 or all.",
        "error KAFKA_PROPERTY_UNKNOWN topicRulePayload.actions[0].kafka.clientProperties["compresion.type"]: There is no client property "compresion.type". (Did you mean "compression.type"?)",
        "error SQL_UNKNOWN_FUNCTION topicRulePayload.actions[2].kafka.key@1:3: There is no function nosuch.",
        "error KAFKA_FIELD_INVALID topicRulePayload.errorAction.kafka.partition: The partition is "-1"; it must be an integer from 0.",
      ]
    `)
  })

  it.each([
    [undefined, 'A rule document must be an object with at least the field sql, found nothing.'],
    [null, 'A rule document must be an object with at least the field sql, found null.'],
    [[], 'A rule document must be an object with at least the field sql, found an array.'],
    ['SELECT *', 'A rule document must be an object with at least the field sql, found a string.'],
    [12, 'A rule document must be an object with at least the field sql, found a number.'],
    [
      { topicRulePayload: [] },
      'topicRulePayload must be an object with at least the field sql, found an array.',
    ],
    [{ ruleArn: 'x', rule: null }, 'rule must be an object with at least the field sql, found null.'],
  ])('include being no rule at all: %j', (document, message) => {
    const result = compileRule(document, { name: 'r' })
    expect(result).toMatchObject({ ok: false, diagnostics: [{ code: 'RULE_DOCUMENT_INVALID', message }] })
  })

  it('include what is missing', () => {
    expect(report({}, {})).toEqual([
      'error RULE_NAME_REQUIRED ruleName: The rule has no name: add ruleName beside topicRulePayload.',
      'error RULE_FIELD_REQUIRED sql: sql is required.',
      'error RULE_FIELD_REQUIRED actions: actions is required.',
      'warning RULE_VERSION_OMITTED awsIotSqlVersion: awsIotSqlVersion is left out, so the statement is read in version 2015-10-08, as on AWS. (Set it to 2016-03-23 to have literals, nested SELECT and whole decimals as Int.)',
    ])
  })

  it.each([
    ['', '""'],
    ['a-b', '"a-b"'],
    ['a b', '"a b"'],
    ['x'.repeat(129), `"${'x'.repeat(40)}"`],
    ['name\n', '"name\\n"'],
  ])('include the rule name %j', (ruleName, shown) => {
    expect(report({ ruleName, topicRulePayload: payload() })).toEqual([
      `error RULE_NAME_INVALID ruleName: ruleName must be 1 to 128 letters, digits or underscores, found ${shown}.`,
    ])
    expect(report(payload(), { name: ruleName })).toHaveLength(1)
  })

  it.each([
    [{ sql: '' }, 'error RULE_FIELD_INVALID sql: sql must not be empty.'],
    [{ sql: 5 }, 'error RULE_FIELD_INVALID sql: sql must be a string, found a number.'],
    [
      { description: 'x'.repeat(513) },
      'error RULE_FIELD_INVALID description: description has 513 characters; the most is 512.',
    ],
    [
      { ruleDisabled: 'no' },
      'error RULE_FIELD_INVALID ruleDisabled: ruleDisabled must be a boolean, found a string.',
    ],
    [{ actions: {} }, 'error RULE_FIELD_INVALID actions: actions must be an array, found an object.'],
    [
      { actions: Array.from({ length: 11 }, () => kafka()) },
      'error RULE_FIELD_INVALID actions: actions has 11 entries; the most is 10.',
    ],
    [
      { actions: ['x'] },
      'error RULE_FIELD_INVALID actions[0]: actions[0] must be an object, found a string.',
    ],
    [
      { actions: [{}] },
      'error RULE_FIELD_INVALID actions[0]: actions[0] must name exactly one kind of action, found none.',
    ],
    [
      { 'x-ack': 'recieved' },
      'error RULE_FIELD_INVALID x-ack: x-ack must be "delivered" or "received", found "recieved". (Did you mean received?)',
    ],
    [
      { awsIotSqlVersion: 20160323 },
      'error RULE_FIELD_INVALID awsIotSqlVersion: awsIotSqlVersion must be "2015-10-08", "2016-03-23" or "beta", found a number.',
    ],
    [{ Actions: [] }, 'error RULE_FIELD_UNKNOWN Actions: There is no field Actions. (Did you mean actions?)'],
    [
      { errorAction: { sns: { targetArn: 'x' } } },
      'error RULE_FIELD_REQUIRED errorAction.sns.roleArn: errorAction.sns.roleArn is required.',
    ],
    [
      { actions: [{ republish: { roleArn: 'x', topic: 'y', topik: 'z' } }] },
      'error RULE_FIELD_UNKNOWN actions[0].republish.topik: There is no field actions[0].republish.topik. (Did you mean topic?)',
    ],
    [
      { actions: [{ republish: { roleArn: 'x', topic: 'a', qos: 2 } }] },
      'error RULE_FIELD_INVALID actions[0].republish.qos: actions[0].republish.qos must be 0 or 1, found a number.',
    ],
    [
      { actions: [{ republish: { roleArn: 'x', topic: 'a/#' } }] },
      "error REPUBLISH_FIELD_INVALID actions[0].republish.topic: Nothing can be republished: a topic must not contain the wildcard '#'.",
    ],
    [
      { actions: [{ republish: { roleArn: 'x', topic: 'a', headers: { messageExpiry: '1.5' } } }] },
      'error REPUBLISH_FIELD_INVALID actions[0].republish.headers.messageExpiry: messageExpiry is "1.5"; it must be whole seconds from 0 to 4294967295.',
    ],
    [
      { actions: [{ republish: { roleArn: 'x', topic: '$$aws/${nosuch()}' } }] },
      'error SQL_UNKNOWN_FUNCTION actions[0].republish.topic@1:9: There is no function nosuch.',
    ],
    [
      { actions: [{ republish: { roleArn: 'x', topic: '$aws/t' } }] },
      'warning REPUBLISH_RESERVED_TOPIC actions[0].republish.topic: The topic begins with a single "$"; AWS wants "$$" before the name of a reserved topic.',
    ],
  ])('are worded for people: %j', (more, line) => {
    expect(report(payload(more), plaintext)).toContain(line)
  })

  it('include unknown fields beside the payload', () => {
    expect(report({ topicRulePayload: payload(), sql: 'SELECT *' })).toEqual([
      'error RULE_FIELD_UNKNOWN sql: There is no field "sql" here; beside ruleName, topicRulePayload, tags nothing is known.',
    ])
  })

  it.each([
    ['${topic()}', 'must be the same for every message'],
    ['${newuuid()}', 'must be the same for every message'],
    ['${null}', 'has no value'],
  ])('include client properties that cannot be resolved once: %s', (template, reason) => {
    const lines = report(payload({ actions: [kafka({}, { 'ssl.truststore': template })] }), plaintext)
    const line = lines.find((text) => text.includes('RULE_PROPERTY_READS_MESSAGE'))
    expect(line).toContain('actions[0].kafka.clientProperties["ssl.truststore"]')
    expect(line).toContain(reason)
  })

  it('do not blame templates for variables that a faulty statement would have set', () => {
    const sql = "SET @v = nosuch(1) SELECT * FROM 'a'"
    const lines = report(payload({ sql, actions: [kafka({ key: '${@v}' })] }), plaintext)
    expect(lines).toEqual([expect.stringContaining('SQL_UNKNOWN_FUNCTION sql@1:')])
  })

  it('never show a secret', () => {
    const properties = {
      'security.protocol': 'SASL_SSL',
      'sasl.mechanism': 'PLANE',
      'sasl.plain.password': 'hunter2',
    }
    const secrets = [
      properties,
      { 'sasl.plain.password': { nested: 'hunter2' } },
      { 'ssl.keystore': 'hunter2', 'ssl.keystore.password': 'hunter2' },
    ]
    for (const secret of secrets) {
      expect(report(payload({ actions: [kafka({}, secret)] }), plaintext).join()).not.toContain('hunter2')
    }
  })
})

describe('hostile documents', () => {
  it('cannot reach prototypes', () => {
    const text =
      '{"sql": "SELECT * FROM \'a\'", "actions": [{"__proto__": {}}], "__proto__": {"ruleDisabled": true}, "constructor": {}}'
    const lines = report(JSON.parse(text), plaintext)
    expect(lines).toContainEqual(expect.stringContaining('There is no field constructor.'))
    expect(({} as Record<string, unknown>)['ruleDisabled']).toBeUndefined()
    expect(compileRule(JSON.parse(text)).ok).toBe(false)
  })

  it('end in a bounded number of diagnostics', () => {
    const many = Object.fromEntries(Array.from({ length: 5000 }, (_, index) => [`field${index}`, 1]))
    const result = compileRule({ ...payload(), ...many }, { name: 'r' })
    expect(result.ok ? 0 : result.diagnostics.length).toBe(100)
  })

  it('may be circular and deep', () => {
    const circular: Record<string, unknown> = payload()
    circular['errorAction'] = circular
    expect(compileRule(circular, { name: 'r' }).ok).toBe(false)
    let deep: unknown = 'x'
    for (let depth = 0; depth < 50_000; depth += 1) deep = [deep]
    expect(compileRule(payload({ actions: [{ kafka: deep }] }), { name: 'r' }).ok).toBe(false)
    expect(compileRule(payload({ actions: deep }), { name: 'r' }).ok).toBe(false)
  })

  it('never make it throw', () => {
    const key = fc.constantFrom(
      'sql',
      'actions',
      'kafka',
      'topic',
      'headers',
      'clientProperties',
      'errorAction',
      'key',
      'topicRulePayload',
      'rule',
      '__proto__',
      'x-ack',
      'acks',
    )
    const leaf = fc.oneof(
      fc.constantFrom<unknown>(
        "SELECT * FROM 'a'",
        '${x}',
        '${',
        'all',
        null,
        true,
        -1,
        Number.NaN,
        undefined,
        '',
      ),
      fc.string(),
    )
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof(
        { maxDepth: 6, depthSize: 'medium' },
        leaf,
        fc.array(tie('tree'), { maxLength: 3 }),
        fc.dictionary(key, tie('tree'), { maxKeys: 5 }),
      ),
    }))
    const property = fc.property(tree, (document) => {
      const result = compileRule(document, plaintext)
      expect(result.ok || result.diagnostics.some(({ severity }) => severity === 'error')).toBe(true)
    })
    fc.assert(property, { numRuns: 1000 })
  })
})
