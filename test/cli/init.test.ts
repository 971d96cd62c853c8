import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { connectAsync } from 'mqtt'
import { afterAll, describe, expect, it } from 'vitest'
import { startProcess } from '../helpers/process.ts'
import { run } from './run.ts'

const main = fileURLToPath(new URL('../../src/main.ts', import.meta.url))
const directory = mkdtempSync(join(tmpdir(), 'topicrule-init-'))
afterAll(() => rmSync(directory, { recursive: true }))

describe('topicrule init', () => {
  const project = join(directory, 'mine')

  it('writes a rule, its test, a configuration and a README, and says so', async () => {
    const { code, stdout, stderr } = await run('init', project)
    expect(code).toBe(0)
    const files = [
      'topicrule.yaml',
      'rules/temperature_alerts.json',
      'rules/temperature_alerts.test.yaml',
      'README.md',
      '.gitignore',
    ]
    expect(stdout.trim().split('\n').sort()).toEqual(files.map((name) => join(project, name)).sort())
    expect(stderr).toContain('README.md')
    expect(files.every((name) => existsSync(join(project, name)))).toBe(true)
  })

  it('writes what check accepts, and what check says nothing about', async () => {
    const { code, stdout } = await run(
      ...['check', '--config', join(project, 'topicrule.yaml'), '--format', 'json'],
      join(project, 'rules/temperature_alerts.json'),
    )
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject([
      { rule: 'temperature_alerts', accepted: true, deliverable: true, diagnostics: [] },
    ])
  })

  it('writes a rule of which check says what to add, where the configuration is left out', async () => {
    const rules = join(project, 'rules')
    const { code, stdout, stderr } = await run('check', rules)
    expect(code).toBe(1)
    expect(stdout).toContain('KAFKA_EXTENSION_NOT_ALLOWED')
    expect(stderr).toContain('--config FILE')
    expect((await run('check', '--config', join(project, 'topicrule.yaml'), rules)).stderr).not.toContain(
      '--config',
    )
  })

  it('writes a test that passes', async () => {
    const { code, stdout } = await run('test', project)
    expect(stdout).toContain('(3 cases)')
    expect(code).toBe(0)
  })

  it('writes a README whose eval finds the typo', async () => {
    const readme = readFileSync(join(project, 'README.md'), 'utf8')
    const [, line = ''] = /^topicrule (eval .*)$/m.exec(readme) ?? []
    const words = [...line.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare!)
    const argv = words.map((word) => (word.startsWith('rules/') ? join(project, word) : word))
    expect((await run(...argv)).stdout).toContain('temprature')
  })

  it('overwrites nothing', async () => {
    const rule = join(project, 'rules/temperature_alerts.json')
    writeFileSync(rule, 'mine')
    const before = readdirSync(project)
    const { code, stderr } = await run('init', project)
    expect(code).toBe(1)
    expect(stderr).toContain('Nothing was written')
    expect(readFileSync(rule, 'utf8')).toBe('mine')
    expect(readdirSync(project)).toEqual(before)
  })

  it('says where it cannot write', async () => {
    const { code, stderr } = await run('init', join(project, 'README.md', 'below'))
    expect([code, stderr]).toEqual([2, expect.stringContaining('Cannot write to')])
  })

  it('writes what serves: a message goes to the Kafka inside', async () => {
    const served = join(directory, 'served')
    await run('init', served)
    const env = {
      ...process.env,
      TOPICRULE_MQTT__LISTENERS: '[{"host": "127.0.0.1", "port": 0, "anonymous": true}]',
      TOPICRULE_CONTROL__PORT: '0',
    }
    const args = ['--import', 'tsx', main, 'serve', '--config', join(served, 'topicrule.yaml')]
    const server = startProcess(process.execPath, args, { env })
    const ready = await server.line(/^ready /, 60_000)
    const [, mqtt, control] = /mqtt=(\S+) control=(\S+) kafka=/.exec(ready)!
    const client = await connectAsync(`mqtt://${mqtt}`, {
      protocolVersion: 5,
      clientId: 'device',
      reconnectPeriod: 0,
    })
    await client.publishAsync('sensors/cellar/temperature', '{"temperature": 31.5}', { qos: 1 })
    const metrics = await (await fetch(`http://${control}/metrics`)).text()
    expect(metrics).toContain('topicrule_records_delivered_total{rule="temperature_alerts"} 1\n')
    await client.endAsync()
    expect((await server.stop()).code).toBe(0)
  }, 120_000)
})
