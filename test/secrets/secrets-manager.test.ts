import { createServer, type Server } from 'node:http'
import { type AddressInfo } from 'node:net'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type Failure } from '../../src/errors.ts'
import { createSecretSource, type SecretRequest, type SecretSource } from '../../src/secrets/index.ts'
import { awsVariables, type SecretsManager, startSecretsManager } from '../helpers/secrets-manager.ts'

const role = 'arn:aws:iam::123456789012:role/read-secrets'

let moto: SecretsManager
let source: SecretSource | undefined
let events: (readonly [outcome: string, code: string | undefined])[] = []
beforeAll(async () => {
  Object.assign(process.env, awsVariables)
  moto = await startSecretsManager()
})
afterEach(() => {
  source?.close()
  events = []
})
afterAll(() => moto.stop())

function open(endpoint: string, cacheTime = 900_000): SecretSource {
  const onFetch = (outcome: string, failure: Failure | undefined): void =>
    void events.push([outcome, failure?.code])
  source = createSecretSource({
    stores: [
      { kind: 'aws', prefix: '', region: undefined, endpoint: moto.endpoint, stsEndpoint: endpoint },
      { kind: 'aws', prefix: 'at/', region: 'eu-central-1', endpoint, stsEndpoint: endpoint },
    ],
    cacheTime,
    onFetch,
  })
  return source
}

async function valueOf(id: string, more: Partial<SecretRequest> = {}, maxAge?: number): Promise<string> {
  const answer = await source!.get(
    { id, type: 'SecretString', ...more },
    maxAge === undefined ? {} : { maxAge },
  )
  return answer.ok ? answer.value.reveal() : `${answer.failure.class} ${answer.failure.code}`
}

describe('secrets of Secrets Manager', () => {
  it('are found by name, ARN and partial ARN; as text, member, and bytes', async () => {
    open(moto.endpoint)
    const arn = await moto.create('kafka/login', '{"user":"alice","password":"pw","port":9093}')
    await moto.create('kafka/store', Buffer.from([0xfe, 0xed, 0xfe, 0xed]))
    expect(await valueOf('kafka/login')).toContain('"alice"')
    expect(await valueOf('kafka/login', { key: 'password' })).toBe('pw')
    expect(await valueOf(arn, { key: 'user' })).toBe('alice')
    expect(await valueOf(arn.replace(/-\w{6}$/, ''), { key: 'port' })).toBe('9093')
    expect(await valueOf('kafka/store', { type: 'SecretBinary' })).toBe('/u3+7Q==')
    expect(events.map(([outcome]) => outcome)).toEqual(['ok', 'ok', 'ok', 'ok'])
  })

  it('tell by code what is wrong', async () => {
    open(moto.endpoint)
    await moto.create('codes/text', 'no JSON')
    await moto.create('codes/bytes', Buffer.from([1]))
    await moto.create('codes/list', '[1]')
    await moto.create('codes/object', '{}')
    await moto.create('codes/deleted', 'x')
    await moto.delete('codes/deleted')
    expect(await valueOf('codes/nothing')).toBe('rule SECRET_NOT_FOUND')
    expect(await valueOf('codes/deleted')).toBe('rule SECRET_NOT_FOUND')
    expect(await valueOf('codes/text', { key: 'a' })).toBe('rule SECRET_NOT_JSON')
    expect(await valueOf('codes/list', { key: 'a' })).toBe('rule SECRET_NOT_JSON')
    expect(await valueOf('codes/object', { key: 'a' })).toBe('rule SECRET_KEY_MISSING')
    expect(await valueOf('codes/text', { type: 'SecretBinary' })).toBe('rule SECRET_TYPE')
    expect(await valueOf('codes/bytes')).toBe('rule SECRET_TYPE')
  })

  it('are read by a session of a role', async () => {
    open(moto.endpoint)
    await moto.create('by-role', 'seen')
    expect(await valueOf('by-role', { roleArn: role })).toBe('seen')
    // A role of another account does not see the secrets of this one.
    const foreign = role.replace(/\d{12}/, '210987654321')
    expect(await valueOf('by-role', { roleArn: foreign })).toBe('rule SECRET_NOT_FOUND')
    expect(await valueOf('by-role')).toBe('seen')
  })

  it('change when the cache time is over, or at once for one who asks for a younger value', async () => {
    open(moto.endpoint)
    await moto.create('rotated', 'one')
    expect(await valueOf('rotated')).toBe('one')
    await moto.put('rotated', 'two')
    expect(await valueOf('rotated')).toBe('one')
    expect(await valueOf('rotated', {}, 0)).toBe('two')
    expect(await valueOf('rotated')).toBe('two')
  })

  it('stay as they were known while Secrets Manager is away', async () => {
    open(moto.endpoint, 1_000)
    await moto.create('outage', 'known')
    expect(await valueOf('outage')).toBe('known')
    await moto.stop()
    expect(await valueOf('outage', {}, 0)).toBe('known')
    expect(await valueOf('not-known')).toBe('environment SECRET_UNREACHABLE')
    expect(events).toContainEqual(['kept', 'SECRET_UNREACHABLE'])
    await moto.restart()
  }, 60_000)
})

