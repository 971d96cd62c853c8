import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Answer, ruleTo, TestControl, vpc } from '../helpers/control.ts'

let control: TestControl

beforeEach(async () => {
  control = await TestControl.start()
})

afterEach(() => control.stop())

function update(arn: string, status: string): Promise<Answer> {
  return control.request('PATCH', '/destinations', { arn, status })
}

describe('a VPC destination', () => {
  it('is enabled at once, kept and returned as it was given', async () => {
    const created = await control.createVpc()
    const { arn } = created.body.topicRuleDestination
    expect(arn).toMatch(/^arn:aws:iot:local:000000000000:ruledestination\/vpc\/[0-9a-f-]{36}$/)
    expect(created.body.topicRuleDestination).toMatchObject({ status: 'ENABLED', vpcProperties: vpc })
    expect((await control.request('GET', `/destinations/${encodeURIComponent(arn)}`)).body).toEqual(
      created.body,
    )
    expect((await control.request('GET', '/destinations')).body).toMatchObject({
      destinationSummaries: [{ arn, status: 'ENABLED', vpcDestinationSummary: vpc }],
    })
    expect(await control.createVpc()).toMatchObject({ status: 409, error: 'ResourceAlreadyExistsException' })
  })

  it('stops the records of rules that are in force when it is disabled, and lets them go again', async () => {
    const { arn } = (await control.createVpc()).body.topicRuleDestination
    expect(await control.request('POST', '/rules/first', ruleTo(arn))).toMatchObject({ status: 200 })
    control.bench.publish('a', '1')
    expect(await update(arn, 'DISABLED')).toMatchObject({ status: 200, body: {} })
    control.bench.publish('a', '2')
    expect(control.bench.failures).toMatchObject([
      { code: 'KAFKA_DESTINATION_DISABLED', class: 'rule', resource: arn },
    ])
    await update(arn, 'ENABLED')
    control.bench.publish('a', '3')
    expect(control.bench.values()).toEqual(['1', '3'])
  })

  it('must be enabled when a rule is created or replaced', async () => {
    const { arn } = (await control.createVpc()).body.topicRuleDestination
    await update(arn, 'DISABLED')
    expect(await control.request('POST', '/rules/first', ruleTo(arn))).toMatchObject({
      status: 400,
      error: 'InvalidRequestException',
      body: { message: expect.stringContaining('DISABLED') },
    })
  })

  it('is gone when it was deleted, also for the rules that still name it, and after a restart', async () => {
    const { arn } = (await control.createVpc()).body.topicRuleDestination
    await control.request('POST', '/rules/first', ruleTo(arn))
    expect(await control.request('DELETE', `/destinations/${arn}`)).toMatchObject({ status: 200, body: {} })
    expect(await control.request('GET', `/destinations/${arn}`)).toMatchObject({
      status: 401,
      error: 'UnauthorizedException',
    })
    await control.end()
    control = await TestControl.start({}, control.directory)
    control.bench.publish('a', '1')
    expect(control.bench.failures).toMatchObject([{ code: 'KAFKA_DESTINATION_UNKNOWN' }])
    expect(await control.request('POST', '/rules/second', ruleTo(arn))).toMatchObject({ status: 400 })
  })

  it('refuses statuses that cannot be set and requests that are none', async () => {
    const { arn } = (await control.createVpc()).body.topicRuleDestination
    for (const status of ['ERROR', 'DELETING', 'IN_PROGRESS', 'OTHER'])
      expect(await update(arn, status)).toMatchObject({ status: 400, error: 'InvalidRequestException' })
    expect(await update(`${arn}x`, 'ENABLED')).toMatchObject({ status: 401, error: 'UnauthorizedException' })
    const { roleArn: _roleArn, ...less } = vpc
    for (const destinationConfiguration of [
      {},
      { vpcConfiguration: less },
      { vpcConfiguration: vpc, more: {} },
    ])
      expect(await control.request('POST', '/destinations', { destinationConfiguration })).toMatchObject({
        status: 400,
        error: 'InvalidRequestException',
      })
  })
})

describe('a destination that the configuration does not cover', () => {
  it('has the status ERROR with the reason, and one that a pattern covers is enabled', async () => {
    await control.stop()
    control = await TestControl.start({ destinations: { 'arn:aws:iot:other:1:ruledestination/vpc/*': {} } })
    expect((await control.createVpc()).body.topicRuleDestination).toMatchObject({
      status: 'ERROR',
      statusReason: expect.stringContaining('No policy'),
    })
    await control.stop()
    const pattern = 'arn:aws:iot:local:000000000000:ruledestination/vpc/*'
    control = await TestControl.start({ destinations: { [pattern]: { hosts: ['localhost'] } } })
    const { arn, status } = (await control.createVpc()).body.topicRuleDestination
    expect(status).toBe('ENABLED')
    expect(await control.request('POST', '/rules/first', ruleTo(arn))).toMatchObject({ status: 200 })
    const never = pattern.replace('*', 'never-created')
    expect(await control.request('POST', '/rules/second', ruleTo(never))).toMatchObject({
      status: 400,
      body: { message: expect.stringContaining('There is no destination') },
    })
  })
})

