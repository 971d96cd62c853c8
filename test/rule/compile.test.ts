import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { type KafkaTarget } from '../../src/deliver/specs.ts'
import { type CompiledKafkaAction } from '../../src/rule/index.ts'
import { compiled, kafka, payload, plaintext, report } from './report.ts'

describe('compileRule', () => {
  it('takes a document in each of the four forms', () => {
    expect(compiled(payload(), { name: 'given' }).name).toBe('given')
    expect(compiled({ topicRulePayload: payload() }, { name: 'given' }).name).toBe('given')
    expect(compiled({ ruleName: 'own', topicRulePayload: payload() }, { name: 'given' }).name).toBe('own')
    const described = {
      ruleArn: 'arn:x',
      rule: { ...payload(), ruleName: 'own', createdAt: '2026-01-01T00:00:00Z' },
    }
    const rule = compiled(described)
    expect(rule.name).toBe('own')
    expect(rule.document).toEqual(payload())
  })

  it('decides what the document leaves open as AWS does', () => {
    const rule = compiled({ sql: 'SELECT *', actions: [] })
    expect(rule).toMatchObject({
      disabled: false,
      version: '2015-10-08',
      topicFilter: undefined,
      ack: undefined,
    })
    expect(rule).toMatchObject({ actions: [], errorAction: undefined, deliverable: true })
  })

  it('takes over what the document says', () => {
    const rule = compiled(payload({ ruleDisabled: true, awsIotSqlVersion: 'beta', 'x-ack': 'received' }))
    expect(rule).toMatchObject({ disabled: true, version: '2016-03-23', topicFilter: 'a/b', ack: 'received' })
  })

  it('compiles actions and the error action', () => {
    const headers = [{ key: 'k', value: '${topic()}' }]
    const action = kafka({ topic: 't-${x}', key: '${k}', partition: '${p}', headers })
    const rule = compiled(
      payload({ actions: [kafka(), action], errorAction: kafka({ topic: 'errors' }) }),
      plaintext,
    )
    expect(rule.actions.map(({ kind, index, topic }) => [kind, index, topic.text])).toEqual([
      ['kafka', 0, 'out'],
      ['kafka', 1, 't-${x}'],
    ])
    expect(rule.actions[0]).toMatchObject({
      key: undefined,
      partition: undefined,
      headers: [],
      resource: 'localhost:9092',
    })
    const second = rule.actions[1] as CompiledKafkaAction
    expect(second.headers.map(([key, value]) => [key.constant, value.text])).toEqual([['k', '${topic()}']])
    expect(rule.errorAction!.topic.constant).toBe('errors')
  })

  it('resolves equal client properties to one target identity, and others to another', () => {
    const actions = [kafka(), kafka({ topic: 'other' }), kafka({}, { 'compression.type': 'gzip' })]
    const [first, second, third] = compiled(payload({ actions }), plaintext).actions.map(
      (action) => (action as CompiledKafkaAction).target.identity,
    )
    expect(second).toBe(first)
    expect(third).not.toBe(first)
  })

  it('gives templates the variables of SET', () => {
    const sql = "SET @v = x SELECT * FROM 'a'"
    expect(report(payload({ sql, actions: [kafka({ key: '${@v}' })] }), plaintext)).toEqual([])
  })

  const seed = (): unknown =>
    JSON.parse(readFileSync(new URL('aws-kafka-example.json', import.meta.url), 'utf8'))

  it('accepts the example of the AWS documentation, and says without stores of secrets what is missing', () => {
    expect(compiled(seed())).toMatchObject({ deliverable: false, actions: [] })
    expect(report(seed()).slice(0, 2)).toEqual([
      expect.stringMatching(
        /^warning SQL_FUNCTION_UNAVAILABLE .*clientProperties\["ssl.truststore"\]@1:3: get_secret/,
      ),
      expect.stringMatching(
        /^warning SQL_FUNCTION_UNAVAILABLE .*clientProperties\["sasl.kerberos.keytab"\]@1:3: get_secret/,
      ),
    ])
    const codes = report(seed(), { services: new Set(['get_secret']) }).map((line) => line.split(' ')[1])
    expect(codes).not.toContain('SQL_FUNCTION_UNAVAILABLE')
  })

  it('refuses a function without a provider where the message is at stake', () => {
    const secret = "${get_secret('s', 'SecretString', 'arn:aws:iam::123456789012:role/r')}"
    expect(report(payload({ actions: [kafka({ key: secret })] }), plaintext)).toEqual([
      expect.stringMatching(/^error SQL_FUNCTION_UNAVAILABLE actions\[0\].kafka.key@1:3: get_secret/),
    ])
  })
})

