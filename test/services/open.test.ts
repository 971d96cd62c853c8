import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { openServices, ServiceWatch } from '../../src/app-services.ts'
import { type Config, parseConfig, printConfig } from '../../src/config/index.ts'
import { createLog, Metrics } from '../../src/observe/index.ts'
import { outcome, serve } from './server.ts'

const caller = { ruleName: 'r', topic: 'a', clientId: undefined, traceId: 't' }

async function directoryWith(name: string, text: string): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'services-'))
  onTestFinished(() => rm(directory, { recursive: true, force: true }))
  await writeFile(join(directory, name), text)
  return directory
}

function configOf(services: object, directory = '/'): Config {
  const result = parseConfig(JSON.stringify({ services }), directory, {})
  if (!result.ok) throw new Error(JSON.stringify(result.diagnostics))
  return result.config
}

describe('services of the configuration', () => {
  it('are called, counted and logged, their secrets nowhere', async () => {
    const directory = await directoryWith('token', 'Bearer from-file\n')
    const server = await serve((_request, n) => (n === 1 ? [200, '{"result":1}'] : [400, '']))
    const headers = [
      { name: 'Authorization', valueFile: 'token' },
      { name: 'X-Key', value: 'in-config' },
    ]
    const config = configOf({ get_thing_shadow: { url: server.url, headers } }, directory)
    expect(printConfig(config)).not.toContain('in-config')
    const lines: string[] = []
    const metrics = new Metrics()
    const log = createLog('debug', 'json', { write: (line) => void lines.push(line) })
    const { services, close } = openServices(config.services, new ServiceWatch(metrics, log))
    onTestFinished(close)
    expect([...services.names]).toEqual(['get_thing_shadow'])
    expect(outcome(await services.call('get_thing_shadow', ['t'], caller))).toBe(1)
    expect(outcome(await services.call('get_thing_shadow', ['t'], caller))).toBe('SERVICE_FAILED')
    expect(server.received[0]!.headers).toMatchObject({
      authorization: 'Bearer from-file',
      'x-key': 'in-config',
    })
    expect(metrics.text()).toContain('topicrule_service_calls_total{function="get_thing_shadow"} 2')
    expect(metrics.text()).toContain('topicrule_service_failures_total{function="get_thing_shadow"} 1')
    expect(lines.map((line) => JSON.parse(line) as object)).toMatchObject([
      { event: 'service.failed', function: 'get_thing_shadow', code: 'SERVICE_FAILED', rule: 'r' },
    ])
    expect(lines.join()).not.toMatch(/from-file|in-config/)
  })

  it('stop the start where a file is missing or a header cannot be sent', () => {
    const open = (service: object) => () =>
      openServices(
        configOf({ aws_lambda: { url: 'http://127.0.0.1:1/', ...service } }, '/nowhere').services,
        new ServiceWatch(new Metrics(), createLog('silent')),
      )
    expect(open({ ca: 'ca.pem' })).toThrow('/nowhere/ca.pem cannot be read')
    expect(open({ headers: [{ name: 'a', valueFile: 'v' }] })).toThrow('/nowhere/v cannot be read')
    expect(open({ headers: [{ name: 'a' }] })).toThrow('a needs either value or valueFile')
    expect(open({ headers: [{ name: 'a', value: 'x\ny' }] })).toThrow('characters that no header may have')
  })

  it('are refused with URLs that are none, or hold credentials', () => {
    for (const url of ['ftp://x/', 'nonsense', 'http://user:password@host/', undefined]) {
      const result = parseConfig(JSON.stringify({ services: { aws_lambda: { url } } }), '/', {})
      expect(result.ok ? [] : result.diagnostics).toMatchObject([{ path: 'services.aws_lambda.url' }])
      expect(JSON.stringify(result)).not.toContain('password@')
    }
  })
})
