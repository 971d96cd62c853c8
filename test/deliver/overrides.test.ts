import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { createDelivery, type KafkaDelivery, startEmbeddedKafka } from '../../src/deliver/index.ts'
import { DestinationGuard, type GuardVerdict, hostsFile } from '../../src/deliver/kafka/destination/index.ts'
import {
  hostsLibrary,
  missingForOverrides,
  requireOverrides,
} from '../../src/deliver/kafka/isolated/hosts-library.ts'
import { overridesFault } from '../../src/deliver/kafka/isolated/hosts-watch.ts'
import { isolationOf } from '../../src/deliver/kafka/isolated/isolation.ts'
import { toLibrdkafka } from '../../src/deliver/kafka/to-librdkafka.ts'
import {
  awsPolicy,
  type DestinationRules,
  type Destinations,
  EgressPolicy,
  type KafkaTarget,
  resolveTarget,
} from '../../src/deliver/specs.ts'
import { producerProcesses } from '../helpers/producer-processes.ts'
import { deliver, record, until } from './helpers.ts'

const ARN = 'arn:aws:iot:eu-west-1:123456789012:ruledestination/vpc/one'

function target(servers: string, rules: DestinationRules): KafkaTarget {
  const destinations = new Map([[ARN, new EgressPolicy(rules)]])
  const properties = { 'bootstrap.servers': servers, 'security.protocol': 'PLAINTEXT', acks: 'all' }
  const result = resolveTarget(properties, { ...awsPolicy, extensions: ['PLAINTEXT'], destinations }, ARN)
  if (!result.ok) throw new Error(JSON.stringify(result.diagnostics))
  return result.target
}

const one = { hostOverrides: { 'broker.internal.test': '10.1.0.7' } }

