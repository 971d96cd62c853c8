import { afterEach, describe, expect, it } from 'vitest'
import {
  checkAclTopic,
  checkPasswordHash,
  hashPassword,
  parseUsers,
  type AclRule,
} from '../../src/ingest/index.ts'
import { createAuthorizer } from '../../src/ingest/authorize.ts'
import { FailureDelay } from '../../src/ingest/authenticate.ts'
import { connected, publish, start, type Running } from './helpers.ts'

let server: Running | undefined

afterEach(async () => {
  await server?.stop()
  server = undefined
})

const listener = (anonymous: boolean) => [
  { host: '127.0.0.1', port: 0, transport: 'tcp' as const, anonymous },
]

describe('A password', () => {
  it.each([
    [4, 'returnCode', 4],
    [5, 'reasonCode', 0x86],
  ] as const)('is checked against its hash in level %i', async (version, field, refused) => {
    const users = new Map([['device', await hashPassword('secret')]])
    server = await start({ listeners: listener(true), users })
    const attempt = async (username: string | undefined, password?: string): Promise<number> => {
      const fields = { username, password: password === undefined ? undefined : Buffer.from(password) }
      const { connack, client } = await connected(server!.port, version, fields)
      client.destroy()
      return (connack as unknown as Record<string, number>)[field]!
    }
    expect(await attempt('device', 'secret')).toBe(0)
    expect(await attempt('device', 'secret')).toBe(0)
    expect(await attempt('device', 'wrong')).toBe(refused)
    expect(await attempt('device')).toBe(refused)
    expect(await attempt('nobody', 'secret')).toBe(refused)
    expect(await attempt(undefined)).toBe(0)
    expect(server.events.counts.get('authentications_failed')).toBe(3)
  })

  it('makes its user the principal', async () => {
    const users = new Map([['device', await hashPassword('secret')]])
    server = await start({ listeners: listener(false), users })
    const { client } = await connected(server.port, 4, {
      username: 'device',
      password: Buffer.from('secret'),
    })
    client.send(publish({}))
    expect((await server.sink.received(1))[0]!.client.principal).toBe('device')
    client.destroy()
  })

  it.each([
    [4, { returnCode: 5 }],
    [5, { reasonCode: 0x87 }],
  ] as const)('is needed in level %i where anonymous clients are not admitted', async (version, answer) => {
    server = await start({ listeners: listener(false) })
    expect((await connected(server.port, version)).connack).toMatchObject(answer)
    const named = await connected(server.port, version, { username: 'anyone', password: Buffer.from('x') })
    expect(named.connack).toMatchObject(answer)
  })

  it('file is read with every fault named by its line and without its content', async () => {
    const hash = await hashPassword('p')
    expect(parseUsers(`# comment\n\nuser:${hash}\r\n`)).toEqual({
      ok: true,
      users: new Map([['user', hash]]),
    })
    const faulty = parseUsers(`user:plain-secret\nnohash\nuser2:${hash}\nuser2:${hash}`)
    expect(faulty).toMatchObject({ ok: false, faults: [{ line: 1 }, { line: 2 }, { line: 4 }] })
    expect(JSON.stringify(faulty)).not.toContain('plain-secret')
  })

  it('hash with costs that would exhaust memory is refused', () => {
    const hash = 'A'.repeat(43)
    expect(checkPasswordHash(`$scrypt$1048576$8$1$${hash}=$${hash}=`)).toBeDefined()
    expect(checkPasswordHash(`$scrypt$16383$8$1$${hash}=$${hash}=`)).toBeDefined()
    expect(checkPasswordHash(`$scrypt$16384$8$1$${hash}=$${hash}=`)).toBeUndefined()
  })

  it('that is wrong again and again is answered ever later, up to a bound, per address', () => {
    const delay = new FailureDelay(1_000)
    expect([1, 2, 3, 4, 5, 6].map(() => delay.next('a', 0))).toEqual([100, 200, 400, 800, 1_000, 1_000])
    expect(delay.next('b', 0)).toBe(100)
    expect(delay.next('a', 100_000)).toBe(100)
  })
})

