import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { calls, expectSteps, fails, type Step, succeeds, time } from '../helpers/api-steps.ts'
import { type ApiClient, apiClients } from '../helpers/aws-clients.ts'
import { killAllProcesses } from '../helpers/process.ts'
import { TestServer } from '../helpers/server.ts'

const ACCOUNT = '123456789012'
const REGION = 'eu-central-1'
const ARNS = `arn:aws:iot:${REGION}:${ACCOUNT}:ruledestination`

let server: TestServer
beforeAll(async () => {
  server = await TestServer.start({}, { account: { id: ACCOUNT, region: REGION } })
}, 120_000)
afterAll(async () => {
  await server?.stop()
  await killAllProcesses()
})

const endpoint = (): string => `http://127.0.0.1:${server.metricsPort}`

const vpc = {
  vpcId: 'vpc-1',
  subnetIds: ['subnet-1', 'subnet-2'],
  securityGroups: ['sg-1'],
  roleArn: `arn:aws:iam::${ACCOUNT}:role/network`,
}
const confirmationUrl = 'https://example.com/confirm'

const creation = (destinationConfiguration: object): Step[1] => ({ destinationConfiguration })
const invalid = (message: RegExp): object => fails('InvalidRequestException', 400, message)
const denied = fails('UnauthorizedException', 401, /denied/)

const ofVpc = (arn: string, status: string): object => ({
  ...{ arn, status, createdAt: time, lastUpdatedAt: time, vpcProperties: vpc },
})

