import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import protobuf from 'protobufjs'
import descriptor from 'protobufjs/ext/descriptor.js'
import { expect, it } from 'vitest'
import { auditLine, type Caller } from '../../src/access/index.ts'
import { tapText } from '../../src/cli/tap/text.ts'
import { parseConfig } from '../../src/config/index.ts'
import { painter } from '../../src/explain/index.ts'
import { compileRule, renderExplanation } from '../../src/index.ts'
import { faultNames } from '../chaos/faults.ts'
import { run } from '../cli/run.ts'
import { ask, serve, serviceAt } from '../services/server.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

interface Block {
  readonly page: string
  readonly language: string
  readonly text: string
}

const pages = [
  'README.md',
  ...readdirSync(join(ROOT, 'docs')).flatMap((name) => (name.endsWith('.md') ? [`docs/${name}`] : [])),
]
const blocks: readonly Block[] = pages.flatMap((page) =>
  [...readFileSync(join(ROOT, page), 'utf8').matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm)].map(
    ([, language, text]) => ({ page, language: language!, text: text! }),
  ),
)

function only(page: string, language: string, containing = ''): string {
  const found = blocks.filter(
    (block) => block.page === page && block.language === language && block.text.includes(containing),
  )
  if (found.length !== 1) throw new Error(`${page} has ${found.length} such blocks of ${language}`)
  return found[0]!.text
}

/** The examples by page and language. Those below are run here, unless another file of the suite is named. */
const examples: Readonly<Record<string, number | string>> = {
  'README.md ': 'a picture',
  'README.md json': 'readme.test.ts',
  'README.md sh': 2,
  'README.md ts': 2,
  'README.md yaml': 1,
  'docs/access.md json': 1,
  'docs/access.md yaml': 1,
  'docs/api.md hcl': 'not run, as the page says',
  'docs/api.md js': '../integration/api-page.test.ts',
  'docs/api.md json': 'api.test.ts',
  'docs/api.md python': '../integration/api-page.test.ts',
  'docs/api.md sh': 2,
  'docs/architecture.md ': 'a picture',
  'docs/dead-letters.md sh': '../integration/pages.test.ts',
  'docs/dead-letters.md yaml': 1,
  'docs/desk.md sh': 5,
  'docs/desk.md text': 'desk.test.ts',
  'docs/destinations.md yaml': 3,
  'docs/guarantees.md sh': 1,
  'docs/http-publish.md sh': '../integration/pages.test.ts',
  'docs/http-publish.md yaml': 1,
  'docs/mqtt.md ': 'a picture',
  'docs/overload.md yaml': 1,
  'docs/republish.md json': 1,
  'docs/secrets.md yaml': 1,
  'docs/services.md json': 1,
  'docs/services.md sql': 1,
  'docs/services.md ts': 1,
  'docs/services.md yaml': 2,
  'docs/tap-and-replay.md ': 'the tap below, the others in tap-and-replay.test.ts',
  'docs/tap-and-replay.md json': 'tap-and-replay.test.ts',
  'docs/tap-and-replay.md sh': '../integration/pages.test.ts',
  'docs/testing.md console': 'testing.test.ts',
  'docs/testing.md json': 'testing.test.ts',
  'docs/testing.md yaml': 'testing.test.ts',
}

it('knows every example of the pages', () => {
  const counts: Record<string, number> = {}
  for (const { page, language } of blocks) {
    const key = `${page} ${language}`
    counts[key] = (counts[key] ?? 0) + 1
  }
  expect(Object.keys(counts).sort()).toEqual(Object.keys(examples).sort())
  for (const [key, how] of Object.entries(examples))
    if (typeof how === 'number') expect(counts[key], key).toBe(how)
})

const configurations = blocks.filter(
  ({ page, language }) => language === 'yaml' && page !== 'docs/testing.md',
)

