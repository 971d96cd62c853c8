/**
 * Costs of single parts on one thread, without ingest and Kafka: reading a statement, WHERE, SELECT, functions, and
 * match + evaluate over many rules. Prints CPU nanoseconds per operation (the best of several rounds) and operations
 * per second. Each figure's result is checked before it is timed.
 */
import { Ruleset } from '../src/engine/index.ts'
import { createScope, evaluate, type Evaluation } from '../src/evaluate/index.ts'
import { compileRule, type CompiledRule } from '../src/rule/index.ts'
import { compileStatement, type CompiledQuery, newestSqlVersion, parseStatement } from '../src/sql/index.ts'
import { Payload } from '../src/value/index.ts'
import { devicePayload, messageOf } from './device-message.ts'

const ROUNDS = 7
const ROUND_MS = 60

const environment = { accountId: '000000000000', now: Date.now, random: Math.random, newUuid: () => 'uuid' }
/** CPU nanoseconds of one operation. */
function cost(operation: (index: number) => unknown): number {
  let count = 100
  const run = (): number => {
    const started = process.cpuUsage()
    for (let index = 0; index < count; index += 1) operation(index)
    const { user, system } = process.cpuUsage(started)
    return user + system
  }
  while (run() < ROUND_MS * 1000 && count < 1e8) count *= 2
  return (Math.min(...Array.from({ length: ROUNDS }, run)) * 1000) / count
}

function report(name: string, nanoseconds: number): number {
  const rate = Math.round(1e9 / nanoseconds).toLocaleString('en-US')
  console.log(`${name.padEnd(56)} ${nanoseconds.toFixed(0).padStart(9)} ns  ${rate.padStart(13)} /s`)
  return nanoseconds
}

function compiled(sql: string): CompiledQuery {
  const parsed = parseStatement(sql)
  if (!parsed.ok) throw new Error(parsed.diagnostics[0]!.message)
  const result = compileStatement(parsed.statement, newestSqlVersion)
  if (!result.ok) throw new Error(result.diagnostics[0]!.message)
  return result.query
}

function benchStatement(name: string, sql: string, expected: string | undefined): void {
  const query = compiled(sql)
  const messages = Array.from({ length: 64 }, () => messageOf('sensors/device-0001/data'))
  const rule = { name: 'bench', version: query.version, query }
  const once = (index: number): Evaluation => {
    const message = messages[index & 63]!
    const scope = createScope(rule, message.topic, message, new Payload(message.payload), environment)
    return evaluate(query, scope) as Evaluation
  }
  const first = once(0)
  const output = first.matched ? first.output.toString() : 'unmatched'
  if (expected !== undefined && output !== expected) throw new Error(`${sql} gives ${output}`)
  report(name, cost(once))
}

// ---- statements

const typical =
  "SELECT deviceId, temp, humidity, battery, topic(2) AS device FROM 'sensors/+/data' WHERE temp > 20 AND status = 'ok'"
report(
  'parse a statement',
  cost(() => parseStatement(typical)),
)
report(
  'parse and compile a statement',
  cost(() => compiled(typical)),
)
benchStatement('SELECT * (forwards the bytes)', "SELECT * FROM 'a'", devicePayload.toString())
benchStatement('WHERE on a number, not true', "SELECT * FROM 'a' WHERE temp > 30", 'unmatched')
benchStatement(
  'WHERE with three conditions',
  "SELECT * FROM 'a' WHERE temp > 20 AND status = 'ok' AND battery < 90",
  devicePayload.toString(),
)
benchStatement(
  'projection of five members with WHERE',
  typical,
  '{"deviceId":"device-0001","temp":24.75,"humidity":51.5,"battery":87,"device":"device-0001"}',
)
benchStatement('SELECT *, one more member', "SELECT *, topic(2) AS device FROM 'a'", undefined)

// ---- functions, each as the only item

const functions: readonly (readonly [call: string, expected: string | undefined])[] = [
  ['topic(2)', '"device-0001"'],
  ['timestamp()', undefined],
  ['clientid()', '"device-0001"'],
  ["concat(site, '/', deviceId)", '"plant-north/device-0001"'],
  ['cast(temp AS String)', '"24.75"'],
  ['round(temp)', '25'],
  ['upper(status)', '"OK"'],
  ['substring(deviceId, 7)', '"0001"'],
  ["regexp_matches(deviceId, '^device-[0-9]+$')", 'true'],
  ["parse_time('yyyy-MM-dd HH:mm:ss', timestamp)", '"2025-11-21 04:40:00"'],
]
benchStatement('a member alone', "SELECT VALUE status FROM 'a'", '"ok"')
for (const [call, expected] of functions) benchStatement(call, `SELECT VALUE ${call} FROM 'a'`, expected)

// ---- many rules

function ruleOf(name: string, filter: string): CompiledRule {
  const sql = `SELECT deviceId, temp, humidity FROM '${filter}' WHERE temp > 20`
  const result = compileRule({ sql, awsIotSqlVersion: '2016-03-23', actions: [] }, { name })
  if (!result.ok) throw new Error(JSON.stringify(result.diagnostics))
  return result.rule
}

/** Cost of one message through match and evaluate. `topicOf` says where the message numbered `index` goes. */
function benchRules(
  name: string,
  filters: readonly string[],
  topicOf: (index: number) => string,
  matching: number,
): number {
  const rules = filters.map((filter, index) => ruleOf(`rule${index}`, filter))
  const set = new Ruleset(rules.map((rule) => ({ rule, actions: [], errorAction: undefined, holds: true })))
  const messages = Array.from({ length: 1000 }, (_, index) => messageOf(topicOf(index)))
  const once = (index: number): number => {
    const message = messages[index % messages.length]!
    const match = set.match(message.topic)
    const shared = new Payload(message.payload)
    let matched = 0
    for (const { rule } of match.rules) {
      const scope = createScope(rule, match.topic, message, shared, environment)
      if ((evaluate(rule.query, scope) as Evaluation).matched) matched += 1
    }
    return matched
  }
  if (once(7) !== matching) throw new Error(`${name}: ${once(7)} rules match`)
  return report(name, cost(once))
}

const numbered = (count: number, filter: (index: number) => string): string[] =>
  Array.from({ length: count }, (_, index) => filter(index))
for (const [kind, filter, topic] of [
  ['disjoint', (index: number) => `site/${index}/+/data`, (index: number) => `site/${index}/x/data`],
  [
    'overlapping, one matches',
    (index: number) => `+/line${index}/#`,
    (index: number) => `s/line${index}/data`,
  ],
] as const) {
  const one = benchRules(`1 rule, ${kind}`, [filter(0)], () => topic(0), 1)
  for (const count of [100, 10_000]) {
    const many = benchRules(
      `${count} rules, ${kind}`,
      numbered(count, filter),
      (index) => topic(index % count),
      1,
    )
    console.log(`  ${(many / one).toFixed(2)} times the cost of one rule`)
  }
}
for (const count of [1, 100, 10_000])
  benchRules(
    `${count} rules, all match`,
    numbered(count, () => 'site/+/data'),
    (index) => `site/${index}/data`,
    count,
  )