/** What can be said before anything was created, and creates one destination of each kind. */
const creations: readonly Step[] = [
  ['ListTopicRuleDestinations', {}, succeeds({ destinationSummaries: [] })],
  ['CreateTopicRuleDestination', creation({ vpcConfiguration: vpc }), succeeds()],
  ['CreateTopicRuleDestination', creation({ httpUrlConfiguration: { confirmationUrl } }), succeeds()],
  [
    'CreateTopicRuleDestination',
    creation({ vpcConfiguration: vpc }),
    fails('ResourceAlreadyExistsException', 409, /ruledestination\/vpc/),
  ],
  ['CreateTopicRuleDestination', creation({}), invalid(/exactly one/)],
  [
    'CreateTopicRuleDestination',
    creation({ vpcConfiguration: vpc, httpUrlConfiguration: { confirmationUrl } }),
    invalid(/exactly one/),
  ],
  [
    'CreateTopicRuleDestination',
    creation({ httpUrlConfiguration: { confirmationUrl: 'http://example.com/' } }),
    invalid(/https:\/\//),
  ],
  [
    'CreateTopicRuleDestination',
    creation({ vpcConfiguration: { ...vpc, subnetIds: [] } }),
    invalid(/subnetIds/),
  ],
]

/** The rest of the operations, and at least three failures of each. */
function changes(arn: string, http: string, token: string): readonly Step[] {
  const missing = `${ARNS}/vpc/00000000-0000-4000-8000-000000000000`
  const long = `${ARNS}/vpc/${'a'.repeat(2_048)}`
  const {
    status: _status,
    vpcProperties: _properties,
    ...listed
  } = ofVpc(arn, 'ENABLED') as never as {
    status: string
    vpcProperties: object
  }
  return [
    [
      'GetTopicRuleDestination',
      { arn },
      { output: { topicRuleDestination: ofVpc(arn, 'ENABLED') }, status: 200 },
    ],
    ['GetTopicRuleDestination', { arn: missing }, denied],
    ['GetTopicRuleDestination', { arn: 'no-arn' }, invalid(/arn/)],
    ['GetTopicRuleDestination', { arn: long }, invalid(/arn/)],

    [
      'ListTopicRuleDestinations',
      {},
      succeeds({
        destinationSummaries: expect.arrayContaining([
          { ...listed, status: 'ENABLED', vpcDestinationSummary: vpc },
          expect.objectContaining({ arn: http, httpUrlSummary: { confirmationUrl } }),
        ]) as unknown,
      }),
    ],
    ['ListTopicRuleDestinations', { maxResults: 1_001 }, invalid(/maxResults/)],
    ['ListTopicRuleDestinations', { nextToken: 'none that we gave' }, invalid(/nextToken/)],
    ['ListTopicRuleDestinations', { nextToken: '' }, invalid(/nextToken/)],

    ['UpdateTopicRuleDestination', { arn, status: 'DISABLED' }, succeeds()],
    [
      'GetTopicRuleDestination',
      { arn },
      succeeds({ topicRuleDestination: expect.objectContaining({ status: 'DISABLED' }) }),
    ],
    ['UpdateTopicRuleDestination', { arn, status: 'ENABLED' }, succeeds()],
    ['UpdateTopicRuleDestination', { arn, status: 'ERROR' }, invalid(/ERROR/)],
    ['UpdateTopicRuleDestination', { arn, status: 'ANOTHER' }, invalid(/status/)],
    ['UpdateTopicRuleDestination', { arn, status: 'IN_PROGRESS' }, invalid(/HTTP/)],
    ['UpdateTopicRuleDestination', { arn: http, status: 'ENABLED' }, invalid(/IN_PROGRESS/)],
    ['UpdateTopicRuleDestination', { arn: missing, status: 'ENABLED' }, denied],
    ['UpdateTopicRuleDestination', { arn: 'no-arn', status: 'ENABLED' }, invalid(/arn/)],

    ['ConfirmTopicRuleDestination', { confirmationToken: 'wrong' }, invalid(/token/)],
    ['ConfirmTopicRuleDestination', { confirmationToken: `${token}/x` }, invalid(/token/)],
    ['ConfirmTopicRuleDestination', { confirmationToken: 'x'.repeat(2_049) }, invalid(/confirmationToken/)],
    ['ConfirmTopicRuleDestination', { confirmationToken: token }, succeeds()],
    ['ConfirmTopicRuleDestination', { confirmationToken: token }, invalid(/token/)],
    [
      'GetTopicRuleDestination',
      { arn: http },
      succeeds({
        topicRuleDestination: {
          ...{ arn: http, status: 'ENABLED', createdAt: time, lastUpdatedAt: time },
          httpUrlProperties: { confirmationUrl },
        },
      }),
    ],

    ['DeleteTopicRuleDestination', { arn: missing }, denied],
    ['DeleteTopicRuleDestination', { arn: 'no-arn' }, invalid(/arn/)],
    ['DeleteTopicRuleDestination', { arn: long }, invalid(/arn/)],
    ['DeleteTopicRuleDestination', { arn }, succeeds()],
    ['DeleteTopicRuleDestination', { arn }, denied],
    ['DeleteTopicRuleDestination', { arn: http }, succeeds()],
    ['ListTopicRuleDestinations', {}, succeeds({ destinationSummaries: [] })],
  ]
}

const tag = (Key: string, Value = ''): object => ({ Key, Value })
const many = (from: number, to: number): object[] =>
  Array.from({ length: to - from }, (_, index) => tag(`k${from + index}`))

const resourceArn = `arn:aws:iot:${REGION}:${ACCOUNT}:rule/tagged`
const others = { missing: `${resourceArn}x`, elsewhere: resourceArn.replace(REGION, 'us-east-1') }
const notFound = fails('ResourceNotFoundException', 404)
const topicRulePayload = {
  sql: "SELECT * FROM 'a'",
  actions: [{ republish: { topic: 'out', roleArn: vpc.roleArn } }],
}

const tagSteps: readonly Step[] = [
  ['CreateTopicRule', { ruleName: 'tagged', topicRulePayload, tags: 'team=a%20b&cost=1' }, succeeds()],
  ['ListTagsForResource', { resourceArn }, succeeds({ tags: [tag('team', 'a b'), tag('cost', '1')] })],
  ['TagResource', { resourceArn, tags: [tag('cost', '2'), tag('__proto__', 'x')] }, succeeds()],
  [
    'ListTagsForResource',
    { resourceArn },
    succeeds({ tags: [tag('team', 'a b'), tag('cost', '2'), tag('__proto__', 'x')] }),
  ],
  ['TagResource', { resourceArn, tags: [tag('aws:a')] }, invalid(/aws:/)],
  ['TagResource', { resourceArn, tags: [tag('a', 'b'.repeat(257))] }, invalid(/Value/)],
  ['TagResource', { resourceArn, tags: [tag('a<b')] }, invalid(/characters/)],
  ['TagResource', { resourceArn, tags: many(0, 48) }, fails('LimitExceededException', 410, /50/)],
  ['TagResource', { resourceArn: 'no-arn', tags: [tag('a')] }, invalid(/resourceArn/)],
  ['TagResource', { resourceArn: others.missing, tags: [tag('a')] }, notFound],
  ['TagResource', { resourceArn: others.elsewhere, tags: [tag('a')] }, notFound],

  ['UntagResource', { resourceArn, tagKeys: ['team', 'none', '__proto__'] }, succeeds()],
  ['UntagResource', { resourceArn, tagKeys: ['x'.repeat(129)] }, invalid(/tagKeys/)],
  ['UntagResource', { resourceArn: 'no-arn', tagKeys: ['a'] }, invalid(/resourceArn/)],
  ['UntagResource', { resourceArn: others.missing, tagKeys: ['a'] }, notFound],

  ['ListTagsForResource', { resourceArn }, succeeds({ tags: [tag('cost', '2')] })],
  ['ListTagsForResource', { resourceArn: 'no-arn' }, invalid(/resourceArn/)],
  ['ListTagsForResource', { resourceArn: others.missing }, notFound],
  ['ListTagsForResource', { resourceArn: others.elsewhere }, notFound],
  ['ListTagsForResource', { resourceArn, nextToken: 'none that we gave' }, invalid(/nextToken/)],
  ['DeleteTopicRule', { ruleName: 'tagged' }, succeeds()],
  ['ListTagsForResource', { resourceArn }, notFound],
]

function endpointSteps(): readonly Step[] {
  const endpointAddress = `127.0.0.1:${server.port}`
  return [
    ['DescribeEndpoint', {}, succeeds({ endpointAddress })],
    ['DescribeEndpoint', { endpointType: 'iot:Data-ATS' }, succeeds({ endpointAddress })],
    ['DescribeEndpoint', { endpointType: 'iot:CredentialProvider' }, invalid(/iot:Data/)],
    ['DescribeEndpoint', { endpointType: 'iot:Jobs' }, invalid(/iot:Data/)],
    ['DescribeEndpoint', { endpointType: 'x'.repeat(129) }, invalid(/endpointType/)],
  ]
}

/** Creates the destinations; resolves with what the other operations need. */
async function create(client: ApiClient): Promise<readonly Step[]> {
  const outcomes = await client.run(calls(creations))
  expectSteps(creations, outcomes)
  const [first, second] = outcomes
    .slice(1, 3)
    .map(({ output }) => output!['topicRuleDestination'] as Record<'arn' | 'status' | 'statusReason', string>)
  expect(first).toEqual(ofVpc(expect.stringMatching(/^\S+\/vpc\/[0-9a-f-]{36}$/) as string, 'ENABLED'))
  expect(second).toMatchObject({ status: 'IN_PROGRESS', httpUrlProperties: { confirmationUrl } })
  return changes(first!.arn, second!.arn, /token (\S+)$/.exec(second!.statusReason)![1]!)
}

describe.each(apiClients('iot', endpoint))('$name, with nothing but the address of the server', (client) => {
  it('drives every operation on destinations, and names its errors as AWS does', async () => {
    const steps = await create(client)
    expectSteps(steps, await client.run(calls(steps)))
  })

  it('drives every operation on tags and asks for the endpoint', async () => {
    const steps = [...tagSteps, ...endpointSteps()]
    expectSteps(steps, await client.run(calls(steps)))
  })
})