describe('host-name overrides', () => {
  it.each([
    [{ 'Broker.test': '10.0.0.1' }, '"Broker.test" must be a host name in lower case, without *'],
    [{ '*.test': '10.0.0.1' }, '"*.test" must be a host name'],
    [{ 'a..test': '10.0.0.1' }, '"a..test" must be a host name'],
    [{ 'a.test\n6.6.6.6 b.test': '10.0.0.1' }, 'must be a host name'],
    [{ '10.0.0.1': '10.0.0.2' }, '"10.0.0.1" is an address'],
    [{ '0xa9fea9fe': '10.0.0.2' }, '"0xa9fea9fe" is an address'],
    [{ 'a.test': 'b.test' }, '"a.test" has "b.test", which is no IPv4 or IPv6 address'],
    [{ 'a.test': '10.1' }, '"a.test" has "10.1", which is no'],
    [{ 'a.test': 'fe80::1%eth0' }, 'which is no IPv4 or IPv6 address'],
    [{ 'a.test': [] }, '"a.test" has no address'],
  ])('refuse %j', (hostOverrides, message) => {
    expect(() => new EgressPolicy({ hostOverrides })).toThrow(message)
  })

  it('are as many as the library keeps, names and addresses counted together', () => {
    const many = (count: number): Record<string, string> =>
      Object.fromEntries(Array.from({ length: count }, (_, n) => [`b-${n}.test`, `10.0.0.${n}`]))
    expect(new EgressPolicy({ hostOverrides: many(50) }).overrides?.size).toBe(50)
    expect(() => new EgressPolicy({ hostOverrides: many(51) })).toThrow('102 names and addresses together')
  })

  it.each([
    [{ networks: ['10.1.0.0/16'] }, '10.2.0.1', 'outside of networks: the address 10.2.0.1 is not in'],
    [{}, '169.254.169.254', 'outside of networks: the address 169.254.169.254 is refused'],
    [{}, '::ffff:169.254.169.254', 'it is a metadata address of clouds'],
    [{ networks: ['0.0.0.0/0'] }, '169.254.1.1', 'it is link-local'],
    [
      { allowPrivate: false, networks: ['10.1.0.0/16', '0.0.0.0/0'] },
      '10.0.0.1',
      'outside of allowPrivate: the address 10.0.0.1 is refused',
    ],
  ])('open nothing that %j does not: %s', (rules: DestinationRules, address, message) => {
    const hostOverrides = { 'a.test': ['10.1.0.1', address] }
    expect(() => new EgressPolicy({ ...rules, hostOverrides })).toThrow(message)
  })

  it('tell policies, and so producers, apart; their order does not', () => {
    const of = (hostOverrides: Record<string, string | string[]>): string =>
      new EgressPolicy({ hostOverrides }).identity
    expect(of({ 'a.test': '10.0.0.1' })).not.toBe('')
    expect(of({ 'a.test': '10.0.0.1' })).toBe(of({ 'a.test': ['10.0.0.1'] }))
    expect(of({ 'a.test': '10.0.0.1' })).not.toBe(of({ 'a.test': '10.0.0.2' }))
    expect(of({ 'a.test': '10.0.0.1', 'b.test': '::1' })).toBe(of({ 'b.test': '::1', 'a.test': '10.0.0.1' }))
    expect(new EgressPolicy({ hostOverrides: {} }).identity).toBe('')
  })

  it('hold for a name however a cluster writes it, and for no other', () => {
    const policy = new EgressPolicy(one)
    expect(policy.addressesOf('Broker.INTERNAL.test.')).toEqual(['10.1.0.7'])
    expect(policy.addressesOf('x.broker.internal.test')).toBeUndefined()
  })

  it('are what brokers are checked by, and the resolver is not asked for them', async () => {
    const asked: string[] = []
    const lookup = (host: string): Promise<readonly string[]> => {
      asked.push(host)
      return Promise.resolve(['10.1.0.9'])
    }
    const policy = new EgressPolicy({ ...one, networks: ['10.1.0.0/29'] })
    const guard = new DestinationGuard(policy, 'broker.internal.test:9092', lookup)
    const check = (...hosts: string[]): Promise<GuardVerdict> =>
      new Promise((resolve) =>
        guard.check(
          hosts.map((host) => ({ host, port: 9092 })),
          resolve,
        ),
      )
    expect(await check()).toBeUndefined()
    expect(await check('BROKER.internal.test')).toBeUndefined()
    expect(asked).toEqual([])
    expect(await check('other.internal.test')).toMatchObject({ kind: 'forbidden' })
    expect(asked).toEqual(['other.internal.test'])
  })

  it('share a process where they are equal, and need one of their own', () => {
    const [first, second] = [target('a:1', one), target('b:1', one)]
    expect(isolationOf(first)?.key).toBe(isolationOf(second)?.key)
    const other = target('a:1', { hostOverrides: { 'broker.internal.test': '10.1.0.8' } })
    expect(isolationOf(other)?.key).not.toBe(isolationOf(first)?.key)
    expect(isolationOf(target('a:1', {}))).toBeUndefined()
  })

  it('are asked for in both families at once, which is how the library never falls back to the resolver', () => {
    const family = (rules: DestinationRules): unknown =>
      toLibrdkafka(target('localhost:1', rules)).global['broker.address.family']
    expect(family({})).toBe('v4')
    expect(family({ hostOverrides: { localhost: '::1' } })).toBe('any')
  })

  it('name the library where it is missing, and every place it was looked for', () => {
    const directory = mkdtempSync(join(tmpdir(), 'topicrule-test-'))
    expect(missingForOverrides([directory, '/nowhere'])).toBe(
      `hostOverrides need the library nss_wrapper (Debian: apt-get install libnss-wrapper), and there is no libnss_wrapper.so in ${directory}, /nowhere.`,
    )
    const policies = (rules: DestinationRules): Destinations => new Map([[ARN, new EgressPolicy(rules)]])
    expect(() => requireOverrides(policies(one), [directory])).toThrow(
      expect.objectContaining({
        code: 'CONFIG_OVERRIDES_UNAVAILABLE',
        message: expect.stringMatching(/^destinations\.arn:.*: hostOverrides need the library/) as string,
      }),
    )
    expect(() => requireOverrides(policies({}), [directory])).not.toThrow()
    expect(() => requireOverrides(undefined, [directory])).not.toThrow()
    writeFileSync(join(directory, 'libnss_wrapper.so'), '')
    expect(() => requireOverrides(policies(one), [directory])).not.toThrow()
    expect(hostsLibrary(['/nowhere', directory])).toBe(join(directory, 'libnss_wrapper.so'))
    expect(missingForOverrides([directory])).toBeUndefined()
    rmSync(directory, { recursive: true })
  })

  it('that have no effect are told, with what the resolver says instead', async () => {
    const overrides = [...new EgressPolicy({ hostOverrides: { localhost: '10.9.9.9' } }).overrides!]
    expect(await overridesFault({ file: '/nowhere', overrides })).toMatch(
      /^hostOverrides have no effect: localhost is .*127\.0\.0\.1.* in place of 10\.9\.9\.9$/,
    )
    expect(hostsFile(new Map(overrides))).toBe('10.9.9.9 localhost\n')
  })
})

