import { lookup } from 'node:dns/promises'
import { describe, expect, it } from 'vitest'
import { innerAddress, readAddress } from '../../src/deliver/kafka/destination/ip.ts'
import { type DestinationRules, EgressPolicy } from '../../src/deliver/specs.ts'

/** The key of the policy that forbids a broker; undefined where it may be reached. */
function forbids(rules: DestinationRules, host: string, port = 9092): string | undefined {
  return new EgressPolicy(rules).forbidsServer(host, port)?.key
}

describe('an address', () => {
  it.each([
    ['2852039166', '169.254.169.254'],
    ['0xa9fea9fe', '169.254.169.254'],
    ['0xa9.0376.43518', '169.254.169.254'],
    ['0251.0376.0251.0376', '169.254.169.254'],
    ['169.254.43518', '169.254.169.254'],
    ['0x7f.1', '127.0.0.1'],
    ['127.1', '127.0.0.1'],
    ['0', '0.0.0.0'],
    ['10.1', '10.0.0.1'],
  ])('%s is read as the resolver reads it', async (text, meant) => {
    expect((await lookup(text)).address).toBe(meant)
    expect(readAddress(text)).toEqual(readAddress(meant))
  })

  it.each(['::ffff:169.254.169.254', '::ffff:a9fe:a9fe', '[0:0:0:0:0:ffff:169.254.169.254]'])(
    'in IPv4 mapped into IPv6, %s, is the IPv4 address',
    (text) => {
      expect(readAddress(text)).toEqual({ bits: 32, value: 0xa9fea9fen })
    },
  )

  it.each(['64:ff9b::169.254.169.254', '64:ff9b::a9fe:a9fe', '2002:a9fe:a9fe::1', '::169.254.169.254'])(
    'that carries an IPv4 address to another end, %s, tells it',
    (text) => {
      expect(innerAddress(readAddress(text)!)).toEqual({ bits: 32, value: 0xa9fea9fen })
    },
  )

  it('is read with its zeros left out, with brackets and with a zone', () => {
    expect(readAddress('[fe80::1%eth0]')).toEqual({ bits: 128, value: (0xfe80n << 112n) | 1n })
    expect(readAddress('2001:db8::ff00:42:8329')).toEqual(readAddress('2001:0db8:0:0:0:ff00:0042:8329'))
  })

  it.each(['kafka', '1.2.3.4.5', '256.1.1.1', '4294967296', '08.1.1.1', '0x', '1..2', '', 'a.b:1'])(
    'is not what %j is',
    (text) => expect(readAddress(text)).toBeUndefined(),
  )
})

describe('the default policy', () => {
  it.each([
    'kafka.example.com',
    'localhost',
    '127.0.0.1',
    '10.2.3.4',
    '192.168.1.9',
    '::1',
    'fd12::1',
    '8.8.8.8',
  ])('lets %s be reached', (host) => expect(forbids({}, host)).toBeUndefined())

  it.each([
    ...['169.254.169.254', '2852039166', '0xa9fea9fe', '169.254.1.1', '100.100.100.200', 'fd00:ec2::254'],
    ...['fe80::1', 'fe80::1%eth0', '::ffff:169.254.169.254', '64:ff9b::a9fe:a9fe', '2002:a9fe:a9fe::1'],
    ...['0.0.0.0', '0', '::', '224.0.0.1', 'ff02::1', '255.255.255.255'],
  ])('refuses %s', (host) => expect(forbids({}, host)).toBe('networks'))

  it('refuses what no host is called', () => {
    for (const host of ['', 'a b', 'a","nodeid":-1', 'a/b', '-x']) expect(forbids({}, host)).toBe('hosts')
  })

  it('restricts nothing more, and says so', () => {
    expect(new EgressPolicy()).toMatchObject({ restricts: false, identity: '' })
    expect(new EgressPolicy({ ports: [9092] }).restricts).toBe(true)
  })
})

