import { appendFile, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { SessionLog, type StoredSession } from '../../src/ingest/session-log.ts'
import { connected, publish, start, type ConnectFields, type Running } from './helpers.ts'

let directory: string
let server: Running | undefined

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'sessions-'))
})

afterEach(async () => {
  await server?.stop()
  server = undefined
  await rm(directory, { recursive: true, force: true })
})

const persistent4: ConnectFields = { clean: false, clientId: 'keeper' }
const persistent5: ConnectFields = {
  clean: false,
  clientId: 'keeper',
  properties: { sessionExpiryInterval: 1_000 },
}

async function present(running: Running, version: 4 | 5, fields: ConnectFields): Promise<boolean> {
  const { client, connack } = await connected(running.port, version, fields)
  client.send({ cmd: 'disconnect' })
  await client.end()
  return (connack as { sessionPresent: boolean }).sessionPresent
}

describe('Session Present', () => {
  it.each([
    [4, persistent4],
    [5, persistent5],
  ] as const)('is truthful over connections of level %i', async (version, fields) => {
    server = await start()
    expect(await present(server, version, fields)).toBe(false)
    expect(await present(server, version, fields)).toBe(true)
    expect(await present(server, version, { ...fields, clean: true })).toBe(false)
  })

  it('is false after a clean start without expiry, whatever was before', async () => {
    server = await start()
    await present(server, 5, persistent5)
    await present(server, 5, { clean: true, clientId: 'keeper' })
    expect(await present(server, 5, persistent5)).toBe(false)
  })

  it('is false after the session has expired', async () => {
    server = await start()
    const short = { ...persistent5, properties: { sessionExpiryInterval: 1 } }
    expect(await present(server, 5, short)).toBe(false)
    expect(await present(server, 5, short)).toBe(true)
    await new Promise((resolve) => setTimeout(resolve, 1_100))
    expect(await present(server, 5, short)).toBe(false)
  })

  it('is false after DISCONNECT has set the expiry to zero', async () => {
    server = await start()
    const { client } = await connected(server.port, 5, persistent5)
    client.send({ cmd: 'disconnect', reasonCode: 0, properties: { sessionExpiryInterval: 0 } })
    await client.end()
    expect(await present(server, 5, persistent5)).toBe(false)
  })

  it('tells the expiry it grants where that is less than asked for', async () => {
    server = await start({ limits: { sessionExpiryMaximum: 60 } })
    const { connack, client } = await connected(server.port, 5, persistent5)
    expect(connack).toMatchObject({ properties: { sessionExpiryInterval: 60 } })
    client.destroy()
  })

  it('survives a restart, also of a process that had no time to say good-bye', async () => {
    const crashed = await start({ sessionDirectory: directory })
    const { client } = await connected(crashed.port, 4, persistent4)
    const { client: clean } = await connected(crashed.port, 4, { clientId: 'clean' })
    // What is on disk while the client is connected is what a killed process leaves.
    const left = await readFile(join(directory, 'sessions.log'))
    client.destroy()
    clean.destroy()
    await crashed.stop()
    await writeFile(join(directory, 'sessions.log'), left)
    server = await start({ sessionDirectory: directory })
    expect(await present(server, 4, persistent4)).toBe(true)
    expect(await present(server, 4, { clean: false, clientId: 'clean' })).toBe(false)
  })

  it('ended by a clean start stays false after a restart', async () => {
    const first = await start({ sessionDirectory: directory })
    await present(first, 5, persistent5)
    await present(first, 5, { clean: true, clientId: 'keeper' })
    await first.stop()
    server = await start({ sessionDirectory: directory })
    expect(await present(server, 5, persistent5)).toBe(false)
  })

  it('is not promised when the session cannot be written', async () => {
    server = await start({ sessionDirectory: directory })
    await rm(directory, { recursive: true })
    await writeFile(directory, 'in the way')
    // The open file still takes appends; the rewrite that a long log needs does not find its directory.
    let refused = false
    for (let made = 0; made < 1_200 && !refused; made++) {
      const { connack, client } = await connected(server.port, 5, {
        ...persistent5,
        clientId: `c${made % 3}`,
      })
      client.destroy()
      refused = (connack as { reasonCode: number }).reasonCode === 0x88
    }
    expect(refused).toBe(true)
    expect(server.events.logs.some(({ event }) => event === 'mqtt.session_log_failed')).toBe(true)
  })

  it('leaves QoS 2 state with the session', async () => {
    server = await start()
    server.sink.settleWith = 'taken'
    const before = await connected(server.port, 5, persistent5)
    before.client.send(publish({ qos: 2, messageId: 8 }))
    expect(await before.client.next()).toMatchObject({ cmd: 'pubrec', messageId: 8 })
    before.client.destroy()
    const after = await connected(server.port, 5, persistent5)
    after.client.send(publish({ qos: 2, messageId: 8, dup: true }))
    expect(await after.client.next()).toMatchObject({ cmd: 'pubrec', messageId: 8 })
    after.client.send({ cmd: 'pubrel', messageId: 8 })
    expect(await after.client.next()).toMatchObject({ cmd: 'pubcomp', messageId: 8, reasonCode: 0 })
    expect(server.sink.messages).toHaveLength(1)
    after.client.destroy()
  })

  it('remembers a QoS 2 message that settled while its client was away', async () => {
    server = await start()
    const before = await connected(server.port, 5, persistent5)
    before.client.send(publish({ qos: 2, messageId: 8 }))
    const [message] = await server.sink.received(1)
    before.client.destroy()
    await server.events.counted('connections_closed', 1)
    message!.settle('taken')
    const after = await connected(server.port, 5, persistent5)
    after.client.send(publish({ qos: 2, messageId: 8, dup: true }))
    expect(await after.client.next()).toMatchObject({ cmd: 'pubrec', messageId: 8 })
    expect(server.sink.messages).toHaveLength(1)
    after.client.destroy()
  })

  it('remembers no QoS 2 message that was withheld while its client was away: it is passed on when it comes again', async () => {
    server = await start()
    const before = await connected(server.port, 5, persistent5)
    before.client.send(publish({ qos: 2, messageId: 8 }))
    const [message] = await server.sink.received(1)
    before.client.destroy()
    await server.events.counted('connections_closed', 1)
    message!.settle('withheld')
    server.sink.settleWith = 'taken'
    const after = await connected(server.port, 5, persistent5)
    after.client.send(publish({ qos: 2, messageId: 8, dup: true }))
    expect(await after.client.next()).toMatchObject({ cmd: 'pubrec', messageId: 8 })
    expect(server.sink.messages).toHaveLength(2)
    after.client.destroy()
  })

  it('takes a QoS 2 identifier anew for another message of a client that lost its memory', async () => {
    server = await start()
    server.sink.settleWith = 'taken'
    const before = await connected(server.port, 5, persistent5)
    before.client.send(publish({ qos: 2, messageId: 1, payload: 'before' }))
    expect(await before.client.next()).toMatchObject({ cmd: 'pubrec', messageId: 1 })
    before.client.destroy()
    const after = await connected(server.port, 5, persistent5)
    server.sink.settleWith = undefined
    after.client.send(publish({ qos: 2, messageId: 1, payload: 'after' }), { cmd: 'pingreq' })
    expect(await after.client.next()).toMatchObject({ cmd: 'pingresp' })
    const [, second] = await server.sink.received(2)
    expect(second!.payload.toString()).toBe('after')
    second!.settle('taken')
    expect(await after.client.next()).toMatchObject({ cmd: 'pubrec', messageId: 1 })
    after.client.send({ cmd: 'pubrel', messageId: 1 })
    expect(await after.client.next()).toMatchObject({ cmd: 'pubcomp', messageId: 1, reasonCode: 0 })
    after.client.destroy()
  })

  it('does not take the end of a forgotten QoS 2 message for that of the one with its identifier', async () => {
    server = await start()
    const before = await connected(server.port, 5, persistent5)
    before.client.send(publish({ qos: 2, messageId: 1, payload: 'forgotten' }))
    const [forgotten] = await server.sink.received(1)
    before.client.destroy()
    await server.events.counted('connections_closed', 1)
    const after = await connected(server.port, 5, persistent5)
    const anew = { qos: 2, messageId: 1, payload: 'anew' } as const
    after.client.send(publish(anew))
    await server.sink.received(2)
    forgotten!.settle('taken')
    after.client.send(publish({ ...anew, dup: true }), { cmd: 'pingreq' })
    // Not PUBREC: Kafka does not have it yet.
    expect(await after.client.next()).toMatchObject({ cmd: 'pingresp' })
    server.sink.messages[1]!.settle('taken')
    expect(await after.client.next()).toMatchObject({ cmd: 'pubrec', messageId: 1 })
    expect(server.sink.messages).toHaveLength(2)
    after.client.destroy()
  })

  it('ended while a message was in flight: what comes with its identifier afterwards is another message', async () => {
    server = await start()
    const fields = { ...persistent5, properties: { sessionExpiryInterval: 0 } }
    const before = await connected(server.port, 5, fields)
    before.client.send(publish({ qos: 2, messageId: 1, payload: 'before' }))
    const [first] = await server.sink.received(1)
    before.client.destroy()
    await server.events.counted('connections_closed', 1)
    const after = await connected(server.port, 5, fields)
    expect(after.connack).toMatchObject({ sessionPresent: false })
    first!.settle('taken')
    after.client.send(publish({ qos: 2, messageId: 1, payload: 'before' }), { cmd: 'pingreq' })
    expect(await after.client.next()).toMatchObject({ cmd: 'pingresp' })
    expect(await server.sink.received(2)).toHaveLength(2)
    after.client.destroy()
  })

  it('turns new sessions away beyond the maximum', async () => {
    server = await start({ limits: { maxSessions: 1 } })
    expect(await present(server, 5, persistent5)).toBe(false)
    const { connack } = await connected(server.port, 5, { ...persistent5, clientId: 'other' })
    expect(connack).toMatchObject({ reasonCode: 0x97 })
    expect(await present(server, 5, persistent5)).toBe(true)
  })
})

