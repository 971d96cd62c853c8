import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { type Config, loadConfig, parseConfig } from '../../src/config/index.ts'
import { type Diagnostic } from '../../src/errors.ts'

const directory = mkdtempSync(join(tmpdir(), 'topicrule-config-'))
afterAll(() => rmSync(directory, { recursive: true }))

function faultsOf(text: string, environment: NodeJS.ProcessEnv = {}): readonly Diagnostic[] {
  const result = parseConfig(text, '/etc/topicrule', environment)
  return result.ok ? [] : result.diagnostics
}

function configOf(text: string, environment: NodeJS.ProcessEnv = {}): Config {
  const result = parseConfig(text, '/etc/topicrule', environment)
  if (!result.ok) throw new Error(JSON.stringify(result.diagnostics))
  return result.config
}

describe('defaults', () => {
  it('listen on the loopback interface alone and let nobody in without credentials', () => {
    const { mqtt, control } = configOf('')
    expect(mqtt.listeners).toMatchObject([
      { host: '127.0.0.1', port: 1883, transport: 'tcp', anonymous: false },
    ])
    expect(control).toMatchObject({ host: '127.0.0.1', port: 8090 })
  })

  it('give every listener a name of its own, and the port of its transport', () => {
    const tls = 'tls: {cert: c, key: k}'
    const { listeners } = configOf(
      `mqtt: {listeners: [{}, {${tls}}, {transport: ws}, {transport: ws, ${tls}}, {port: 0}, {port: 0, name: mqtt-2}]}`,
    ).mqtt
    expect(listeners.map(({ name, port }) => [name, port])).toEqual([
      ['mqtt', 1883],
      ['mqtts', 8883],
      ['ws', 8080],
      ['wss', 8443],
      ['mqtt-3', 0],
      ['mqtt-2', 0],
    ])
  })

  it('acknowledge after delivery', () => {
    expect(configOf('').ack).toBe('delivered')
  })

  it('stand for a section whose keys are all commented out', () => {
    expect(configOf('mqtt:\n  # listeners: []\nkafka:\n')).toEqual(configOf(''))
  })

  it('warn that nobody can connect, and say so no more once somebody can', () => {
    const warned = parseConfig('', '/', {})
    expect(warned.ok && warned.warnings.map(({ code }) => code)).toEqual(['CONFIG_NO_ACCESS'])
    const open = parseConfig('mqtt: {listeners: [{anonymous: true}]}', '/', {})
    expect(open.ok && open.warnings).toEqual([])
    const users = parseConfig('mqtt: {users: {file: users}}', '/', {})
    expect(users.ok && users.warnings).toEqual([])
  })
})

