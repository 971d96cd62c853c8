import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
import { runProcess } from '../helpers/process.ts'

const DIST = fileURLToPath(new URL('../../dist/', import.meta.url))
const directory = mkdtempSync(join(tmpdir(), 'topicrule-desk-'))
afterAll(() => rmSync(directory, { recursive: true }))

const rule = join(directory, 'hot.json')
const clientProperties = {
  'bootstrap.servers': 'kafka.example.com:9094',
  'security.protocol': 'SASL_SSL',
  'sasl.mechanism': 'SCRAM-SHA-512',
  'sasl.scram.username': "${get_secret('kafka', 'SecretString', 'user', 'arn:aws:iam::123456789012:role/r')}",
  'sasl.scram.password': "${get_secret('kafka', 'SecretString', 'pass', 'arn:aws:iam::123456789012:role/r')}",
}
const destinationArn = 'arn:aws:iot:eu-central-1:123456789012:ruledestination/vpc/1'
const sql =
  "SELECT temp, topic(2) AS device, parse_time('yyyy', 0, 'Europe/Berlin') AS year FROM 'sensors/+/data' WHERE temp > 30"
writeFileSync(
  rule,
  JSON.stringify({
    sql,
    awsIotSqlVersion: '2016-03-23',
    actions: [{ kafka: { destinationArn, topic: 'hot', key: '${topic(2)}', clientProperties } }],
  }),
)
writeFileSync(
  join(directory, 'hot.test.json'),
  JSON.stringify({
    cases: [{ topic: 'sensors/a/data', payload: { temp: 31 }, expect: { kafka: { topic: 'hot' } } }],
  }),
)
const evaluation = ['--rule', rule, '--topic', 'sensors/a/data', '--payload', '{"temp":31.50}']

describe('the bundle of the desk', () => {
  it.each([
    ['check', '--format', 'json', rule],
    ['eval', ...evaluation],
    ['eval', '--explain', ...evaluation],
    ['test', '--reporter', 'junit', directory],
    ['functions', 'parse_time'],
  ])('says with %s %s what the modules say', async (...args) => {
    const modules = `import { runCli } from ${JSON.stringify(join(DIST, 'cli/index.js'))}
      process.exitCode = await runCli(process.argv.slice(1))`
    const ended = await Promise.all([
      runProcess(process.execPath, [join(DIST, 'main.js'), ...args]),
      runProcess(process.execPath, ['--input-type=module', '--eval', modules, '--', ...args]),
    ])
    const [bundled, plain] = ended.map((each) => JSON.stringify(each).replace(/time=\\"[\d.]+/g, ''))
    expect(bundled).toEqual(plain)
    expect([...ended[0].stdout, ...ended[0].stderr].join('')).not.toBe('')
  })

  it('is what runs, and loads no native code', async () => {
    const program = `process.argv.splice(1, 0, ${JSON.stringify(join(DIST, 'main.js'))})
      process.on('exit', () => {
        const { sharedObjects } = process.report.getReport()
        console.log('native', sharedObjects.filter((file) => file.endsWith('.node')).length)
      })
      await import(${JSON.stringify(join(DIST, 'main.js'))})`
    const environment = { ...process.env, NODE_DEBUG: 'esm' }
    const { stdout, stderr } = await runProcess(
      process.execPath,
      ['--input-type=module', '--eval', program, '--', 'eval', ...evaluation],
      { env: environment },
    )
    expect(stdout).toContain('native 0')
    const modules = stderr.join('\n')
    expect(modules).toContain('dist/desk/')
    expect(modules).not.toContain('dist/cli/')
  })
})