describe('a policy', () => {
  it.each([
    ['kafka.example.com', 'KAFKA.example.com.', undefined],
    ['kafka.example.com', 'kafka.example.com.evil.net', 'hosts'],
    ['*.example.com', 'b-1.msk.example.com', undefined],
    ['*.example.com', 'example.com', 'hosts'],
    ['*.example.com', 'badexample.com', 'hosts'],
    ['*.example.com', 'kafkaXexample.com', 'hosts'],
    ['b-*.kafka.example.com', 'b-12.kafka.example.com', undefined],
    ['b-*.kafka.example.com', 'b-1.evil.kafka.example.com', 'hosts'],
    ['*', 'anything', undefined],
    ['10.1.2.3', '0xa010203', undefined],
    ['10.1.2.3', '10.1.2.4', 'hosts'],
    ['[::1]', '0:0:0:0:0:0:0:1', undefined],
  ])('with the host %s, asked for %s, is answered by %s', (pattern, host, key) => {
    expect(forbids({ hosts: [pattern] }, host)).toBe(key)
  })

  it('bounds ports, by number and by range', () => {
    const rules = { ports: [443, '9092-9094'] }
    for (const port of [443, 9092, 9094]) expect(forbids(rules, 'kafka', port)).toBeUndefined()
    for (const port of [442, 9091, 9095, 0, NaN]) expect(forbids(rules, 'kafka', port)).toBe('ports')
  })

  it.each([
    ['10.1.0.0/16', '10.1.255.255', undefined],
    ['10.1.0.0/16', '10.2.0.0', 'networks'],
    ['10.1.0.0/16', '::ffff:10.1.2.3', undefined],
    ['10.1.0.0/16', '::1', 'networks'],
    ['10.1.2.3', '10.1.2.3', undefined],
    ['0.0.0.0/0', '8.8.8.8', undefined],
    ['fd12::/16', 'fd12:1::1', undefined],
    ['fd12::/16', 'fd13::1', 'networks'],
    ['::ffff:10.1.0.0/112', '10.1.2.3', undefined],
  ])('with the network %s, asked for %s, is answered by %s', (network, address, key) => {
    expect(new EgressPolicy({ networks: [network] }).forbidsAddress(address)?.key).toBe(key)
  })

  it.each([
    ['0.0.0.0/0', 'networks'],
    ['::/0', 'networks'],
    ['169.254.0.0/16', 'networks'],
    ['169.254.169.254/32', undefined],
    ['169.254.169.254', undefined],
  ])('reaches a metadata address only where a network names it: %s', (network, key) => {
    expect(new EgressPolicy({ networks: [network] }).forbidsAddress('169.254.169.254')?.key).toBe(key)
  })

  it('reaches a link-local network that it names', () => {
    const policy = new EgressPolicy({ networks: ['169.254.7.0/24'] })
    expect(policy.forbidsAddress('169.254.7.9')).toBeUndefined()
    expect(policy.forbidsAddress('169.254.8.9')?.key).toBe('networks')
  })

  it('may refuse private addresses, but for those it names', () => {
    const none = new EgressPolicy({ allowPrivate: false })
    for (const address of [
      '127.0.0.1',
      '10.0.0.1',
      '172.31.0.1',
      '192.168.0.1',
      '100.64.0.1',
      '::1',
      'fd12::1',
    ])
      expect(none.forbidsAddress(address)?.key).toBe('allowPrivate')
    expect(none.forbidsAddress('172.32.0.1')).toBeUndefined()
    const some = new EgressPolicy({ allowPrivate: false, networks: ['10.1.0.0/16', '0.0.0.0/0'] })
    expect(some.forbidsAddress('10.1.0.1')).toBeUndefined()
    expect(some.forbidsAddress('10.2.0.1')?.key).toBe('allowPrivate')
  })

  it('is told from others by what it decides', () => {
    const identities = [
      {},
      { hosts: ['a'] },
      { hosts: ['b'] },
      { ports: [1] },
      { allowPrivate: false },
      { ca: 'x' },
    ]
    expect(new Set(identities.map((rules) => new EgressPolicy(rules).identity)).size).toBe(identities.length)
    expect(new EgressPolicy({ hosts: ['a'] }).identity).toBe(new EgressPolicy({ hosts: ['a'] }).identity)
  })

  it.each([
    [{ hosts: ['a b'] }, 'hosts: "a b"'],
    [{ hosts: ['*.*.*.*.*.*.x'] }, 'hosts:'],
    [{ ports: ['9-1'] }, 'ports: "9-1"'],
    [{ ports: [70_000] }, 'ports:'],
    [{ networks: ['10.0.0.0/33'] }, 'networks:'],
    [{ networks: ['example.com'] }, 'networks:'],
  ] as [DestinationRules, string][])('that cannot be read, %j, is refused by name', (rules, text) => {
    expect(() => new EgressPolicy(rules)).toThrow(text)
  })
})