it.each(configurations.map(({ page, text }) => [page, text] as const))(
  '%s shows a configuration without faults: %s',
  (_page, text) => {
    // A server needs a listener that knows its users; a configuration of something else need not say so.
    const users = 'mqtt: { users: { file: users }, listeners: [{ host: 127.0.0.1, port: 1883 }] }\n'
    const result = parseConfig(/^mqtt:/m.test(text) ? text : users + text, '/etc/topicrule', {})
    expect(result.ok ? [] : result.diagnostics).toEqual([])
  },
)

/** Command lines of the product in shell examples: words up to a pipe, comment or redirection. */
const commandLines = blocks
  .filter(({ language }) => language === 'sh')
  .flatMap(({ page, text }) =>
    [
      ...text
        .replaceAll(/\\\n\s*/g, '')
        .replaceAll(/'[^']*'|"[^"]*"/g, '_')
        .matchAll(/(?:topicrule|node dist\/main\.js) ([^|>#\n]*)/g),
    ].map(([, line]) => [page, line!.trim()] as const),
  )

it('finds the commands of the pages', () => {
  expect(commandLines.length).toBeGreaterThan(20)
})

it.each(commandLines)('%s names a command and options that exist: %s', async (_page, line) => {
  const words = line.split(/\s+/)
  const groups = ['rules', 'deadletter', 'kafka']
  const { code, stdout } = await run(...words.slice(0, groups.includes(words[0]!) ? 2 : 1), '--help')
  expect(code).toBe(0)
  for (const option of words.filter((word) => /^--?\w/.test(word)))
    expect(stdout).toMatch(new RegExp(`[ ,]${option}(?![\\w-])`))
})

it('README.md renders why Undefined came', async () => {
  const document: unknown = JSON.parse(only('README.md', 'json'))
  const compiled = compileRule(document, { extensions: ['PLAINTEXT'] })
  if (!compiled.ok) throw new Error('the rule of README.md does not compile')
  const printed: string[] = []
  const body = only('README.md', 'ts', 'renderExplanation(').replace(/^import .*$/m, '')
  const program = new Function(
    'compiled',
    'renderExplanation',
    'console',
    `return (async () => { ${body} })()`,
  ) as (...args: unknown[]) => Promise<void>
  await program(compiled, renderExplanation, { log: (text: string) => printed.push(text) })
  expect(printed.join('\n')).toMatch(
    /^rule .*\ntopic .*\nfilter .*\npayload .*\nWHERE +Undefined: the message is not selected\n +`temperature` is not in the payload/,
  )
})

it('docs/access.md shows a line of the audit', () => {
  const shown = JSON.parse(only('docs/access.md', 'json')) as { time: string }
  const rule = (topic: string, password: string): object => ({
    actions: [{ kafka: { topic, clientProperties: { 'sasl.scram.password': password } } }],
  })
  const caller = { name: 'AKIATERRAFORM', role: 'rules', by: 'signature' } as Caller
  const line = auditLine({
    ...{ caller, address: '192.0.2.1', operation: 'ReplaceTopicRule' },
    resource: 'arn:aws:iot:local:000000000000:rule/orders',
    before: rule('orders', 'a'),
    after: rule('orders-v2', 'b'),
  })
  expect({ time: shown.time, ...line }).toEqual(shown)
})

it('docs/guarantees.md names faults and options of a chaos run that exist', () => {
  const text = only('docs/guarantees.md', 'sh')
  const main = readFileSync(join(ROOT, 'test/chaos/main.ts'), 'utf8')
  for (const [, name] of text.matchAll(/ --(\w+)/g))
    expect(main).toMatch(new RegExp(`^ +'?${name}'?: \\{`, 'm'))
  for (const [, names] of text.matchAll(/--faults (\S+)/g))
    expect(faultNames).toEqual(expect.arrayContaining(names!.split(',')))
})

it('docs/republish.md shows an action of a rule without faults', () => {
  const action: unknown = JSON.parse(only('docs/republish.md', 'json'))
  const document = { sql: "SELECT * FROM 'readings/+'", awsIotSqlVersion: '2016-03-23', actions: [action] }
  expect(compileRule(document)).toMatchObject({ ok: true })
})

it('docs/services.md shows the request of a call', async () => {
  const shown = JSON.parse(only('docs/services.md', 'json')) as Record<string, unknown>
  const server = await serve(() => [200, '{"result":null}'])
  await ask(serviceAt(server.url), ...(shown['arguments'] as string[]))
  const sent = JSON.parse(server.received[0]!.body) as Record<string, unknown>
  expect(Object.keys(sent)).toEqual(Object.keys(shown))
  expect(sent['arguments']).toEqual(shown['arguments'])
})

it('docs/services.md reads a protobuf message with its statement', async () => {
  const parent = mkdtempSync(join(tmpdir(), 'topicrule-page-'))
  try {
    mkdirSync(join(parent, 'schemas'))
    const field = (name: string, number: number, type: number): object => ({ name, number, label: 1, type })
    const messageType = [{ name: 'Reading', field: [field('device_id', 1, 9), field('value', 2, 1)] }]
    const set = { file: [{ name: 'fleet.proto', syntax: 'proto3', messageType }] }
    const bytes = descriptor.FileDescriptorSet.encode(descriptor.FileDescriptorSet.fromObject(set)).finish()
    writeFileSync(join(parent, 'schemas/fleet.desc'), bytes)
    const sql = only('docs/services.md', 'sql')
    const document = { sql, awsIotSqlVersion: '2016-03-23', actions: [] }
    const compiled = compileRule(document, { protobufDirectory: parent })
    if (!compiled.ok) throw new Error(compiled.diagnostics.map(({ message }) => message).join('\n'))
    const payload = protobuf.Writer.create().uint32(10).string('d-1').uint32(17).double(21.5).finish()
    const result = await compiled.rule.evaluate({ topic: 'fleet/1', payload: Buffer.from(payload) })
    expect(String(result.output)).toBe('{"device":"d-1","value":21.5}')
  } finally {
    rmSync(parent, { recursive: true })
  }
})

it('docs/services.md takes functions instead of services', async () => {
  const sql =
    "SELECT get_thing_shadow('a', 'arn:aws:iam::123456789012:role/r').state.reported.mode AS mode FROM 't'"
  const document = { sql, awsIotSqlVersion: '2016-03-23', actions: [] }
  const body = only('docs/services.md', 'ts').replace(/^import .*$/m, '')
  const program = new Function('compileRule', 'document', `${body}; return compiled`) as (
    ...args: unknown[]
  ) => ReturnType<typeof compileRule>
  const compiled = program(compileRule, document)
  if (!compiled.ok) throw new Error('the example does not compile')
  const { output } = await compiled.rule.evaluate({ topic: 't', payload: '{}' })
  expect(String(output)).toBe('{"mode":"eco"}')
})

it('docs/tap-and-replay.md shows a message as the tap prints it', () => {
  const message = 'The template of topic is Undefined at "${site}".'
  const why = 'false: `temperature < 0` is false: `temperature` is the Decimal 31.5'
  const kafka = { topic: 'temperature-alerts', partition: 2, offset: 17, key: 'cellar' }
  const line = {
    ...{ topic: 'sensors/cellar/temperature', payload: '{"temperature":31.5}', clientId: 'thermometer-7' },
    ...{ timestamp: Date.parse('2026-05-01T08:53:20.251Z'), qos: 1, settlement: 'delivered', ms: 3.21 },
    rules: [
      { rule: 'alerts', selected: true, actions: [{ action: 'kafka[0]', kafka }] },
      { rule: 'frost', selected: false, why },
      {
        ...{ rule: 'archive', selected: true },
        actions: [{ action: 'kafka[0]', error: { code: 'KAFKA_FIELD_UNDEFINED', message } }],
      },
    ],
  }
  expect(`${tapText(line, painter(false))}\n`).toBe(only('docs/tap-and-replay.md', '', '  - frost'))
})
