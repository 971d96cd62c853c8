import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { connectAsync } from 'mqtt'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { access, kcat, type Kafka, startKafka } from '../helpers/kafka/index.ts'
import { type Kdc, startKdc } from '../helpers/kdc.ts'
import { killAllProcesses, startProcess } from '../helpers/process.ts'
import { producerProcesses } from '../helpers/producer-processes.ts'
import { kafkaAction, payload, TestServer } from '../helpers/server.ts'

const ARN = 'arn:aws:iot:region:123456789012:ruledestination/vpc/VPCDestinationARN'
const MAIN = new URL('../../dist/main.js', import.meta.url).pathname
/** A name for which there is a certificate and no address: RFC 6761 keeps `.test` out of DNS. */
const HOST = 'broker.internal.test'
const REALM = 'OVERRIDE.TEST'

let kdc: Kdc
let kafka: Kafka
let server: TestServer | undefined
beforeAll(async () => {
  kdc = await startKdc(REALM)
  const keytabFile = await kdc.addPrincipal(`kafka/${HOST}`)
  await kdc.addPrincipal('alice')
  kafka = await startKafka({
    host: HOST,
    kerberos: { principal: `kafka/${HOST}@${REALM}`, keytabFile, configuration: kdc.configuration },
  })
}, 300_000)
afterEach(async () => {
  await server?.stop()
  server = undefined
})
afterAll(async () => {
  await kafka.stop()
  await kdc.stop()
  await killAllProcesses()
})

const policy = (hostOverrides?: object): object => ({
  ...{ hosts: [HOST], networks: ['127.0.0.1', '127.0.0.9', '::1'], ca: kafka.caFile },
  ...(hostOverrides && { hostOverrides }),
})

const settings = (hostOverrides?: object): object => ({
  kafka: { extensions: ['SSL_WITHOUT_KEYSTORE'] },
  destinations: { [ARN]: policy(hostOverrides) },
})

function rule(topic: string, bootstrap: string, more: Readonly<Record<string, string>> = {}): object {
  const properties = { 'bootstrap.servers': bootstrap, 'security.protocol': 'SSL', ...more }
  return payload("SELECT * FROM 'd/+'", kafkaAction({ topic, properties, more: { destinationArn: ARN } }))
}

/** Publishes with QoS 1; resolves once the messages are acknowledged. */
async function publish(to: TestServer, ...messages: readonly string[]): Promise<void> {
  const client = await connectAsync(to.url, { reconnectPeriod: 0 })
  await Promise.all(messages.map((message) => client.publishAsync('d/1', message, { qos: 1 })))
  await client.endAsync()
}

async function values(topic: string): Promise<readonly unknown[]> {
  return (await kcat(access(kafka, 'PLAINTEXT'), topic)).map(({ value }) => value)
}

/** `topicrule kafka check` with the configuration of the server. */
async function check(checked: object): Promise<{ code: number | null; text: string }> {
  const file = join(server!.directory, 'checked.json')
  writeFileSync(file, JSON.stringify(checked))
  const config = join(server!.directory, 'topicrule.yaml')
  const args = [MAIN, 'kafka', 'check', '--config', config, '--timeout', '5s', '--produce', file]
  const child = startProcess(process.execPath, args)
  const { code } = await child.exited
  return { code, text: child.stdout.join('\n') }
}

describe('a broker whose name DNS does not know', () => {
  it('is delivered to at the addresses of the policy, its certificate verified for the name', async () => {
    await kafka.createTopic('overridden')
    // Nothing listens on the first; the second is the broker's.
    const overrides = { [HOST]: ['127.0.0.9', '127.0.0.1'] }
    server = await TestServer.start(
      { overridden: rule('overridden', kafka.bootstrap.ssl) },
      settings(overrides),
    )
    const messages = Array.from({ length: 500 }, (_, n) => `{"n":${n}}`)
    await publish(server, ...messages)
    expect(await values('overridden')).toEqual(messages)
    expect(producerProcesses(server.process!.pid)).toHaveLength(1)
  })

  it('is found by kafka check, which says where the address comes from', async () => {
    await kafka.createTopic('checked')
    server = await TestServer.start({}, settings({ [HOST]: '127.0.0.1' }))
    const { code, text } = await check(rule('checked', kafka.bootstrap.ssl))
    expect(text).toContain('127.0.0.1 (hostOverrides of the destination)')
    expect(text).toContain('certificate verified')
    expect(text).toContain('is at checked, partition 0, offset 0')
    expect(code).toBe(0)
  })

  it('is not found without an override', async () => {
    server = await TestServer.start({}, settings())
    const { code, text } = await check(rule('checked', kafka.bootstrap.ssl))
    expect(text).toContain(`${HOST} has no address`)
    expect(code).toBe(1)
  })

  it('is refused when its certificate is for another name, with its authority trusted', async () => {
    await kafka.createTopic('mismatched')
    const mismatched = rule('mismatched', kafka.bootstrap.badHost)
    server = await TestServer.start({ mismatched }, settings({ [HOST]: '127.0.0.1' }))
    await publish(server, '{}')
    expect(await server.process!.line(/action\.failed/)).toContain('KAFKA_TLS_HOST_MISMATCH')
    expect(await values('mismatched')).toEqual([])
    const { code, text } = await check(mismatched)
    expect(text).toContain('KAFKA_TLS_HOST_MISMATCH')
    expect(code).toBe(1)
  })

  it('is not reached when the override leads outside of networks: the server does not start', async () => {
    server = await TestServer.start({}, settings())
    const config = join(server.directory, 'outside.yaml')
    writeFileSync(
      config,
      JSON.stringify({
        mqtt: { listeners: [{ port: 0, anonymous: true }] },
        destinations: { [ARN]: policy({ [HOST]: '127.0.0.2' }) },
      }),
    )
    const child = startProcess(process.execPath, [MAIN, 'serve', '--config', config])
    expect((await child.exited).code).not.toBe(0)
    const text = [...child.stdout, ...child.stderr].join('\n')
    expect(text).toContain('CONFIG_INVALID')
    expect(text).toContain(`${HOST} leads outside of networks: the address 127.0.0.2 is not in`)
  })

  it('is delivered to with Kerberos, by one process for both', async () => {
    await kafka.createTopic('ticketed')
    const kerberos = {
      ...{ 'security.protocol': 'SASL_SSL', 'sasl.mechanism': 'GSSAPI' },
      ...{ 'sasl.kerberos.service.name': 'kafka', 'sasl.kerberos.krb5.kdc': kdc.address },
      ...{ 'sasl.kerberos.krb5.realm': REALM, 'sasl.kerberos.principal': 'alice' },
      'sasl.kerberos.keytab': await kdc.keytab('alice'),
    }
    const ticketed = rule('ticketed', kafka.bootstrap.kerberos, kerberos)
    server = await TestServer.start({ ticketed }, settings({ [HOST]: '127.0.0.1' }))
    await publish(server, '{"n":1}')
    expect(await values('ticketed')).toEqual(['{"n":1}'])
    const [only, ...more] = producerProcesses(server.process!.pid)
    expect(more).toEqual([])
    // Records that a killed process had are produced by the next one.
    process.kill(only!, 'SIGKILL')
    await publish(server, '{"n":2}')
    expect(await values('ticketed')).toEqual(['{"n":1}', '{"n":2}'])
  })
})