describe('a document with faults', () => {
  it('is answered with all of them at once, each with path, line and column', () => {
    const text = [
      'ack: sometimes',
      'mqtt:',
      '  listners: []',
      '  limits:',
      '    maxPacketSize: huge',
      '    maxSessions: 1.5',
      '  listeners:',
      '    - port: 70000',
      '      tls: {cert: 5}',
      'log: loud',
    ].join('\n')
    const found = faultsOf(text).map(({ code, path, line, column }) => [code, path, line, column])
    expect(found).toEqual(
      expect.arrayContaining([
        ['CONFIG_INVALID', 'ack', 1, 1],
        ['CONFIG_UNKNOWN_KEY', 'mqtt.listners', 3, 3],
        ['CONFIG_INVALID', 'mqtt.limits.maxPacketSize', 5, 5],
        ['CONFIG_INVALID', 'mqtt.limits.maxSessions', 6, 5],
        ['CONFIG_INVALID', 'mqtt.listeners[0].port', 8, 7],
        ['CONFIG_INVALID', 'mqtt.listeners[0].tls.cert', 9, 13],
        ['CONFIG_INVALID', 'mqtt.listeners[0].tls.key', 9, 7],
        ['CONFIG_INVALID', 'log', 10, 1],
      ]),
    )
    expect(found).toHaveLength(8)
  })

  it.each([
    ['ack: sometimes', 'ack: must be one of delivered, received.'],
    ['mqtt: 5', 'mqtt: must be a section with keys, not a whole number.'],
    ['mqtt: {listeners: []}', 'mqtt.listeners: must name at least one listener.'],
    ['mqtt: {listeners: [{port: -1}]}', 'mqtt.listeners[0].port: must be at least 0.'],
    ['mqtt: {listeners: [{port: "1883"}]}', 'mqtt.listeners[0].port: must be a number, not a text.'],
    ['mqtt: {listeners: [{path: mqtt}]}', 'mqtt.listeners[0].path: must begin with /.'],
    ['mqtt: {users: {}}', 'mqtt.users.file: is required.'],
    ['shutdownDeadline: soon', 'shutdownDeadline: must be a duration such as 500ms, 60s, 10m, 1h or 7d.'],
    ['shutdownDeadline: true', 'shutdownDeadline: must be a duration such as 500ms, 60s, 10m, 1h or 7d.'],
    ['shutdownDeadline: 40d', 'shutdownDeadline: must be from 0ms to 24d.'],
    ['heldBytes: 4 MiBs', 'heldBytes: must be a size such as 65536, 64KiB or 4MiB.'],
    ['heldBytes: 4KiB', 'heldBytes: must be from 1MiB to 1024GiB.'],
    ['account: {id: "12"}', 'account.id: must have 12 digits.'],
    ['[]', 'The configuration: must be a section with keys, not a list.'],
  ])('%s says in words what is wrong', (text, message) => {
    expect(faultsOf(text).map((fault) => fault.message)).toEqual([message])
  })

  it('hints at the key that was meant', () => {
    expect(faultsOf('rules: {directroy: x}')[0]?.hint).toBe('Did you mean "directory"?')
    expect(faultsOf('mqtt: {listeners: [{prot: 1}]}')[0]?.hint).toBe('Did you mean "port"?')
  })

  it('is refused when two listeners share an address or a name', () => {
    const address = 'mqtt: {listeners: [{port: 1}, {port: 2}, {port: 1}]}'
    expect(faultsOf(address).map(({ path }) => path)).toEqual(['mqtt.listeners[2].port'])
    const name = 'mqtt: {listeners: [{port: 1, name: a}, {port: 2, name: a}]}'
    expect(faultsOf(name).map(({ path }) => path)).toEqual(['mqtt.listeners[1].name'])
    expect(faultsOf('mqtt: {listeners: [{port: 0}, {port: 0}]}')).toEqual([])
  })

  it('is refused when a window cannot hold one packet', () => {
    const text = 'mqtt: {limits: {maxPacketSize: 1MiB, windowBytes: 64KiB}}'
    expect(faultsOf(text)).toMatchObject([{ code: 'CONFIG_INVALID', path: 'mqtt.limits.windowBytes' }])
  })

  it.each([
    ['a: [1', 'an unclosed list'],
    ['a: 1\na: 2', 'a key that appears twice'],
    ['a: *nothing', 'an alias of nothing'],
    [
      `a: &a [x, x]\n${'bcdefghijk'.replace(/./g, (k, i: number) => `${k}: &${k} [${`*${'abcdefghijk'[i]}, `.repeat(9)}]\n`)}`,
      'aliases that multiply',
    ],
    ['['.repeat(100_000), 'nesting beyond the stack'],
  ])('that is not YAML is refused with a position or a reason: case %#', (text) => {
    expect(faultsOf(text)[0]).toMatchObject({ code: 'CONFIG_SYNTAX' })
  })

  it('never shows the value of a secret', () => {
    const faults = faultsOf('mqtt: {listeners: [{tls: {cert: c, key: k, keyPassword: [hunter2]}}]}')
    expect(faults).toHaveLength(1)
    expect(JSON.stringify(faults)).not.toContain('hunter2')
  })
})

describe('a configuration', () => {
  it('takes durations and sizes with units', () => {
    const { shutdownDeadline, heldBytes, mqtt } = configOf(
      'shutdownDeadline: 1.5m\nheldBytes: 64MiB\nmqtt: {limits: {maxPacketSize: 200000, connectTimeout: 2s}}',
    )
    expect([shutdownDeadline, heldBytes]).toEqual([90_000, 64 * 1024 * 1024])
    expect(mqtt.limits).toMatchObject({ maxPacketSize: 200_000, connectTimeout: 2_000 })
  })

  it('resolves paths from the directory of its file', () => {
    const text =
      'rules: {directory: r}\nmqtt: {users: {file: u}, listeners: [{tls: {cert: c.pem, key: /k.pem, clientCa: ../ca.pem}}]}'
    const { rules, mqtt, dataDirectory } = configOf(text)
    expect([rules.directory, mqtt.users?.file, dataDirectory]).toEqual([
      '/etc/topicrule/r',
      '/etc/topicrule/u',
      '/etc/topicrule/data',
    ])
    expect(mqtt.listeners[0]?.tls).toMatchObject({
      cert: '/etc/topicrule/c.pem',
      key: '/k.pem',
      clientCa: '/etc/ca.pem',
    })
  })

  it('is frozen through and through', () => {
    const config = configOf('') as { mqtt: { limits: { maxSessions: number } } }
    expect(() => (config.mqtt.limits.maxSessions = 1)).toThrow(TypeError)
  })

  it('may be written as JSON', () => {
    expect(configOf('{"ack": "received", "log": {"level": "debug"}}')).toMatchObject({
      ack: 'received',
      log: { level: 'debug' },
    })
  })

  it('is read from a file; one that is missing or too large is refused by name', () => {
    const file = join(directory, 'topicrule.yaml')
    writeFileSync(file, 'rules: {directory: mine}')
    const loaded = loadConfig(file, {})
    expect(loaded.ok && loaded.config.rules.directory).toBe(join(directory, 'mine'))
    writeFileSync(file, `# ${'x'.repeat(1024 * 1024)}`)
    expect(loadConfig(file, {})).toMatchObject({ ok: false, diagnostics: [{ code: 'CONFIG_UNREADABLE' }] })
    const absent = loadConfig(join(directory, 'absent.yaml'), {})
    expect(absent).toMatchObject({ ok: false, diagnostics: [{ code: 'CONFIG_UNREADABLE' }] })
  })
})