describe('an HTTP destination', () => {
  it('awaits its confirmation, whose token and whole URL only those see who may change it', async () => {
    const configuration = { httpUrlConfiguration: { confirmationUrl: 'https://example.com/x?key=hidden' } }
    const { body } = await control.request('POST', '/destinations', {
      destinationConfiguration: configuration,
    })
    const { arn, status, statusReason, httpUrlProperties } = body.topicRuleDestination
    expect([status, httpUrlProperties]).toEqual(['IN_PROGRESS', configuration.httpUrlConfiguration])
    const token = /token (\S+)$/.exec(statusReason)![1]!
    control.role = 'read'
    const seen = await control.request('GET', `/destinations/${arn}`)
    expect(JSON.stringify(seen.body)).not.toContain(token)
    expect(seen.body.topicRuleDestination.httpUrlProperties).toEqual({
      confirmationUrl: 'https://example.com/x?********',
    })
    control.role = 'rules'
    expect(await update(arn, 'ENABLED')).toMatchObject({ status: 400 })
    expect(await control.request('GET', '/confirmdestination/wrong')).toMatchObject({
      status: 400,
      error: 'InvalidRequestException',
    })
    expect(await control.request('GET', `/confirmdestination/${token}`)).toMatchObject({
      status: 200,
      body: {},
    })
    expect((await control.request('GET', `/destinations/${arn}`)).body.topicRuleDestination.status).toBe(
      'ENABLED',
    )
    expect(JSON.stringify(control.audited)).not.toContain(token)
    expect(JSON.stringify(control.audited)).not.toContain('hidden')
  })
})

describe('tags', () => {
  it('are added, changed, listed and taken away', async () => {
    await control.request('POST', '/rules/first', ruleTo('arn:any'), { 'x-amz-tagging': 'a=1' })
    const resourceArn = 'arn:aws:iot:local:000000000000:rule/first'
    const listed = async (): Promise<unknown> =>
      (await control.request('GET', `/tags?resourceArn=${resourceArn}`)).body.tags
    const tags = [
      { Key: 'a', Value: '2' },
      { Key: 'b', Value: '3' },
    ]
    expect(await control.request('POST', '/tags', { resourceArn, tags })).toMatchObject({
      status: 200,
      body: {},
    })
    expect(await listed()).toEqual(tags)
    expect(await control.request('POST', '/untag', { resourceArn, tagKeys: ['a', 'c'] })).toMatchObject({
      status: 200,
    })
    expect(await listed()).toEqual([{ Key: 'b', Value: '3' }])
    expect(await control.request('GET', `/tags?resourceArn=${resourceArn}x`)).toMatchObject({
      status: 404,
      error: 'ResourceNotFoundException',
    })
    const reserved = { resourceArn, tags: [{ Key: 'aws:x', Value: '' }] }
    expect(await control.request('POST', '/tags', reserved)).toMatchObject({ status: 400 })
  })
})

describe('DescribeEndpoint', () => {
  it('tells where devices publish, and refuses types there are none of', async () => {
    const { body } = await control.request('GET', '/endpoint?endpointType=iot:Data-ATS')
    expect(body).toEqual({ endpointAddress: '127.0.0.1:8443' })
    expect(await control.request('GET', '/endpoint?endpointType=iot:Jobs')).toMatchObject({
      status: 400,
      error: 'InvalidRequestException',
    })
  })
})

describe('/openapi.json', () => {
  it('describes every operation by the schemas that requests are checked with', async () => {
    const { body } = await control.request('GET', '/openapi.json')
    const operations = Object.values(
      body.paths as Record<string, Record<string, { operationId: string }>>,
    ).flatMap((path) => Object.values(path).map(({ operationId }) => operationId))
    const rules = ['Create', 'Get', 'Replace', 'Delete', 'Enable', 'Disable'].map(
      (verb) => `${verb}TopicRule`,
    )
    const destinations = ['Create', 'Get', 'Update', 'Delete', 'Confirm'].map(
      (verb) => `${verb}TopicRuleDestination`,
    )
    const lists = ['ListTopicRules', 'ListTopicRuleDestinations', 'ListTagsForResource']
    const others = ['TagResource', 'UntagResource', 'DescribeEndpoint']
    expect(operations).toEqual(expect.arrayContaining([...rules, ...destinations, ...lists, ...others]))
    const create = body.paths['/rules/{ruleName}'].post
    expect(create.parameters.map(({ name }: { name: string }) => name)).toEqual(['ruleName', 'x-amz-tagging'])
    expect(create.requestBody.content['application/json'].schema.required).toEqual(['sql', 'actions'])
    expect(Object.keys(create.responses)).toEqual(['200', '400', '401', '409', '500', '503'])
  })
})
