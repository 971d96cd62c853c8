/**
 * The tools of the desk as processes of their own, built with `npm run build`: how long one evaluation takes from the
 * cold, how many messages a second `eval --lines` takes, and how long 400 statements take to check. Usage:
 * node --import tsx bench/desk.ts
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const main = fileURLToPath(new URL('../dist/main.js', import.meta.url))
const directory = mkdtempSync(join(tmpdir(), 'topicrule-bench-'))

interface Timed {
  readonly milliseconds: number
  readonly stdout: string
}

function run(args: readonly string[], input?: string): Timed {
  const started = performance.now()
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, ...args], {
    encoding: 'utf8',
    input,
    maxBuffer: 1 << 30,
  })
  const milliseconds = performance.now() - started
  if (status !== 0) throw new Error(`${args.join(' ')} ended with ${status}: ${stderr}`)
  return { milliseconds, stdout }
}

function coldStart(name: string, args: readonly string[], expected: string): void {
  const times = Array.from({ length: 11 }, () => {
    const { milliseconds, stdout } = run(args)
    if (!stdout.includes(expected)) throw new Error(`${name} prints ${stdout}`)
    return milliseconds
  })
  // The first reads the files into the cache of the system.
  const [least, ...others] = times.slice(1).sort((a, b) => a - b)
  const median = (others[3]! + others[4]!) / 2
  console.log(`${name}: median of 10 ${median.toFixed(0)} ms, least ${least!.toFixed(0)} ms`)
}

function lines(count: number): void {
  const line = (index: number): string =>
    JSON.stringify({
      topic: `sensors/device-${index % 1000}/data`,
      clientId: `device-${index % 1000}`,
      payload: { deviceId: `device-${index % 1000}`, temp: 20 + (index % 20), humidity: 51.5, status: 'ok' },
    })
  const input = `${Array.from({ length: count }, (_none, index) => line(index)).join('\n')}\n`
  const sql = "SELECT deviceId, temp FROM 'sensors/+/data' WHERE temp > 30"
  const start = run(['eval', '--lines', '--sql', sql], '').milliseconds
  const { milliseconds, stdout } = run(['eval', '--lines', '--sql', sql], input)
  const selected = stdout.split('\n').filter((result) => result.includes('"selected":true')).length
  if (selected !== (count / 20) * 9) throw new Error(`${selected} of ${count} are selected`)
  const rate = count / ((milliseconds - start) / 1000)
  console.log(`eval --lines: ${Math.round(rate).toLocaleString('en-US')} messages a second`)
}

/** Statements that call a service are left out: `check` refuses them unless the service is named. */
function check(count: number): void {
  const fixture = new URL('../test/fixtures/public-statements.json', import.meta.url)
  const known = JSON.parse(readFileSync(fixture, 'utf8')) as { sql: string; refused?: string }[]
  const documents = known
    .filter(
      ({ refused, sql }) =>
        refused === undefined && !/aws_lambda|machinelearning|get_dynamodb|get_thing/.test(sql),
    )
    .slice(0, count)
    .map(({ sql }, index) => ({
      ruleName: `rule_${index}`,
      topicRulePayload: { sql, awsIotSqlVersion: '2016-03-23', actions: [] },
    }))
  if (documents.length !== count) throw new Error(`only ${documents.length} statements are known`)
  const file = join(directory, 'rules.json')
  writeFileSync(file, JSON.stringify(documents))
  const { milliseconds, stdout } = run(['check', '--format', 'json', file])
  if ((JSON.parse(stdout) as unknown[]).length !== count) throw new Error('check leaves rules out')
  console.log(`check: ${count} distinct public statements in ${milliseconds.toFixed(0)} ms`)
}

const statement = ['--sql', "SELECT a FROM 't' WHERE a > 1", '--topic', 't', '--payload', '{"a":2}']
coldStart('eval', ['eval', ...statement], '{"a":2}')
coldStart('eval --explain', ['eval', ...statement, '--explain'], 'the message is selected')
lines(200_000)
check(400)
rmSync(directory, { recursive: true })
