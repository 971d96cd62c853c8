import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { awsCliPackages } from '../helpers/aws-clients.ts'
import { motoPackages } from '../helpers/boto3.ts'
import { freePorts } from '../helpers/ports.ts'
import { killAllProcesses, runProcess } from '../helpers/process.ts'
import { TestServer } from '../helpers/server.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const page = readFileSync(join(ROOT, 'docs/api.md'), 'utf8')

let server: TestServer
let port: number
const directory = mkdtempSync(join(tmpdir(), 'topicrule-page-'))
beforeAll(async () => {
  ;[port] = (await freePorts(1)) as [number]
  server = await TestServer.start(
    {},
    {
      ...{ kafka: { embedded: true }, publish: { port, anonymous: true } },
      secrets: { directory: { path: directory } },
    },
  )
  writeFileSync(join(directory, 'kafka'), '{"password": "secret"}')
}, 60_000)
afterAll(async () => {
  await server?.stop()
  await killAllProcesses()
  rmSync(directory, { recursive: true, force: true })
})

/** The program under `<!-- run: name -->`, with the addresses of this server. */
function program(name: string): string {
  const found = new RegExp(`<!-- run: ${name} -->\\s*\`\`\`\\w+\\n([\\s\\S]*?)\`\`\``).exec(page)
  return found![1]!
    .replaceAll('http://127.0.0.1:8090', `http://127.0.0.1:${server.metricsPort}`)
    .replaceAll('http://127.0.0.1:8081', `http://127.0.0.1:${port}`)
}

describe('the programs of docs/api.md', () => {
  it('work with the AWS CLI', async () => {
    writeFileSync(join(directory, 'alerts.json'), /```json\n([\s\S]*?)```/.exec(page)![1]!)
    const script = `set -e\naws() { python3 -m awscli "$@"; }\n${program('aws')}`
    const env = { ...process.env, PYTHONPATH: await awsCliPackages(), AWS_CONFIG_FILE: '/nonexistent' }
    const { stdout } = await runProcess('bash', ['-c', script], { env, cwd: directory, timeout: 230_000 })
    expect(stdout.join('\n')).toContain('"sql": "SELECT temp FROM \'sensors/+\' WHERE temp > 30"')
    expect(await server.metrics()).toMatch(/^topicrule_publish_events_total\{event="acknowledged"\} 1$/m)
  })

  it('work with boto3, and then with the JavaScript SDK', async () => {
    const env = { ...process.env, PYTHONPATH: await motoPackages() }
    const python = await runProcess('python3', ['-c', program('boto3')], { env, timeout: 120_000 })
    expect(python.stdout).toEqual([expect.stringContaining("'archive'")])
    const file = join(directory, 'program.mjs')
    const sdk = pathToFileURL(join(ROOT, 'node_modules/@aws-sdk/client-iot/dist-cjs/index.js')).href
    writeFileSync(file, program('javascript').replace("'@aws-sdk/client-iot'", `'${sdk}'`))
    const node = await runProcess(process.execPath, [file], { timeout: 120_000 })
    expect(node.stdout).toEqual(["SELECT * FROM 'archive/#'"])
  })
})
