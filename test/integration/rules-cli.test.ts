import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Exit, killAllProcesses, startProcess } from '../helpers/process.ts'
import { TestServer } from '../helpers/server.ts'

const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url))
const REGION = 'eu-central-1'
const KEYS = { admin: 'a'.repeat(40), reader: 'r'.repeat(40) }

let server: TestServer
let directory: string
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'topicrule-cli-'))
  server = await TestServer.start(
    {},
    {
      account: { region: REGION },
      kafka: { embedded: true },
      control: {
        accessKeys: [
          { id: 'AKIAADMIN', secret: KEYS.admin, role: 'admin' },
          { id: 'AKIAREADER', secret: KEYS.reader, role: 'read' },
        ],
      },
    },
    {},
  )
}, 60_000)
afterAll(async () => {
  await server?.stop()
  await killAllProcesses()
  rmSync(directory, { recursive: true, force: true })
})

interface Run extends Exit {
  readonly stdout: string
  readonly stderr: string
}

interface Asked {
  readonly input?: string
  readonly as?: 'AKIAADMIN' | 'AKIAREADER' | undefined
}

async function rules(argv: readonly string[], { input, as = 'AKIAADMIN' }: Asked = {}): Promise<Run> {
  const env = {
    ...{ ...process.env, TOPICRULE_CONFIG: join(server.directory, 'topicrule.yaml') },
    ...{ AWS_ACCESS_KEY_ID: as, AWS_SECRET_ACCESS_KEY: as === 'AKIAADMIN' ? KEYS.admin : KEYS.reader },
  }
  const child = startProcess(process.execPath, [MAIN, 'rules', ...argv], {
    env,
    ...(input !== undefined && { input }),
  })
  const exit = await child.exited
  return { ...exit, stdout: child.stdout.join('\n'), stderr: child.stderr.join('\n') }
}

const kafka = {
  kafka: {
    destinationArn: 'arn:aws:iot:eu-central-1:000000000000:ruledestination/vpc/x',
    topic: 't',
    clientProperties: {
      ...{
        acks: 'all',
        'bootstrap.servers': 'b:9092',
        'security.protocol': 'SASL_SSL',
        'sasl.mechanism': 'PLAIN',
      },
      ...{ 'sasl.plain.username': 'u', 'sasl.plain.password': 'very-secret' },
    },
  },
}
const document = (sql: string, more: object = {}): string =>
  JSON.stringify({ sql, awsIotSqlVersion: '2016-03-23', actions: [], ...more })

describe('topicrule rules against a server that verifies signatures', () => {
  it('puts from a pipe, lists, gets, and puts again what it got', async () => {
    const whole = `{"ruleName": "piped", "topicRulePayload": ${document("SELECT * FROM 'a'", { 'x-ack': 'received' })}}`
    const put = await rules(['put', '-'], { input: whole })
    expect([put.code, put.stderr]).toEqual([0, 'created piped'])
    expect((await rules(['list'])).stdout).toMatch(/^piped +enabled +20\S+ {2}a$/)
    const got = await rules(['get', 'piped'])
    expect((JSON.parse(got.stdout) as { topicRulePayload: object }).topicRulePayload).toMatchObject({
      ...{ sql: "SELECT * FROM 'a'", 'x-ack': 'received' },
    })
    expect((await rules(['put', '-'], { input: got.stdout })).code).toBe(0)
    expect((await rules(['apply', '-f', '-', '--dry-run'], { input: got.stdout })).code).toBe(0)
    expect((await rules(['disable', 'piped', 'missing'])).code).toBe(1)
    expect((await rules(['list', '--disabled'])).stdout).toMatch(/^piped +disabled/)
    expect((await rules(['delete', 'piped'])).code).toBe(0)
    expect((await rules(['list'])).stdout).toBe('')
  })

  it('makes the rules of the server those of a directory, in the end without a difference', async () => {
    const files = join(directory, 'rules')
    mkdirSync(files)
    writeFileSync(join(files, 'kept.json'), document("SELECT a FROM 'a'", { actions: [kafka] }))
    writeFileSync(
      join(files, 'more.yaml'),
      "sql: SELECT * FROM 'b'\nawsIotSqlVersion: '2016-03-23'\nactions: []\n",
    )
    expect((await rules(['apply', '-f', files])).code).toBe(0)
    rmSync(join(files, 'more.yaml'))
    writeFileSync(join(files, 'kept.json'), document("SELECT b FROM 'a'", { actions: [kafka] }))
    const dry = await rules(['apply', '-f', files, '--prune', '--dry-run'])
    expect(dry.code).toBe(1)
    expect(dry.stdout).toBe(
      [
        '~ replace kept',
        '    sql',
        "      - SELECT a FROM 'a'",
        "      + SELECT b FROM 'a'",
        '- delete more',
      ].join('\n'),
    )
    expect((await rules(['apply', '-f', files, '--prune'])).code).toBe(2)
    expect((await rules(['apply', '-f', files, '--prune', '--yes'])).code).toBe(0)
    expect((await rules(['apply', '-f', files, '--prune', '--dry-run'])).code).toBe(0)
    const asReader = await rules(['get', 'kept'], { as: 'AKIAREADER' })
    expect(asReader.stdout).toContain('"sasl.plain.password": "********"')
    const back = await rules(['put', '-', '--skip-check'], {
      input: asReader.stdout.replace('SELECT b', 'SELECT c'),
    })
    expect(back.code).toBe(1)
    expect(back.stderr).toContain('InvalidRequestException')
  })

  it('is refused with the error of AWS by role and without credentials', async () => {
    const denied = await rules(['delete', 'kept'], { as: 'AKIAREADER' })
    expect([denied.code, denied.stderr]).toEqual([1, expect.stringContaining('AccessDeniedException')])
    const env: NodeJS.ProcessEnv = {
      ...process.env,
      TOPICRULE_CONFIG: join(server.directory, 'topicrule.yaml'),
    }
    delete env['AWS_ACCESS_KEY_ID']
    const child = startProcess(process.execPath, [MAIN, 'rules', 'list'], { env })
    expect((await child.exited).code).toBe(1)
    expect(child.stderr.join('\n')).toMatch(/MissingAuthenticationToken/)
  })
})
