import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { connectAsync } from 'mqtt'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { freePorts } from '../helpers/ports.ts'
import { killAllProcesses, runProcess, startProcess } from '../helpers/process.ts'
import { kafkaAction, payload, TestServer } from '../helpers/server.ts'
import { makeAuthority } from '../helpers/tls.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const directory = mkdtempSync(join(tmpdir(), 'topicrule-pages-'))
let server: TestServer | undefined

beforeAll(() => {
  const command = `#!/bin/sh\nexec '${process.execPath}' '${join(ROOT, 'dist/main.js')}' "$@"\n`
  writeFileSync(join(directory, 'topicrule'), command, { mode: 0o755 })
})
afterEach(async () => {
  await server?.stop()
  server = undefined
})
afterAll(async () => {
  await killAllProcesses()
  rmSync(directory, { recursive: true, force: true })
})

/** Lines of the shell example of a page that has `containing` in it; a continued line is one. */
function example(page: string, containing: string): string[] {
  const text = readFileSync(join(ROOT, page), 'utf8')
  const found = [...text.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].filter(([, block]) =>
    block!.includes(containing),
  )
  expect(found).toHaveLength(1)
  return found[0]![1]!
    .replaceAll(/\\\n\s*/g, '')
    .trimEnd()
    .split('\n')
}

function environment(): NodeJS.ProcessEnv {
  return {
    ...process.env,
    PATH: `${directory}:${process.env['PATH']}`,
    TOPICRULE_CONFIG: join(server!.directory, 'topicrule.yaml'),
  }
}

/** Runs a line of a page where the server's files are, with its address in place of the default one. */
async function shell(line: string): Promise<string[]> {
  const here = line.replace('mqtt://127.0.0.1:1883', server!.url)
  const { stdout } = await runProcess('bash', ['-c', here], { cwd: server!.directory, env: environment() })
  return stdout
}

const clientProperties = { 'bootstrap.servers': 'localhost:9092', 'security.protocol': 'PLAINTEXT' }

const rule = (sql: string, topic = 'out', more: object = {}): object =>
  payload(sql, kafkaAction({ topic, properties: clientProperties, more }))

async function publish(topic: string, ...messages: string[]): Promise<void> {
  const client = await connectAsync(server!.url, { reconnectPeriod: 0 })
  await Promise.all(messages.map((message) => client.publishAsync(topic, message, { qos: 1 })))
  await client.endAsync()
}

