import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
import { parseUsers } from '../../src/ingest/index.ts'
import { type RunningProcess, startProcess } from '../helpers/process.ts'

const main = fileURLToPath(new URL('../../src/main.ts', import.meta.url))
const directory = mkdtempSync(join(tmpdir(), 'topicrule-process-'))
afterAll(() => rmSync(directory, { recursive: true }))

function topicrule(args: readonly string[], input?: string, environment?: NodeJS.ProcessEnv): RunningProcess {
  return startProcess(process.execPath, ['--import', 'tsx', main, ...args], {
    env: { ...process.env, ...environment },
    ...(input === undefined ? {} : { input }),
  })
}

describe('topicrule serve', () => {
  mkdirSync(join(directory, 'rules'))
  const config = join(directory, 'topicrule.yaml')
  writeFileSync(
    config,
    'mqtt: {listeners: [{port: 0, anonymous: true}]}\ncontrol: {port: 0}\nkafka: {embedded: true}\nlog: {level: error}\n',
  )

  it('prints one ready line, answers health and metrics, and ends with 0 on SIGTERM', async () => {
    const server = topicrule(['serve', '--config', config])
    const line = await server.line(/^ready /)
    const match = /^ready mqtt=127\.0\.0\.1:\d+ control=(127\.0\.0\.1:\d+) kafka=127\.0\.0\.1:\d+$/.exec(line)
    expect(match, line).not.toBeNull()
    const base = `http://${match![1]}`
    expect((await fetch(`${base}/health/live`)).status).toBe(200)
    expect((await fetch(`${base}/health/ready`)).status).toBe(200)
    expect(await (await fetch(`${base}/metrics`)).text()).toContain('topicrule_mqtt_connections 0\n')
    server.signal('SIGTERM')
    expect(await server.exited).toEqual({ code: 0, signal: null })
    expect(server.stdout).toEqual([line])
  }, 60_000)

  it('takes edits of rules while it runs: a faulty one is logged with its place and takes nothing down', async () => {
    const rules = mkdtempSync(join(directory, 'rules-'))
    const environment = { TOPICRULE_RULES__DIRECTORY: rules, TOPICRULE_LOG__LEVEL: 'info' }
    const server = topicrule(['serve', '--config', config], undefined, environment)
    await server.line(/^ready /)
    const write = (name: string, sql: string): void => {
      writeFileSync(join(rules, name), JSON.stringify({ sql, actions: [] }, undefined, 2))
    }
    write('first.json', "SELECT * FROM 'a/b'")
    await server.line(/"rules.loaded".*\["first"\]/)
    write('second.json', "SELECT * FORM 'a/b'")
    expect(JSON.parse(await server.line(/"rule.refused"/))).toMatchObject({
      source: `${join(rules, 'second.json')}#0`,
      diagnostics: [{ code: 'SQL_SYNTAX', line: 2, column: 3, sqlLine: 1, sqlColumn: 10 }],
    })
    write('second.json', "SELECT * FROM 'a/b'")
    await server.line(/"rules.loaded".*\["first","second"\]/)
    write('first.json', 'SELECT')
    await server.line(/"rule.kept".*first/)
    await server.line(/"rules.loaded","version":[4-9],"rules":\["first","second"\]/)
    expect((await server.stop()).code).toBe(0)
  }, 60_000)

  it.each([
    [
      'mqtt: {acl: [{effect: deny, topics: [a/b, secret/x#]}]}',
      'mqtt.acl[0].topics[1]: wildcards must fill a level',
    ],
    ['dataDirectory: /dev/null/x', 'The data directory /dev/null/x cannot be made'],
  ])('does not start with %s', async (settings, sentence) => {
    const file = join(directory, 'faulty.yaml')
    writeFileSync(file, `${settings}\ncontrol: {port: 0}\nlog: {level: error}\n`)
    const server = topicrule(['serve', '--config', file])
    expect((await server.exited).code).toBe(2)
    expect(server.stderr.join('\n')).toContain(sentence)
    expect(server.stderr.join('\n')).not.toMatch(/^\s+at /m)
  })

  it('says which address it cannot have, with a remedy and without a stack trace', async () => {
    const first = topicrule(['serve', '--config', config])
    const taken = /mqtt=127\.0\.0\.1:(\d+)/.exec(await first.line(/^ready /))![1]!
    const clash = join(directory, 'clash.yaml')
    writeFileSync(
      clash,
      `mqtt: {listeners: [{port: ${taken}, anonymous: true}]}\ncontrol: {port: 0}\nlog: {level: error}\ndataDirectory: data2\n`,
    )
    const second = topicrule(['serve', '--config', clash])
    expect((await second.exited).code).toBe(2)
    expect(second.stdout).toEqual([])
    expect(second.stderr.join('\n')).toMatch(/error [A-Z_]+: .*\d/)
    expect(second.stderr.join('\n')).not.toMatch(/^\s+at /m)
    expect((await first.stop()).code).toBe(0)
  }, 60_000)
})