describe('a producer with host-name overrides', () => {
  let delivery: KafkaDelivery | undefined
  const faults: string[] = []
  afterEach(async () => {
    await delivery?.close()
    faults.length = 0
  })
  const start = (): KafkaDelivery => {
    const onFault = (_servers: string, message: string): unknown => faults.push(message)
    delivery = createDelivery({ maxProducers: 4, idleTimeout: 60_000, onFault })
    return delivery
  }
  const directories = (): string[] =>
    readdirSync(tmpdir()).filter((name) => name.startsWith(`topicrule-private-${process.pid}-`))

  it('finds its broker by a name that no resolver knows, the ones beside it by the resolver', async () => {
    const kafka = await startEmbeddedKafka()
    const port = kafka.bootstrap.split(':')[1]!
    const hostOverrides = { 'broker.internal.test': ['127.0.0.1', '::1'], 'six.internal.test': '::1' }
    // The cluster of one broker advertises 127.0.0.1.
    const sender = start().open(target(`broker.internal.test:${port},localhost:${port}`, { hostOverrides }))
    expect(await deliver(sender, record())).toBeUndefined()
    const [directory, ...more] = directories()
    expect(more).toEqual([])
    const path = join(tmpdir(), directory!)
    expect(statSync(path).mode & 0o777).toBe(0o700)
    expect(statSync(join(path, 'hosts')).mode & 0o777).toBe(0o600)
    expect(readFileSync(join(path, 'hosts'), 'utf8')).toBe(
      '127.0.0.1 broker.internal.test\n::1 broker.internal.test\n::1 six.internal.test\n',
    )
    await delivery!.close()
    expect(directories()).toEqual([])
    await until(() => producerProcesses(process.pid).length === 0, 'the process ended')
    await kafka.close()
  }, 30_000)

  it('gets a new process when its file is removed, rather than the addresses of a resolver', async () => {
    const kafka = await startEmbeddedKafka()
    const port = kafka.bootstrap.split(':')[1]!
    const sender = start().open(
      target(`broker.internal.test:${port}`, { hostOverrides: { 'broker.internal.test': '127.0.0.1' } }),
    )
    expect(await deliver(sender, record())).toBeUndefined()
    const [before] = producerProcesses(process.pid)
    rmSync(join(tmpdir(), directories()[0]!, 'hosts'))
    await until(() => faults.length > 0, 'the process ended')
    expect(faults[0]).toContain('The file of hostOverrides was removed or changed')
    expect(await deliver(sender, record())).toBeUndefined()
    const [after] = producerProcesses(process.pid)
    expect(after).not.toBe(before)
    await delivery!.close()
    await kafka.close()
  }, 30_000)
})