describe('The access list', () => {
  const identity = { clientId: 'd1', username: 'ann', certificate: { fingerprint: 'ab', commonName: 'cn1' } }
  const allows = (rules: AclRule[], topic: string, who: Partial<typeof identity> = {}): boolean =>
    createAuthorizer(rules, { ...identity, ...who })(topic)

  it('allows everything when there is none, and denies what it does not name', () => {
    expect(createAuthorizer(undefined, identity)('any/thing')).toBe(true)
    expect(allows([], 'any/thing')).toBe(false)
  })

  it('replaces variables and takes the first rule that matches', () => {
    const rules: AclRule[] = [
      { effect: 'deny', topics: ['devices/${clientId}/private/#'] },
      { effect: 'allow', topics: ['devices/${clientId}/#', 'users/${username}/+', 'certs/x-${cert:CN}'] },
    ]
    expect(allows(rules, 'devices/d1/temp')).toBe(true)
    expect(allows(rules, 'devices/d1/private/key')).toBe(false)
    expect(allows(rules, 'devices/d2/temp')).toBe(false)
    expect(allows(rules, 'users/ann/a')).toBe(true)
    expect(allows(rules, 'users/ann/a/b')).toBe(false)
    expect(allows(rules, 'certs/x-cn1')).toBe(true)
  })

  it('chooses rules by user, client and certificate', () => {
    const rule = (more: object): AclRule[] => [{ effect: 'allow', topics: ['t'], ...more }]
    expect(allows(rule({ users: ['ann'] }), 't')).toBe(true)
    expect(allows(rule({ users: ['bob'] }), 't')).toBe(false)
    expect(allows(rule({ clientIds: ['d1'] }), 't')).toBe(true)
    expect(allows(rule({ clientIds: ['d2'] }), 't')).toBe(false)
    expect(allows(rule({ certificates: ['AB'] }), 't')).toBe(true)
    expect(allows(rule({ certificates: ['cn1'] }), 't')).toBe(true)
    expect(allows(rule({ certificates: ['cn2'] }), 't')).toBe(false)
  })

  it.each(['#', '+', 'a/b', 'a+', 'a\0', ''])('is not widened by the client identifier %j', (clientId) => {
    const allow: AclRule[] = [{ effect: 'allow', topics: ['devices/${clientId}/x'] }]
    for (const topic of ['devices/d1/x', 'devices/a/b/x', `devices/${clientId}/x`, 'devices//x']) {
      expect(allows(allow, topic, { clientId })).toBe(false)
    }
    const deny: AclRule[] = [
      { effect: 'deny', topics: ['devices/${clientId}/x'] },
      { effect: 'allow', topics: ['#'] },
    ]
    expect(allows(deny, `devices/${clientId}/x`, { clientId })).toBe(false)
    expect(allows(deny, 'elsewhere', { clientId })).toBe(true)
  })

  it('names what is wrong with a pattern', () => {
    expect(checkAclTopic('a/${clientId}/#')).toBeUndefined()
    expect(checkAclTopic('a/${other}')).toContain('${other}')
    for (const pattern of ['', 'a/#/b', 'a+/b', 'a#']) expect(checkAclTopic(pattern)).toBeDefined()
  })

  it('turns a client away whose will it does not allow', async () => {
    server = await start({ acl: [{ effect: 'allow', topics: ['ok/#'] }] })
    const will = (topic: string) => ({ will: { topic, payload: 'w', qos: 0 } })
    expect((await connected(server.port, 5, will('bad'))).connack).toMatchObject({ reasonCode: 0x87 })
    const good = await connected(server.port, 5, will('ok/x'))
    expect(good.connack).toMatchObject({ reasonCode: 0 })
    good.client.destroy()
  })
})

