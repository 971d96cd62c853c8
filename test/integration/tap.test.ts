import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createHash } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { connectAsync } from 'mqtt'
import { afterAll, describe, expect, it } from 'vitest'
import { access } from '../helpers/kafka/index.ts'
import { type RunningProcess, runProcess, startProcess } from '../helpers/process.ts'
import { kafkaAction, payload, TestServer } from '../helpers/server.ts'
import { setStage } from '../helpers/stage.ts'

const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url))
const stage = setStage()
const directory = mkdtempSync(join(tmpdir(), 'topicrule-tap-'))
afterAll(() => rmSync(directory, { recursive: true }))

function toKafka(topic: string, more: object = {}): object {
  const properties = {
    'bootstrap.servers': access(stage.kafka, 'PLAINTEXT').bootstrap,
    'security.protocol': 'PLAINTEXT',
  }
  return kafkaAction({ topic, properties, more })
}

/** A tap that is open; its lines are those of the process. */
async function tap(...args: string[]): Promise<RunningProcess> {
  const endpoint = `http://127.0.0.1:${stage.server!.metricsPort}`
  const opened = startProcess(process.execPath, [MAIN, 'tap', '--endpoint', endpoint, ...args])
  await opened.line(/^Watching/, 60_000)
  return opened
}

async function publish(
  topic: string,
  messages: readonly (string | Buffer)[],
  clientId = 'device',
): Promise<void> {
  const client = await connectAsync(stage.server!.url, { protocolVersion: 5, clientId, reconnectPeriod: 0 })
  const properties = { userProperties: { site: 'north' } }
  await Promise.all(messages.map((message) => client.publishAsync(topic, message, { qos: 1, properties })))
  await client.endAsync()
}

function ruleFile(name: string, rule: object): string {
  const path = join(directory, `${name}.json`)
  writeFileSync(path, JSON.stringify({ ruleName: 'hot', topicRulePayload: rule }))
  return path
}

interface Line {
  readonly topic: string
  readonly payload?: string
  readonly rules: readonly Readonly<Record<string, unknown>>[]
}

