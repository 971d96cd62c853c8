import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { AgentProcess } from '../../src/deliver/kafka/isolated/agent-process.ts'
import { createDelivery, type KafkaDelivery } from '../../src/deliver/index.ts'
import { awsPolicy, type KafkaTarget, resolveTarget } from '../../src/deliver/specs.ts'
import {
  identityOf,
  type KerberosIdentity,
  krb5Configuration,
} from '../../src/deliver/kafka/kerberos/identity.ts'
import { hasKeyFor, readKeytab } from '../../src/deliver/kafka/kerberos/keytab.ts'
import {
  kdcFault,
  principalFault,
  realmFault,
  serviceNameFault,
} from '../../src/deliver/kafka/kerberos/names.ts'
import { makePrivateDirectory, sweep } from '../../src/deliver/kafka/isolated/private-directory.ts'
import { clockFault, ticketFault } from '../../src/deliver/kafka/kerberos/ticket-faults.ts'
import { lifeOf } from '../../src/deliver/kafka/kerberos/tickets.ts'

/** One entry of a keytab, as the format's description has it. */
function entry(realm: string, ...components: string[]): Buffer {
  const counted = (text: string): Buffer => {
    const length = Buffer.alloc(2)
    length.writeUInt16BE(text.length)
    return Buffer.concat([length, Buffer.from(text)])
  }
  const count = Buffer.alloc(2)
  count.writeUInt16BE(components.length)
  const tail = Buffer.alloc(4 + 4 + 1 + 2 + 2 + 16)
  const body = Buffer.concat([count, counted(realm), ...components.map(counted), tail])
  const length = Buffer.alloc(4)
  length.writeInt32BE(body.length)
  return Buffer.concat([length, body])
}

function hole(bytes: number): Buffer {
  const length = Buffer.alloc(4)
  length.writeInt32BE(-bytes)
  return Buffer.concat([length, Buffer.alloc(bytes, 0xff)])
}

function keytab(...entries: Buffer[]): string {
  return Buffer.concat([Buffer.from([5, 2]), ...entries]).toString('base64')
}

describe('a keytab', () => {
  it('names its principals, each once, whatever was removed between them', () => {
    const read = readKeytab(
      keytab(entry('A.TEST', 'alice'), hole(20), entry('A.TEST', 'kafka', 'host'), entry('A.TEST', 'alice')),
    )
    expect(read.ok && read.principals).toEqual(['alice@A.TEST', 'kafka/host@A.TEST'])
  })

  it('is for a principal with its own realm or the default one', () => {
    const principals = ['alice@A.TEST', 'gateway/edge@B.TEST']
    expect(hasKeyFor(principals, 'alice', 'A.TEST')).toBe(true)
    expect(hasKeyFor(principals, 'alice', 'B.TEST')).toBe(false)
    expect(hasKeyFor(principals, 'gateway/edge@B.TEST', 'A.TEST')).toBe(true)
  })

  it.each([
    ['', 'is empty'],
    ['not base64!', 'is not in base64'],
    [Buffer.from('PK zip').toString('base64'), 'is not a keytab: it does not begin with the bytes 05 02'],
    [keytab(), 'is a keytab without a key'],
    [keytab(entry('A.TEST', 'alice').subarray(0, 20)), 'is a keytab that is cut off or corrupt'],
    [keytab(Buffer.from([0, 0, 0, 4, 0xff, 0xff, 0xff, 0xff])), 'is a keytab that is cut off or corrupt'],
    [Buffer.alloc(70_000, 5).toString('base64'), 'has 70000 bytes; the limit is 66560'],
  ])('that cannot be used says why (%#)', (text, reason) => {
    expect(readKeytab(text)).toEqual({ ok: false, reason })
  })

  it('of any mutation never throws', () => {
    const sound = Buffer.from(
      keytab(entry('A.TEST', 'alice'), hole(8), entry('B.TEST', 'kafka', 'h')),
      'base64',
    )
    for (let at = 0; at < sound.length; at += 1) {
      for (const value of [0, 0x7f, 0x80, 0xff]) {
        const mutated = Buffer.from(sound)
        mutated[at] = value
        expect(typeof readKeytab(mutated.toString('base64')).ok).toBe('boolean')
      }
      expect(typeof readKeytab(sound.subarray(0, at).toString('base64')).ok).toBe('boolean')
    }
  })
})

