import { describe, expect, it } from 'vitest'
import { readArguments } from '../../src/secrets/index.ts'

const role = 'arn:aws:iam::123456789012:role/kafka-get-secret-role-name'

describe('the arguments of get_secret', () => {
  it.each([
    [['id', 'SecretString'], { id: 'id', type: 'SecretString' }],
    [['id', 'SecretString', 'password'], { id: 'id', type: 'SecretString', key: 'password' }],
    [['id', 'SecretBinary', role], { id: 'id', type: 'SecretBinary', roleArn: role }],
    [['id', 'SecretBinary', '', role], { id: 'id', type: 'SecretBinary', roleArn: role }],
    [['id', 'SecretString', 'k', role], { id: 'id', type: 'SecretString', key: 'k', roleArn: role }],
    [['id', 'SecretString', '', ''], { id: 'id', type: 'SecretString' }],
    [['id', 'SecretString', role, role], { id: 'id', type: 'SecretString', key: role, roleArn: role }],
  ])('%j ask for %j', (given, request) => {
    expect(readArguments(given)).toEqual({ ok: true, request })
  })

  it.each([
    [[], 'takes secretId, secretType, key and roleArn'],
    [['id'], 'takes secretId'],
    [['', 'SecretString'], 'needs the id'],
    [[1, 'SecretString'], 'needs the id'],
    [['x'.repeat(2049), 'SecretString'], 'more than 2048 characters'],
    [['id', 'secretstring'], "'SecretString' or 'SecretBinary'"],
    [['id', 'SecretString', 5], 'needs texts'],
    [['id', 'SecretString', 'k', 'no-arn'], 'needs the ARN of an IAM role'],
    [['id', 'SecretString', 'k', role, 'more'], 'takes secretId'],
  ])('%j are refused', (given, reason) => {
    const result = readArguments(given)
    expect(result).toMatchObject({ ok: false })
    expect(!result.ok && result.reason).toContain(reason)
  })
})
