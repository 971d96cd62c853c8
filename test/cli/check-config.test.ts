import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { run } from './run.ts'

const ARN = 'arn:aws:iot:eu-west-1:123456789012:ruledestination/vpc/one'
const directory = mkdtempSync(join(tmpdir(), 'topicrule-check-'))
afterAll(() => rmSync(directory, { recursive: true }))

function file(name: string, content: unknown): string {
  const path = join(directory, name)
  writeFileSync(path, JSON.stringify(content))
  return path
}

const rule = file('rule.json', {
  sql: "SELECT * FROM 't'",
  awsIotSqlVersion: '2016-03-23',
  actions: [
    {
      kafka: {
        destinationArn: ARN,
        topic: 't',
        clientProperties: {
          ...{ 'bootstrap.servers': 'kafka.example.com:9092', 'security.protocol': 'PLAINTEXT', acks: 'all' },
        },
      },
    },
  ],
})

describe('check --config', () => {
  it('checks as a server with the configuration would: extensions and destinations', async () => {
    const kafka = { extensions: ['PLAINTEXT'] }
    const config = (policy: unknown): string =>
      file('config.json', { kafka, destinations: { [ARN]: policy } })
    expect(await run('check', rule)).toMatchObject({ code: 1 })
    expect(await run('check', '--config', config({ hosts: ['*.example.com'] }), rule)).toMatchObject({
      code: 0,
    })
    const refused = await run('check', '--config', config({ hosts: ['*.example.org'] }), rule)
    expect(refused.code).toBe(1)
    expect(refused.stdout).toContain('KAFKA_DESTINATION_FORBIDS')
  })

  it('is a matter of usage where the configuration has faults, or names a file that is not there', async () => {
    for (const destinations of [{ [ARN]: { host: 'x' } }, { [ARN]: { ca: 'missing.pem' } }]) {
      const found = await run('check', '--config', file('bad.json', { destinations }), rule)
      expect(found).toMatchObject({ code: 2, stdout: '' })
      expect(found.stderr).toContain(`destinations.${ARN}.`)
    }
  })
})
