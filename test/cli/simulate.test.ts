import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, describe, expect, it } from 'vitest'
import { Latencies } from '../../src/cli/simulate/latencies.ts'
import { captureMessages, type Due, fleetMessages } from '../../src/cli/simulate/source.ts'
import { readTemplate } from '../../src/cli/simulate/template.ts'
import { seededChance } from '../../src/dryrun/index.ts'
import { makeCertificates } from '../ingest/certificates.ts'
import { type Running, start } from '../ingest/helpers.ts'
import { run } from './run.ts'

const directory = mkdtempSync(join(tmpdir(), 'topicrule-simulate-'))
afterAll(() => rmSync(directory, { recursive: true }))

function file(name: string, text: string): string {
  const path = join(directory, name)
  writeFileSync(path, text)
  return path
}

/** The texts that a template makes in a row for one device. */
function texts(template: string, count: number, seed = 'a', device = 7): string[] {
  const read = readTemplate(template)
  if (!read.ok) throw new Error(read.reason)
  const make = read.template(seededChance(seed))
  return Array.from({ length: count }, (_, index) =>
    make({ device, count: index + 1, now: 1_760_000_000_000 }),
  )
}

describe('a template', () => {
  it.each([
    ['d{{device}}/{{ device 4 }}/{{count}}', 'd7/0007/1'],
    ['{"at":{{now}},"iso":"{{iso}}"}', '{"at":1760000000000,"iso":"2025-10-09T08:53:20.000Z"}'],
    ['{"a":{"b":{}}} ${topic(1)}', '{"a":{"b":{}}} ${topic(1)}'],
    ['{{pick only}}', 'only'],
    ['{{number 5 5}}', '5'],
  ])('%s becomes %s', (template, text) => {
    expect(texts(template, 1)).toEqual([text])
  })

  it('lets a value wander in small steps between its bounds, and repeats itself for a seed', () => {
    const values = texts('{{walk 10 12 0.5 3}}', 500).map(Number)
    expect(Math.min(...values)).toBeGreaterThanOrEqual(10)
    expect(Math.max(...values)).toBeLessThanOrEqual(12)
    for (const [index, value] of values.slice(1).entries())
      expect(Math.abs(value - values[index]!)).toBeLessThanOrEqual(0.5011)
    expect(new Set(values).size).toBeGreaterThan(100)
    const all = '{{walk 0 9}} {{number 1 6}} {{pick a|b c|d}} {{uuid}}'
    expect(texts(all, 20)).toEqual(texts(all, 20))
    expect(texts(all, 20)).not.toEqual(texts(all, 20, 'b'))
  })

  it.each([
    ['{{wander 1 2}}', 'there is no {{wander}}'],
    ['{{walk 1}}', '{{walk 1}} is not {{walk LOW HIGH [STEP [DIGITS]]}}'],
    ['{{number a b}}', 'is not {{number'],
    ['{{pick}}', 'is not {{pick'],
  ])('%s is refused', (template, reason) => {
    const read = readTemplate(template)
    expect(read.ok ? '' : read.reason).toContain(reason)
  })
})

describe('latencies', () => {
  it('are right to one percent, at both ends too', () => {
    const latencies = new Latencies()
    for (let index = 1; index <= 10_000; index += 1) latencies.add(index / 10)
    for (const share of [0.01, 0.5, 0.9, 0.99, 0.999]) {
      expect(latencies.quantile(share) / (share * 1_000)).toBeGreaterThan(0.99)
      expect(latencies.quantile(share) / (share * 1_000)).toBeLessThan(1.011)
    }
    expect(latencies.quantile(1)).toBe(1_000)
    latencies.add(10 ** 9)
    expect(latencies.max).toBe(10 ** 9)
    expect(new Latencies().quantile(0.5)).toBe(0)
  })
})

async function messagesOf(source: Iterable<Due> | AsyncIterable<Due>, count = 10): Promise<Due[]> {
  const messages: Due[] = []
  for await (const due of source) {
    messages.push(due)
    if (messages.length === count) break
  }
  return messages
}

describe('messages of a fleet', () => {
  it('come from the devices in turn, evenly, and the same for a seed', async () => {
    const fleet = { devices: 3, rate: 100, seed: 's', texts: undefined }
    const messages = await messagesOf(fleetMessages(fleet), 6)
    expect(messages.map(({ at, connection }) => [at, connection])).toEqual([
      [0, 0],
      [10, 1],
      [20, 2],
      [30, 0],
      [40, 1],
      [50, 2],
    ])
    const values = (each: Due): unknown =>
      (JSON.parse(String(each.payload)) as { temperature?: number }).temperature
    expect((await messagesOf(fleetMessages(fleet), 6)).map(values)).toEqual(messages.map(values))
  })
})

describe('messages of a capture', () => {
  const lines = [
    { topic: 'a', payload: 'x', clientId: 'one', timestamp: 1_000, userProperties: [['k', 'v']] },
    { topic: 'b', payload: { n: 1 }, clientId: 'two', timestamp: 1_500 },
    { topic: 'again', payload: '', timestamp: 1_500, republished: 1 },
    { tap: { dropped: 1 } },
    { topic: 'c', payloadBase64: '/w==', clientId: 'one', timestamp: 2_000 },
    'no message',
  ]
  const path = file('capture', lines.map((line) => JSON.stringify(line)).join('\n'))

  it('keep their order, their distance, and each client its connection; what rules republished is left out', async () => {
    const unreadable: number[] = []
    const source = {
      file: path,
      devices: 5,
      rate: undefined,
      speed: 2,
      onUnreadable: (line: number) => unreadable.push(line),
    }
    const messages = await messagesOf(captureMessages(source))
    expect(messages.map(({ at, connection, topic }) => [at, connection, topic])).toEqual([
      [0, 0, 'a'],
      [250, 1, 'b'],
      [500, 0, 'c'],
    ])
    expect(messages.map(({ payload }) => payload)).toEqual(['x', '{"n":1}', Buffer.from([255])])
    expect(messages[0]!.properties).toEqual({ userProperties: [['k', 'v']] })
    expect(unreadable).toEqual([6])
  })
})