describe('Kerberos names', () => {
  it('are taken as AWS documents them', () => {
    expect(realmFault('KERBEROSREALM')).toBeUndefined()
    expect(kdcFault('kerberosdns.com')).toBeUndefined()
    expect(kdcFault('a.example:88, [::1]:8801,10.0.0.1')).toBeUndefined()
    expect(principalFault('kafka-keytab/kafka-keytab.com')).toBeUndefined()
    expect(principalFault('alice@A.TEST')).toBeUndefined()
    expect(serviceNameFault('kafka')).toBeUndefined()
  })

  it('never carry the syntax of krb5.conf or of a command line', () => {
    const hostile = ['a\n[realms]', 'a }', '-c', '$(id)', '`id`', 'a b', '', 'a;b', "a'b", '"', 'a\0']
    for (const text of hostile) {
      expect([realmFault(text), kdcFault(text), principalFault(text), serviceNameFault(text)]).not.toContain(
        undefined,
      )
    }
    expect(kdcFault('host:0')).toBeDefined()
    expect(kdcFault(Array(11).fill('h').join())).toContain('11 hosts')
    expect(serviceNameFault('kafka/host')).toBeDefined()
    expect(principalFault('a@b@c')).toBeDefined()
  })
})

describe('a Kerberos identity', () => {
  const settings = (over: Record<string, string> = {}): ReadonlyMap<string, string> =>
    new Map(
      Object.entries({
        'sasl.kerberos.principal': 'alice',
        'sasl.kerberos.krb5.realm': 'A.TEST',
        'sasl.kerberos.krb5.kdc': 'one:88, two',
        'sasl.kerberos.keytab': keytab(entry('A.TEST', 'alice')),
        ...over,
      }),
    )

  it('is the same for the same principal, realm, centers and keytab alone', () => {
    const { key } = identityOf(settings())
    expect(identityOf(settings({ 'bootstrap.servers': 'elsewhere:9092' })).key).toBe(key)
    const others: Record<string, string>[] = [
      { 'sasl.kerberos.principal': 'bob' },
      { 'sasl.kerberos.krb5.realm': 'B.TEST' },
      { 'sasl.kerberos.krb5.kdc': 'one:88' },
      { 'sasl.kerberos.keytab': keytab(entry('A.TEST', 'alice'), entry('A.TEST', 'bob')) },
    ]
    for (const over of others) expect(identityOf(settings(over)).key).not.toBe(key)
  })

  it('has a krb5.conf that asks its centers in order and no name server', () => {
    const text = krb5Configuration(identityOf(settings()))
    expect(text).toContain('default_realm = A.TEST')
    expect(text).toMatch(/A\.TEST = \{\n    kdc = one:88\n    kdc = two\n  \}/)
    expect(text).toContain('dns_lookup_kdc = false')
  })
})

describe('a private directory', () => {
  it('of a process that is gone is removed, that of a living one stays', () => {
    const root = mkdtempSync(join(tmpdir(), 'topicrule-test-'))
    // The largest process id of Linux is 2^22.
    const dead = join(root, 'topicrule-private-4194999-abc')
    const foreign = join(root, 'topicrule-private')
    // The server of a container has the same id at each start.
    const earlier = join(root, `topicrule-private-${process.pid}-abc`)
    mkdirSync(earlier)
    mkdirSync(dead)
    mkdirSync(foreign)
    const own = makePrivateDirectory(root)
    sweep(root)
    expect(existsSync(earlier)).toBe(false)
    expect([existsSync(dead), existsSync(foreign), existsSync(own.path)]).toEqual([false, true, true])
    own.remove()
    expect(existsSync(own.path)).toBe(false)
    rmSync(root, { recursive: true })
  })
})