describe('The session log', () => {
  const session = (clientId: string, expiresAt?: number): StoredSession => ({
    clientId,
    expiryInterval: 60,
    expiresAt,
  })
  const open = async (
    current: () => Iterable<StoredSession>,
  ): Promise<{ log: SessionLog; names: string[]; damaged: number }> => {
    let damaged = 0
    const report = {
      damaged: (bytes: number) => {
        damaged += bytes
      },
      failed: (error: unknown) => {
        throw error
      },
    }
    const { log, sessions } = await SessionLog.open(directory, current, report)
    return { log, names: [...sessions.keys()], damaged }
  }

  it('keeps what was appended, names with odd characters included', async () => {
    const first = await open(() => [])
    await first.log.append(session('plain'))
    await first.log.append(session('line\nbreak "é'))
    await first.log.append(session('gone'))
    await first.log.append({ clientId: 'gone', removed: true })
    await first.log.close()
    const second = await open(() => [])
    expect(second.names).toEqual(['plain', 'line\nbreak "é'])
    expect(second.damaged).toBe(0)
    await second.log.close()
  })

  it('passes over a torn end and a damaged line', async () => {
    const first = await open(() => [])
    await first.log.append(session('one'))
    await first.log.append(session('two'))
    await first.log.close()
    const path = join(directory, 'sessions.log')
    const text = await readFile(path, 'utf8')
    await writeFile(path, text.replace('"one"', '"0ne"'))
    await appendFile(path, '12ab34cd {"c":"torn')
    const second = await open(() => [])
    expect(second.names).toEqual(['two'])
    expect(second.damaged).toBeGreaterThan(0)
    await second.log.close()
  })

  it('is rewritten before it grows without end', async () => {
    const { log } = await open(() => [session('only')])
    for (let round = 0; round < 30; round++) {
      await Promise.all(Array.from({ length: 100 }, () => log.append(session('only'))))
    }
    await log.close()
    expect((await stat(join(directory, 'sessions.log'))).size).toBeLessThan(1_300 * 60)
    const again = await open(() => [])
    expect(again.names).toEqual(['only'])
    await again.log.close()
  })
})