describe('topicrule password', () => {
  it('prints a line of the users file and never the password', async () => {
    const child = topicrule(['password', 'alice'], 'correct horse\n')
    expect((await child.exited).code).toBe(0)
    const parsed = parseUsers(child.stdout.join('\n'))
    expect(parsed.ok && [...parsed.users.keys()]).toEqual(['alice'])
    expect(child.stdout.join('')).not.toContain('correct horse')
  }, 30_000)

  it('refuses an empty password and a user name with a colon', async () => {
    expect((await topicrule(['password', 'alice'], '\n').exited).code).toBe(2)
    expect((await topicrule(['password', 'a:b'], 'x').exited).code).toBe(2)
  }, 30_000)
})

describe('topicrule check', () => {
  it('reads a document from standard input', async () => {
    const child = topicrule(['check', '--format', 'json', '-'], '{"sql": "SELECT"}')
    expect((await child.exited).code).toBe(1)
    expect(JSON.parse(child.stdout.join('\n'))).toMatchObject([{ file: '-', index: 0, accepted: false }])
  }, 30_000)

  it('reads one document a line from standard input, which need no names', async () => {
    const lines = [
      `{"sql": "SELECT * FROM 'a'", "awsIotSqlVersion": "2016-03-23", "actions": []}`,
      `{"ruleName": "b", "topicRulePayload": {"sql": "SELECT * FROM 'a'", "actions": []}}`,
      '{"sql": ',
    ]
    const child = topicrule(['check', '--format', 'json', '-'], lines.join('\n'))
    expect((await child.exited).code).toBe(1)
    const message = expect.stringMatching(/^Standard input is not JSON/) as string
    expect(JSON.parse(child.stdout.join('\n'))).toMatchObject([
      { file: '-', index: 0, rule: null, accepted: true, deliverable: true, diagnostics: [] },
      { file: '-', index: 1, rule: 'b', accepted: true, deliverable: true },
      { file: '-', index: 2, rule: null, accepted: false, diagnostics: [{ line: 3, message }] },
    ])
  }, 30_000)

  it('ends only when a pipe has taken all of its output', () => {
    const document = `{"sql": "SELECT ${'x'.repeat(2000)} FORM 'a'", "actions": []}\n`
    writeFileSync(join(directory, 'many.ndjson'), document.repeat(1000))
    const command = `"$0" --import tsx "$1" check --format json - < "$2" | cat`
    const { stdout } = spawnSync(
      'sh',
      ['-c', command, process.execPath, main, join(directory, 'many.ndjson')],
      {
        encoding: 'utf8',
        maxBuffer: 64 * 1024 * 1024,
      },
    )
    expect(stdout.length).toBeGreaterThan(500_000)
    expect(JSON.parse(stdout)).toHaveLength(1000)
  }, 60_000)
})