describe('a tap of a running server', () => {
  it('makes a capture that replay and eval take, with what Kafka answered', async () => {
    await stage.kafka.createTopic('tapped')
    const old = payload(
      "SELECT t, clientid() AS c FROM 'a/#' WHERE t > 30",
      toKafka('tapped', { key: '${t}' }),
    )
    stage.server = await TestServer.start({ hot: old })
    const watching = await tap('--format', 'ndjson', '--topic', 'a/#', '--count', '6')
    await publish('a/1', ['{"t":20}', '{"t":31}', '{"t":40.50}', '{"t":"x"}', 'no json'])
    await publish('b/1', ['{"t":99}'])
    await publish('a/2', [Buffer.from([255, 0, 1])], 'other')
    expect(await watching.exited).toEqual({ code: 0, signal: null })
    const lines = watching.stdout.map((line) => JSON.parse(line) as Line)
    expect(lines.map(({ topic, payload: text }) => [topic, text])).toEqual([
      ['a/1', '{"t":20}'],
      ['a/1', '{"t":31}'],
      ['a/1', '{"t":40.50}'],
      ['a/1', '{"t":"x"}'],
      ['a/1', 'no json'],
      ['a/2', undefined],
    ])
    expect(lines[0]!.rules).toEqual([
      { rule: 'hot', selected: false, why: 'false: `t > 30` is false: `t` is the Int 20' },
    ])
    expect(lines[2]).toMatchObject({
      clientId: 'device',
      sourceIp: '127.0.0.1',
      userProperties: [['site', 'north']],
      qos: 1,
      settlement: 'taken',
      rules: [
        {
          selected: true,
          actions: [
            { action: 'kafka[0]', kafka: { topic: 'tapped', partition: 0, offset: 1, key: '40.50' } },
          ],
        },
      ],
    })
    expect(lines[5]).toMatchObject({ clientId: 'other', payloadBase64: '/wAB' })

    const capture = join(directory, 'capture.ndjson')
    writeFileSync(capture, `${watching.stdout.join('\n')}\n`)
    const next = payload(
      "SELECT t, clientid() AS c FROM 'a/#' WHERE t > 35",
      toKafka('tapped', { key: '${t}' }),
    )
    const args = [
      'replay',
      capture,
      '--rules',
      ruleFile('new', next),
      '--against',
      ruleFile('old', old),
      '--format',
      'json',
    ]
    const replayed = startProcess(process.execPath, [MAIN, ...args])
    expect((await replayed.exited).code).toBe(1)
    expect(JSON.parse(replayed.stdout.join('\n'))).toMatchObject({
      messages: 6,
      unreadable: 0,
      differing: 1,
      rules: [{ rule: 'hot', old: { selected: 2, records: { tapped: 2 } }, new: { selected: 1 } }],
      differences: [{ line: 2, topic: 'a/1', old: { output: '{"t":31,"c":"device"}' } }],
    })
    const lineByLine = await runProcess(
      process.execPath,
      [MAIN, 'eval', '--lines', '--rule', join(directory, 'old.json')],
      { input: `${watching.stdout.join('\n')}\n` },
    )
    const results = lineByLine.stdout.map(
      (line) => JSON.parse(line) as { selected: boolean; error?: unknown },
    )
    expect(results.map(({ selected }) => selected)).toEqual([false, true, true, false, false, false])
    expect(results.filter(({ error }) => error !== undefined)).toEqual([])
  })

  it('shows messages to people, and ends with Ctrl-C', async () => {
    await stage.kafka.createTopic('shown')
    stage.server = await TestServer.start({
      good: payload("SELECT * FROM 'a/+'", toKafka('shown')),
      bad: payload("SELECT * FROM 'a/+'", toKafka('${nothing}')),
    })
    const watching = await tap()
    await publish('a/\u001b[31m', ['{"t":1}'])
    await watching.line(/settled after/)
    const text = watching.stdout.join('\n')
    expect(text).not.toContain('\u001b')
    expect(text).toMatch(/a\/\\u001b\[31m {2}device {2}QoS 1\n {4}\{"t":1\}/)
    expect(text).toMatch(/^ {2}\+ good {2}kafka\[0\] {2}shown\[0\]@0$/m)
    expect(text).toMatch(/^ {2}! bad {2}kafka\[0\] {2}KAFKA_FIELD_UNDEFINED: /m)
    watching.signal('SIGINT')
    expect((await watching.exited).code).toBe(0)
    expect(watching.stderr.at(-1)).toBe('1 message.')
    await expect.poll(() => stage.server!.metrics()).toContain('topicrule_taps_open 0\n')
  })

  it('masks on the server, by what the reader asks and by what the reader may see', async () => {
    await stage.kafka.createTopic('masked')
    const secret = 'a-token-for-reading'
    const sha256 = createHash('sha256').update(secret).digest('hex')
    const changer = 'a-token-for-changing'
    const tokens = [
      { name: 'reader', sha256, role: 'read' },
      { name: 'publisher', sha256: createHash('sha256').update('p').digest('hex'), role: 'publish' },
      { name: 'changer', sha256: createHash('sha256').update(changer).digest('hex'), role: 'rules' },
    ]
    const [file, changes, publishes] = [secret, changer, 'p'].map((text, index) => {
      const path = join(directory, `token-${index}`)
      writeFileSync(path, text)
      return path
    })
    stage.server = await TestServer.start(
      { all: payload("SELECT * FROM 'a/+'", toKafka('masked', { key: '${name}' })) },
      { control: { tokens }, publish: { host: '127.0.0.1', port: 0 } },
    )
    const reading = await tap('--format', 'ndjson', '--count', '1', '--token-file', file!)
    const redacting = await tap(
      '--format',
      'ndjson',
      '--count',
      '1',
      '--token-file',
      changes!,
      '--redact',
      'name',
    )
    await publish('a/1', ['{"name":"Ada","n":1.0}'])
    await Promise.all([reading.exited, redacting.exited])
    expect(reading.stdout.join('')).not.toMatch(/Ada|north/)
    expect(JSON.parse(reading.stdout[0]!)).toMatchObject({ payloadBytes: 22, rules: [{ selected: true }] })
    expect(redacting.stdout.join('')).not.toContain('Ada')
    expect(JSON.parse(redacting.stdout[0]!)).toMatchObject({ payload: '{"name":"********","n":1.0}' })
    const endpoint = `http://127.0.0.1:${stage.server.metricsPort}`
    for (const [argv, sentence] of [
      [['--token-file', publishes!], 'AccessDeniedException'],
      [[], 'MissingAuthenticationTokenException'],
      [['--token-file', file!, '--topic', 'a/#/b'], 'InvalidRequestException'],
    ] as const) {
      const refused = startProcess(process.execPath, [MAIN, 'tap', '--endpoint', endpoint, ...argv])
      expect((await refused.exited).code).toBe(1)
      expect(refused.stderr.join('\n')).toContain(sentence)
    }
  })

  it('says so when the server stops', async () => {
    stage.server = await TestServer.start({})
    const watching = await tap()
    await stage.server.process!.stop()
    expect((await watching.exited).code).toBe(1)
    expect(watching.stderr).toContain('The server stops.')
  })
})