describe('warnings of an accepted document', () => {
  it('tell that the version is left out', () => {
    expect(report({ topicRulePayload: { sql: "SELECT * FROM 'a'", actions: [] } })).toEqual([
      'warning RULE_VERSION_OMITTED topicRulePayload.awsIotSqlVersion: topicRulePayload.awsIotSqlVersion is left out, so the statement is read in version 2015-10-08, as on AWS. (Set it to 2016-03-23 to have literals, nested SELECT and whole decimals as Int.)',
    ])
  })

  it('tell that acks is left out, unless the operator decides for it', () => {
    const document = payload({ actions: [kafka({}, { acks: undefined })] })
    delete (document['actions'] as { kafka: { clientProperties: Record<string, unknown> } }[])[0]!.kafka
      .clientProperties['acks']
    expect(report(document, plaintext)).toEqual([
      'warning KAFKA_ACKS_OMITTED actions[0].kafka.clientProperties["acks"]: acks is left out and counts as 1: an acknowledged message can be lost with a broker. Set it to "all".',
    ])
    const rule = compiled(document, { ...plaintext, acksWhenOmitted: 'all' })
    expect(((rule.actions[0] as CompiledKafkaAction).target as KafkaTarget).settings.get('acks')).toBe('all')
  })

  it('tell of actions that are not run here, and mark the rule', () => {
    const lambda = { lambda: { functionArn: 'arn:aws:lambda:eu-central-1:123456789012:function:f' } }
    const document = payload({ actions: [lambda, kafka()] })
    expect(report(document, plaintext)).toEqual([
      'warning RULE_ACTION_NOT_DELIVERABLE actions[0].lambda: actions[0].lambda: this product does not run lambda actions, so it will not activate the rule unless it is told to skip such actions.',
    ])
    const rule = compiled(document, plaintext)
    expect(rule.deliverable).toBe(false)
    expect(rule.actions.map(({ index }) => index)).toEqual([1])
  })

  it('find faults in templates of actions that are not run here, whatever their depth', () => {
    const roleArn = 'arn:aws:iam::123456789012:role/r'
    const stringValue = '${topic(}'
    const siteWise = {
      roleArn,
      putAssetPropertyValueEntries: [
        { propertyValues: [{ value: { stringValue }, timestamp: { timeInSeconds: '0' } }] },
      ],
    }
    const s3 = { roleArn, bucketName: 'b', key: '${tpic(2)}/${timestamp()}' }
    const lambda = { functionArn: "arn:${get_secret('a', 'SecretString')}" }
    const document = payload({ actions: [{ s3 }, { lambda }], errorAction: { iotSiteWise: siteWise } })
    const faults = report(document).filter((text) => !text.includes('RULE_ACTION_NOT_DELIVERABLE'))
    expect(faults).toEqual([
      expect.stringMatching(/^error SQL_UNKNOWN_FUNCTION actions\[0\]\.s3\.key/),
      expect.stringMatching(/^warning SQL_FUNCTION_UNAVAILABLE actions\[1\]\.lambda\.functionArn/),
      expect.stringMatching(
        /^error SQL_SYNTAX errorAction\.iotSiteWise\.putAssetPropertyValueEntries\[0\]\.propertyValues\[0\]\.value\.stringValue/,
      ),
    ])
  })

  it('tell of extensions that do not exist', () => {
    expect(report(payload({ 'x-akc': 'received', 'x-other-tool': {} }))).toEqual([
      'warning RULE_EXTENSION_UNKNOWN x-akc: x-akc has no effect: there is no such extension. (Did you mean x-ack?)',
      'warning RULE_EXTENSION_UNKNOWN x-other-tool: x-other-tool has no effect: there is no such extension. (Known here: sql, description, actions, ruleDisabled, awsIotSqlVersion, errorAction, x-ack.)',
    ])
  })

  it('tell of topic filters that are too deep for AWS', () => {
    expect(report(payload({ sql: "SELECT *\n  FROM 'a/b/c/d/e/f/g/h/i'" }))).toEqual([
      'warning RULE_TOPIC_FILTER_LIMIT sql@2:8: The topic filter after FROM works here but not on AWS: it has 8 slashes, AWS IoT takes at most 7.',
    ])
  })
})