describe('the commands of the pages', () => {
  it('README.md: check, look at the configuration, serve', async () => {
    server = await TestServer.start({ alerts: rule("SELECT * FROM 'a'") }, { kafka: { embedded: true } })
    await server.process!.stop(20_000)
    const [check, config, serve] = example('README.md', 'main.js check')
      .slice(1)
      .map((line) => line.replace('node dist/main.js', 'topicrule'))
    const checked = await shell(check!.replace(/ *#.*/, ' --config topicrule.yaml'))
    expect(checked).toEqual([])
    expect((await shell(config!)).join('\n')).toContain('embedded: true')
    const options = { cwd: server.directory, env: environment() }
    server.process = startProcess('bash', ['-c', `exec ${serve!}`], options)
    await server.process.line(/^ready /, 30_000)
  })

  it('docs/dead-letters.md: list, show and send again', async () => {
    const undeliverable = rule("SELECT * FROM 'sensors/+'", '${nothing}')
    server = await TestServer.start(
      { alerts: undeliverable },
      { kafka: { embedded: true }, deadLetter: { directory: 'dead-letters' } },
    )
    await publish('sensors/1', '{"n":1}')
    const [list, show, resend] = example('docs/dead-letters.md', 'deadletter list')
    const listed = await shell(list!)
    expect(listed.join('\n')).toContain('sensors/1')
    const id = /\d{13}-\d+/.exec(listed.join('\n'))![0]
    expect((await shell(show!.replace(/\d{13}-\d+/, id))).join('\n')).toContain('{"n":1}')
    expect(await shell(resend!)).toHaveLength(1)
  })

  it('docs/tap-and-replay.md: tap, replay, simulate', async () => {
    const selecting = (limit: number): object =>
      rule(`SELECT * FROM 'sensors/#' WHERE temperature > ${limit}`, 'hot')
    server = await TestServer.start({ hot: selecting(30) }, { kafka: { embedded: true } })
    mkdirSync(join(server.directory, 'rules-before'))
    writeFileSync(join(server.directory, 'rules-before/hot.json'), JSON.stringify(selecting(20)))
    const [look, capture, replay, again] = example('docs/tap-and-replay.md', 'topicrule tap')
    const [fleet] = example('docs/tap-and-replay.md', '--devices 200')
    const options = { cwd: server.directory, env: environment() }
    const looking = startProcess('bash', ['-c', `exec ${look!}`], options)
    const capturing = startProcess('bash', ['-c', `exec ${capture!}`], options)
    await Promise.all([looking, capturing].map((tap) => tap.line(/^Watching/, 60_000)))
    // The page's minute at 1,000 messages a second, cut short.
    await shell(fleet!.replace('--duration 60', '--duration 3').concat(` --url ${server.url}`))
    expect(await capturing.exited).toMatchObject({ code: 0 })
    const file = join(server.directory, 'capture.ndjson')
    expect(readFileSync(file, 'utf8').trimEnd().split('\n')).toHaveLength(1_000)
    await looking.line(/sensors\/d\d{4}\/temperature/)
    looking.signal('SIGINT')
    await looking.exited
    await expect(shell(replay!)).rejects.toThrow(/ended with 1/)
    expect((await shell(`${replay!.replace(/ *#.*/, '')} || true`)).join('\n')).toContain('hot')
    const repeated = await shell(again!.replace(/ *#.*/, ` --url ${server.url}`))
    expect(repeated.join('\n')).toMatch(/1,?000/)
  })

  it('docs/api.md: the rules of a server', async () => {
    server = await TestServer.start({ alerts: rule("SELECT * FROM 'a'") }, { kafka: { embedded: true } })
    const lines = example('docs/api.md', 'topicrule rules list').filter((line) => !line.includes('--aws'))
    expect(lines).toHaveLength(4)
    const [list, get, put, apply] = lines
    expect((await shell(list!)).join('\n')).toContain('alerts')
    await shell(get!)
    expect(readFileSync(join(server.directory, 'alerts.json'), 'utf8')).toContain("FROM 'a'")
    await shell(put!)
    await shell(apply!)
  })

  it('docs/http-publish.md: curl with the certificate of a device', async () => {
    const authority = await makeAuthority(join(directory, 'tls'))
    const listener = await authority.issue('listener', 'iot.example.com', ['DNS:iot.example.com'])
    const device = await authority.issue('device', 'device')
    const [port] = await freePorts(1)
    server = await TestServer.start(
      { alerts: rule("SELECT * FROM 'sensors/+'") },
      {
        kafka: { embedded: true },
        publish: {
          port,
          tls: { cert: listener.certFile, key: listener.keyFile, clientCa: authority.caFile },
        },
      },
    )
    for (const [name, from] of [
      ['ca.pem', authority.caFile],
      ['device.pem', device.certFile],
      ['device.key', device.keyFile],
    ] as const)
      writeFileSync(join(server.directory, name), readFileSync(from))
    const [request, answer] = example('docs/http-publish.md', 'curl')
    const [printed] = await shell(
      request!.replace(
        'curl',
        `curl --silent --show-error --connect-to iot.example.com:8444:127.0.0.1:${port}`,
      ),
    )
    const withoutTrace = (text: string): unknown => ({
      ...(JSON.parse(text) as object),
      traceId: expect.anything() as unknown,
    })
    expect(JSON.parse(printed!)).toEqual(withoutTrace(answer!))
  })
})