/** A service that answers every request in one way: what moto cannot be made to do. */
describe('a service that refuses', () => {
  let server: Server
  let endpoint: string
  let answer: (operation: string) => readonly [status: number, type: string, body: string]
  beforeAll(async () => {
    server = createServer((request, response) => {
      let body = ''
      request.on('data', (chunk: Buffer) => (body += chunk.toString()))
      request.on('end', () => {
        const operation = String(request.headers['x-amz-target'] ?? /Action=(\w+)/.exec(body)?.[1])
        const [status, type, text] = answer(operation.replace(/^.*\./, ''))
        response.writeHead(status, { 'content-type': type }).end(text)
      })
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  })
  afterAll(() => void server.close())

  const json = (status: number, name: string): readonly [number, string, string] => [
    status,
    'application/x-amz-json-1.1',
    JSON.stringify({ __type: name, message: 'because of aws-secret-access-key-of-tests' }),
  ]
  const session = (seconds: number): readonly [number, string, string] => [
    200,
    'text/xml',
    `<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials>
      <AccessKeyId>ASIATEST</AccessKeyId><SecretAccessKey>k</SecretAccessKey><SessionToken>t</SessionToken>
      <Expiration>${new Date(Date.now() + seconds * 1000).toISOString()}</Expiration>
      </Credentials></AssumeRoleResult></AssumeRoleResponse>`,
  ]

  it.each([
    ['ThrottlingException', 400, 'environment SECRET_THROTTLED'],
    ['AccessDeniedException', 400, 'rule SECRET_ACCESS_DENIED'],
    ['DecryptionFailure', 400, 'rule SECRET_ACCESS_DENIED'],
    ['UnrecognizedClientException', 400, 'environment SECRET_CREDENTIALS'],
    ['ExpiredTokenException', 400, 'environment SECRET_CREDENTIALS'],
    ['InternalServiceError', 500, 'environment SECRET_UNREACHABLE'],
  ])('with %s gives %s %s', async (name, status, outcome) => {
    open(endpoint)
    answer = () => json(status, name)
    const failed = await source!.get({ id: 'at/x', type: 'SecretString' })
    expect(await valueOf('at/x')).toBe(outcome)
    expect(JSON.stringify(failed)).not.toContain('secret-access-key')
  })

  it('assumes a role once for many secrets, and again shortly before its session ends', async () => {
    open(endpoint)
    const seen: string[] = []
    let seconds = 3_600
    answer = (operation) => {
      seen.push(operation)
      if (operation === 'AssumeRole') return session(seconds)
      return [200, 'application/x-amz-json-1.1', '{"SecretString":"v"}']
    }
    const many = ['at/a', 'at/b', 'at/c'].map((id) => valueOf(id, { roleArn: role }))
    expect(await Promise.all(many)).toEqual(['v', 'v', 'v'])
    expect(seen.sort()).toEqual(['AssumeRole', 'GetSecretValue', 'GetSecretValue', 'GetSecretValue'])
    seconds = 299
    const other = role.replace('read-secrets', 'other')
    await valueOf('at/a', { roleArn: other })
    await valueOf('at/b', { roleArn: other })
    expect(seen.filter((operation) => operation === 'AssumeRole')).toHaveLength(3)
  })

  it('tells a role that may not be assumed from a secret that may not be read', async () => {
    open(endpoint)
    answer = () => [
      403,
      'text/xml',
      '<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>no</Message></Error></ErrorResponse>',
    ]
    expect(await valueOf('at/x', { roleArn: role })).toBe('rule SECRET_ROLE_REFUSED')
  })
})