describe('the process of an identity', () => {
  const identity = (): KerberosIdentity => ({
    ...{ key: 'k', principal: 'alice', realm: 'A.TEST', kdcs: ['127.0.0.1:1'] },
    keytab: Buffer.from(keytab(entry('A.TEST', 'alice')), 'base64'),
  })
  const opened = (act: (agent: AgentProcess) => void, closeAfter?: number): Promise<string> =>
    new Promise((resolve) => {
      const agent: AgentProcess = new AgentProcess(
        { key: 'k', kerberos: identity(), overrides: undefined },
        () => resolve('empty'),
        closeAfter,
      )
      const listener = {
        received: ({ kind }: { readonly kind: string }) => resolve(kind),
        ticketed: () => {},
        faulted: () => act(agent),
        died: (reason: string) => resolve(reason),
      }
      agent.open(1, listener, {}, {})
    })

  it('ends with its last producer', async () => {
    expect(await opened((agent) => agent.close(1))).toBe('closed')
  }, 20_000)

  it('knows where the authorities of the system are, and no secret of the environment', async () => {
    process.env['SSL_CERT_FILE'] ??= '/etc/ssl/certs/ca-certificates.crt'
    process.env['SECRET_KAFKA'] = 'hunter2secret'
    let variables = ''
    await opened((agent) => {
      variables = readFileSync(`/proc/${agent.pid}/environ`, 'utf8')
      agent.close(1)
    })
    delete process.env['SECRET_KAFKA']
    expect(variables).toContain('SSL_CERT_FILE=')
    expect(variables).not.toContain('hunter2secret')
  }, 20_000)

  it('is killed when it hangs and does not close a producer', async () => {
    let pid = 0
    const hang = (agent: AgentProcess): void => {
      pid = agent.pid!
      process.kill(pid, 'SIGSTOP')
      agent.close(1)
    }
    expect(await opened(hang, 200)).toBe('empty')
    expect(() => process.kill(pid, 0)).toThrow()
  }, 20_000)

  it('that cannot be started is tried again, and told', async () => {
    const temporary = process.env['TMPDIR']
    const told: string[] = []
    const target = resolveTarget(
      {
        ...{ 'bootstrap.servers': '127.0.0.1:1', 'security.protocol': 'SASL_PLAINTEXT', acks: 'all' },
        ...{ 'sasl.mechanism': 'GSSAPI', 'sasl.kerberos.service.name': 'kafka' },
        ...{ 'sasl.kerberos.krb5.kdc': '127.0.0.1:1', 'sasl.kerberos.krb5.realm': 'A.TEST' },
        ...{ 'sasl.kerberos.principal': 'alice', 'sasl.kerberos.keytab': keytab(entry('A.TEST', 'alice')) },
      },
      { ...awsPolicy, extensions: ['SASL_PLAINTEXT'] },
    )
    process.env['TMPDIR'] = '/nowhere/at/all'
    try {
      await new Promise<void>((resolve) => {
        const onFault = (_: string, message: string): void => {
          told.push(message)
          resolve()
        }
        const delivery = createDelivery({ maxProducers: 1, idleTimeout: 60_000, onFault })
        delivery.open((target as { target: KafkaTarget }).target)
        closeLater.push(delivery)
      })
    } finally {
      if (temporary === undefined) delete process.env['TMPDIR']
      else process.env['TMPDIR'] = temporary
    }
    expect(told[0]).toContain('cannot be started: ENOENT')
    expect(closeLater[0]!.health()[0]!.state).toBe('replacing')
    await closeLater[0]!.close()
  })
  const closeLater: KafkaDelivery[] = []
})

describe('a ticket', () => {
  it('of another time is the fault of the clocks', () => {
    expect(clockFault(299_000)).toBeUndefined()
    expect(clockFault(-299_000)).toBeUndefined()
    expect(clockFault(3 * 3_600_000)).toContain('180 minutes ahead of this')
    expect(clockFault(-600_000)).toContain('10 minutes behind this')
  })

  it('ends when klist says', () => {
    const listing = [
      'Ticket cache: FILE:/tmp/cache',
      'Default principal: alice@A.TEST',
      '',
      'Valid starting     Expires            Service principal',
      '11/21/26 07:05:50  11/21/26 17:05:50  krbtgt/A.TEST@A.TEST',
    ].join('\n')
    expect(lifeOf(listing)).toEqual({
      startsAt: Date.UTC(2026, 10, 21, 7, 5, 50),
      endsAt: Date.UTC(2026, 10, 21, 17, 5, 50),
    })
    expect(lifeOf('no ticket')).toBeUndefined()
  })

  it.each([
    [
      "kinit: Client 'x@A.TEST' not found in Kerberos database while getting initial credentials",
      'kerberos-principal',
    ],
    [
      'kinit: Keytab contains no suitable keys for x@A.TEST while getting initial credentials',
      'kerberos-keytab',
    ],
    ['kinit: Preauthentication failed while getting initial credentials', 'kerberos-keytab'],
    ['kinit: Password incorrect while getting initial credentials', 'kerberos-keytab'],
    ['kinit: Clock skew too great while getting initial credentials', 'kerberos-clock'],
    ["kinit: Cannot contact any KDC for realm 'A.TEST' while getting initial credentials", 'kerberos-kdc'],
    ["kinit: Client's credentials have been revoked while getting initial credentials", 'kerberos-principal'],
    ['kinit: Realm not local to KDC while getting initial credentials', 'kerberos-principal'],
    ['kinit: something new', 'kerberos-kdc'],
  ])('that is refused has a cause: %s', (text, kind) => {
    const fault = ticketFault(text)
    expect(fault.kind).toBe(kind)
    expect(fault.message).toContain(text)
  })
})