describe('the environment', () => {
  it('overrides keys at any depth, whatever their spelling in the file', () => {
    const config = configOf('mqtt: {limits: {maxPacketSize: 1MiB}}', {
      TOPICRULE_MQTT__LIMITS__MAX_PACKET_SIZE: '2MiB',
      TOPICRULE_KAFKA__ACKS_WHEN_OMITTED: 'all',
      TOPICRULE_RULES__WATCH: 'false',
    })
    expect(config.mqtt.limits.maxPacketSize).toBe(2 * 1024 * 1024)
    expect(config.kafka.acksWhenOmitted).toBe('all')
    expect(config.rules.watch).toBe(false)
  })

  it('leaves text as it is where a key takes text, though it looks like a number', () => {
    const config = configOf('', {
      TOPICRULE_ACCOUNT__ID: '012345678901',
      TOPICRULE_KAFKA__ACKS_WHEN_OMITTED: '1',
      TOPICRULE_MQTT__LISTENERS__0__TLS__CERT: 'c',
      TOPICRULE_MQTT__LISTENERS__0__TLS__KEY: 'k',
      TOPICRULE_MQTT__LISTENERS__0__TLS__KEY_PASSWORD: '1234',
    })
    expect(config.account.id).toBe('012345678901')
    expect(config.mqtt.listeners[0]?.tls?.keyPassword).toBe('1234')
  })

  it('sets lists whole, as JSON, or entry by entry', () => {
    const config = configOf('', {
      TOPICRULE_MQTT__LISTENERS: '[{"port": 1}, {"port": 2}]',
      TOPICRULE_MQTT__LISTENERS__1__PORT: '3',
      TOPICRULE_MQTT__LISTENERS__2__PORT: '4',
      TOPICRULE_KAFKA__EXTENSIONS__0: 'PLAINTEXT',
    })
    expect(config.mqtt.listeners.map(({ port }) => port)).toEqual([1, 3, 4])
    expect(config.kafka.extensions).toEqual(['PLAINTEXT'])
  })

  it('is refused by the name of the variable when that names no key', () => {
    const found = faultsOf('', {
      TOPICRULE_MQTT__LIMTS__MAX_WILLS: '1',
      TOPICRULE_ACK__MODE: 'x',
      TOPICRULE_MQTT__LISTENERS__FIRST: 'x',
      TOPICRULE_MQTT__LISTENERS__7__PORT: '1',
      TOPICRULE_: 'x',
      TOPICRULE_CONSTRUCTOR: 'x',
    })
    expect(found.map(({ code }) => code)).toEqual(Array(6).fill('CONFIG_ENVIRONMENT'))
    expect(found.map(({ message }) => message).join('\n')).toContain('did you mean LIMITS?')
    for (const { message } of found) expect(message).toMatch(/[^.?][.?]$/)
  })

  it('is named in the fault when its value is wrong', () => {
    const [fault] = faultsOf('ack: received', { TOPICRULE_ACK: 'never' })
    expect(fault).toMatchObject({ path: 'ack', hint: 'The environment variable TOPICRULE_ACK sets it.' })
    expect(fault?.line).toBeUndefined()
  })

  it('leaves TOPICRULE_CONFIG and foreign variables alone', () => {
    expect(configOf('', { TOPICRULE_CONFIG: '/x.yaml', PATH: '/bin', TOPICRULER: 'x' })).toEqual(configOf(''))
  })
})

describe('secrets', () => {
  it('have a store each for names that begin with its prefix, and a cache time as on AWS', () => {
    const { secrets } = configOf(
      'secrets: {aws: {region: eu-central-1}, directory: {prefix: file/, path: run}}',
    )
    expect(secrets).toEqual({
      cacheTime: 900_000,
      aws: { prefix: '', region: 'eu-central-1' },
      directory: { prefix: 'file/', path: '/etc/topicrule/run' },
    })
    expect(configOf('').secrets).toBeUndefined()
  })

  it.each([
    ['secrets: {}', 'secrets names no store'],
    ['secrets: {aws: {}, environment: {}}', 'Two stores of secrets have the prefix ""'],
    ['secrets: {directory: {path: x, prefix: "arn:"}}', 'must not begin with arn:'],
    ['secrets: {environment: {variables: ""}}', 'must be capitals'],
    ['secrets: {aws: {endpoint: "file:///etc"}}', 'URL'],
  ])('%s is refused', (text, message) => {
    expect(
      faultsOf(text)
        .map((fault) => fault.message)
        .join(),
    ).toContain(message)
  })
})
