import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { rootCertificates } from 'node:tls'
import { describe, expect, it } from 'vitest'
import { type Config, parseConfig, printConfig } from '../../src/config/index.ts'
import { openDestinations } from '../../src/deliver/specs.ts'

const ARN = 'arn:aws:iot:region:123456789012:ruledestination/vpc/VPCDestinationARN'

function read(policy: unknown): ReturnType<typeof parseConfig> {
  return parseConfig(JSON.stringify({ destinations: { [ARN]: policy } }), '/etc/topicrule', {})
}

function configured(policy: unknown): Config {
  const result = read(policy)
  if (!result.ok) throw new Error(JSON.stringify(result.diagnostics))
  return result.config
}

describe('destinations in the configuration', () => {
  it('are left out by default, so that every ARN is taken', () => {
    const result = parseConfig('', '/', {})
    expect(result.ok && result.config.destinations).toBeUndefined()
    expect(openDestinations(undefined)).toBeUndefined()
  })

  it('bind an ARN to a policy, whose file is absolute afterwards', () => {
    const config = configured({ hosts: ['*.example.com'], ports: [9092, '9096-9098'], ca: 'ca.pem' })
    expect(config.destinations).toEqual({
      [ARN]: {
        ...{ enabled: true, allowPrivate: true, hosts: ['*.example.com'], ports: [9092, '9096-9098'] },
        ca: '/etc/topicrule/ca.pem',
      },
    })
    expect(printConfig(config)).toContain(`${ARN}:`)
  })

  it.each([
    [{ hosts: ['a b'] }, 'hosts[0]: must be a host name'],
    [{ hosts: [] }, 'hosts: must have at least 1 entry'],
    [{ ports: [0] }, 'ports[0]: must be a port from 1 to 65535, or a range such as 9092-9098'],
    [{ ports: ['x'] }, 'ports[0]: must be a port'],
    [{ ports: [9092, '9-1'] }, 'ports[1]: must be a port'],
    [{ ports: [1.5] }, 'ports[0]: must be a port'],
    [{ networks: ['10.0.0.0/33'] }, 'networks[0]: must be an address or a range'],
    [{ networks: ['kafka'] }, 'networks[0]: must be an address or a range'],
    [{ enabled: 'no' }, 'enabled: must be true or false'],
    [{ host: ['a'] }, 'host is not a configuration key'],
    [{ hostOverrides: { a: 'b.test' } }, 'hostOverrides.a: must be an address, or up to 8 of them'],
    [{ hostOverrides: { a: Array(9).fill('10.0.0.1') } }, 'hostOverrides.a: must be an address, or up to 8'],
    [{ hostOverrides: { 'A.test': '10.0.0.1' } }, 'hostOverrides.A.test: must be a host name in lower case'],
  ])('refuse %j', (policy, message) => {
    const result = read(policy)
    expect(result.ok).toBe(false)
    expect(JSON.stringify(result)).toContain(`destinations.${ARN}.${message}`)
  })

  it('refuse an override that leads to where the policy does not, before any rule is there', () => {
    const hostOverrides = { 'broker.internal.test': ['10.1.0.7', '10.2.0.7'] }
    const config = configured({ networks: ['10.1.0.0/16'], hostOverrides })
    expect(config.destinations?.[ARN]?.hostOverrides).toEqual(hostOverrides)
    expect(() => openDestinations(config.destinations)).toThrow(
      expect.objectContaining({
        code: 'CONFIG_INVALID',
        message: `destinations.${ARN}.hostOverrides: broker.internal.test leads outside of networks: the address 10.2.0.7 is not in 10.1.0.0/16.`,
      }),
    )
  })

  it('name the nearest key for a misspelled one', () => {
    const result = read({ network: [] })
    expect(!result.ok && result.diagnostics[0]?.hint).toBe('Did you mean "networks"?')
  })

  it('are refused with the key where a part passes the schema and is none', () => {
    expect(() => openDestinations(configured({ hosts: ['*.*.*.*.*.*.*'] }).destinations)).toThrow(
      `destinations.${ARN}.`,
    )
  })

  it('read their authorities at the start, or say what is wrong with the file', () => {
    const directory = mkdtempSync(join(tmpdir(), 'topicrule-destinations-'))
    const [good, bad] = [join(directory, 'good.pem'), join(directory, 'bad.pem')]
    writeFileSync(good, rootCertificates[0]!)
    writeFileSync(bad, 'none')
    expect(openDestinations(configured({ ca: good }).destinations)?.get(ARN)?.ca).toContain(
      'BEGIN CERTIFICATE',
    )
    expect(() => openDestinations(configured({ ca: bad }).destinations)).toThrow(
      expect.objectContaining({
        code: 'CONFIG_INVALID',
        message: expect.stringContaining(`ca: ${bad} `) as string,
      }),
    )
    expect(() => openDestinations(configured({ ca: join(directory, 'no.pem') }).destinations)).toThrow(
      expect.objectContaining({ code: 'CONFIG_FILE_MISSING' }),
    )
  })
})