describe('topicrule simulate', () => {
  let server: Running | undefined
  afterEach(async () => {
    await server?.stop()
    server = undefined
  })

  async function simulate(
    ...argv: string[]
  ): Promise<{ code: number; result: Record<string, unknown>; stderr: string }> {
    const url = `mqtt://127.0.0.1:${server!.port}`
    const { code, stdout, stderr } = await run(
      'simulate',
      '--url',
      url,
      '--quiet',
      '--format',
      'json',
      ...argv,
    )
    return { code, stderr, result: (stdout === '' ? {} : JSON.parse(stdout)) as Record<string, unknown> }
  }

  it.each([
    ['5', '1'],
    ['3.1.1', '2'],
    ['5', '0'],
  ])(
    'publishes with MQTT %s and QoS %s until its count, and measures what was acknowledged',
    async (protocol, qos) => {
      server = await start()
      server.sink.settleWith = 'taken'
      const { code, result } = await simulate(
        ...['--protocol', protocol, '--qos', qos, '--count', '40', '--rate', '1000', '--devices', '4'],
        ...['--topic', 'd{{device}}/t', '--payload', '{"n":{{count}}}', '--client-id', 'dev-{{device}}'],
      )
      expect(result).toMatchObject({ sent: 40, acknowledged: 40, unanswered: 0, reconnects: 0, refused: {} })
      expect((result['latency'] as { p50: number }).p50).toBeGreaterThan(0)
      expect(code).toBe(0)
      const messages = await server.sink.received(40)
      const second = messages.filter(({ client }) => client.clientId === 'dev-2')[1]
      expect(second).toMatchObject({ topic: 'd2/t', qos: Number(qos) })
      expect(second!.payload.toString()).toBe('{"n":2}')
    },
  )

  it('ends with 1 when something is not acknowledged, and does not count it', async () => {
    server = await start()
    const { code, result } = await simulate('--count', '3', '--rate', '1000', '--wait', '0.2')
    expect(result).toMatchObject({ sent: 3, acknowledged: 0, unanswered: 3, latency: { p50: null } })
    expect(code).toBe(1)
  })

  it('counts latency from when a message was due, also while it had to wait for room', async () => {
    server = await start()
    const held = server.sink
    const done = simulate('--count', '20', '--rate', '1000', '--in-flight', '5', '--devices', '1')
    await held.received(5)
    await new Promise((resolve) => setTimeout(resolve, 400))
    expect(held.messages).toHaveLength(5)
    held.settleWith = 'taken'
    for (const message of held.messages.slice()) message.settle('taken')
    const { code, result } = await done
    expect(code).toBe(0)
    expect((result['latency'] as { p50: number }).p50).toBeGreaterThan(300)
  })

  it('tells which messages were refused, and why', async () => {
    server = await start({ acl: [{ effect: 'allow', topics: ['doors/#'] }] })
    server.sink.settleWith = 'taken'
    const { code, result } = await simulate('--count', '3', '--devices', '3', '--rate', '1000')
    expect(code).toBe(1)
    expect(result).toMatchObject({ acknowledged: 1, unanswered: 0 })
    expect(Object.values(result['refused'] as object)).toEqual([2])
    expect(Object.keys(result['refused'] as object)[0]).toContain('Not authorized')
  })

  it('connects with TLS and a client certificate', async () => {
    const { ca, server: own, client } = makeCertificates('sim-1')
    const tls = { cert: Buffer.from(own.cert), key: Buffer.from(own.key), clientCa: Buffer.from(ca) }
    server = await start({
      listeners: [{ host: '127.0.0.1', port: 0, transport: 'tcp', tls, anonymous: true }],
    })
    server.sink.settleWith = 'taken'
    const argv = [
      '--count',
      '2',
      '--rate',
      '100',
      '--url',
      `mqtts://127.0.0.1:${server.port}`,
      '--client-id',
      'sim-{{device}}',
      '--devices',
      '1',
    ]
    const files = [
      '--ca',
      file('ca.pem', ca),
      '--cert',
      file('c.pem', client.cert),
      '--key',
      file('k.pem', client.key),
    ]
    expect(await simulate(...argv, ...files)).toMatchObject({ code: 0, result: { acknowledged: 2 } })
    expect(server.sink.messages[0]!.client.principal).toMatch(/^[0-9a-f]{64}$/)
  })

  it.each([
    [['--url', 'mqtt://127.0.0.1:1'], 'cannot be reached'],
    [['--url', 'http://x'], '--url is http://x'],
    [['--protocol', '4'], '--protocol is 4'],
    [['--qos', '3'], '--qos is 3'],
    [['--rate', '0'], 'above zero'],
    [['--devices', '0'], '--devices is 0'],
    [['--devices', '1e9'], '64000 are the most'],
    [['--topic', 'a'], '--topic and --payload belong together'],
    [['--topic', '{{no}}', '--payload', ''], '--topic: there is no {{no}}'],
    [['--capture', 'a', '--topic', 'b', '--payload', 'c'], '--capture has topics'],
    [['--cert', 'a'], '--cert and --key belong together'],
    [['--password-file', '/nowhere'], '--password-file: cannot read /nowhere'],
  ])('does not start with %j', async (argv, sentence) => {
    const { code, stderr } = await run('simulate', '--quiet', ...argv)
    expect(stderr).toContain(sentence)
    expect(code).toBe(2)
  })
})