describe('A PUBLISH that is not authorised', () => {
  const acl: AclRule[] = [{ effect: 'allow', topics: ['ok'] }]

  it.each([true, false])('is answered with 0x87 in MQTT 5 (problem information %s)', async (wanted) => {
    server = await start({ acl })
    const { client } = await connected(server.port, 5, { properties: { requestProblemInformation: wanted } })
    client.send(publish({ topic: 'no', messageId: 1 }), publish({ topic: 'no', qos: 2, messageId: 2 }))
    client.send(publish({ topic: 'no', qos: 0 }), { cmd: 'pingreq' })
    const puback = await client.next()
    expect(puback).toMatchObject({ cmd: 'puback', messageId: 1, reasonCode: 0x87 })
    expect('properties' in puback! && puback.properties !== undefined).toBe(wanted)
    expect(await client.next()).toMatchObject({ cmd: 'pubrec', messageId: 2, reasonCode: 0x87 })
    expect(await client.next()).toMatchObject({ cmd: 'pingresp' })
    expect(server.events.counts.get('publishes_refused')).toBe(3)
    expect(server.sink.messages).toHaveLength(0)
    client.destroy()
  })

  it('is acknowledged, counted and logged in 3.1.1', async () => {
    server = await start({ acl })
    const { client } = await connected(server.port, 4)
    client.send(publish({ topic: 'no', messageId: 1 }), publish({ topic: 'no', qos: 2, messageId: 2 }))
    expect(await client.next()).toMatchObject({ cmd: 'puback', messageId: 1 })
    expect(await client.next()).toMatchObject({ cmd: 'pubrec', messageId: 2 })
    client.send({ cmd: 'pubrel', messageId: 2 })
    expect(await client.next()).toMatchObject({ cmd: 'pubcomp', messageId: 2 })
    expect(server.sink.messages).toHaveLength(0)
    const log = server.events.logs.find(({ event }) => event === 'mqtt.publish_refused')
    expect(log).toMatchObject({
      code: 'MQTT_PUBLISH_NOT_AUTHORIZED',
      topic: 'no',
      traceId: expect.any(String),
    })
    client.destroy()
  })

  it('closes a 3.1.1 connection where so configured, once for the same message', async () => {
    server = await start({ acl, onRefused: 'close' })
    const first = await connected(server.port, 4, { clean: false })
    first.client.send(publish({ topic: 'no', messageId: 1 }))
    expect(await first.client.next()).toBeUndefined()
    const second = await connected(server.port, 4, { clean: false })
    second.client.send(publish({ topic: 'no', messageId: 1, dup: true }))
    expect(await second.client.next()).toMatchObject({ cmd: 'puback', messageId: 1 })
    second.client.destroy()
  })
})

describe('A PUBLISH above the maximum packet size', () => {
  const big = (fields: object = {}) => publish({ payload: 'x'.repeat(100_000), ...fields })

  it('closes an MQTT 5 connection with 0x95', async () => {
    server = await start({ limits: { maxPacketSize: 1_000 } })
    const { client } = await connected(server.port, 5)
    client.send(big())
    expect(await client.next()).toMatchObject({ cmd: 'disconnect', reasonCode: 0x95 })
  })

  it('is skipped and acknowledged in 3.1.1, and the stream goes on behind it', async () => {
    server = await start({ limits: { maxPacketSize: 1_000 } })
    const { client } = await connected(server.port, 4)
    client.send(
      big({ messageId: 1 }),
      big({ qos: 0 }),
      big({ qos: 2, messageId: 2 }),
      publish({ messageId: 3 }),
    )
    const [message] = await server.sink.received(1)
    expect(message!.payload.toString()).toBe('x')
    message!.settle('taken')
    expect(await client.next()).toMatchObject({ cmd: 'puback', messageId: 1 })
    expect(await client.next()).toMatchObject({ cmd: 'pubrec', messageId: 2 })
    expect(await client.next()).toMatchObject({ cmd: 'puback', messageId: 3 })
    expect(server.events.counts.get('publishes_refused')).toBe(3)
    client.destroy()
  })

  it('closes a 3.1.1 connection where so configured, once for the same message', async () => {
    server = await start({ limits: { maxPacketSize: 1_000 }, onRefused: 'close' })
    const first = await connected(server.port, 4, { clean: false })
    first.client.send(big({ messageId: 1 }))
    expect(await first.client.next()).toBeUndefined()
    const second = await connected(server.port, 4, { clean: false })
    second.client.send(big({ messageId: 1, dup: true }))
    expect(await second.client.next()).toMatchObject({ cmd: 'puback', messageId: 1 })
    second.client.destroy()
  })
})
