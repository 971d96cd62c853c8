import { z } from 'zod'
import { connectionRates, publishRates } from './rates-schema.ts'
import { count, duration, size } from './units.ts'

/** Server certificate and client authority of a listener. */
export const tlsSchema = z
  .strictObject({
    cert: z.string().min(1).describe('File with the server certificate and its chain, PEM.'),
    key: z.string().min(1).describe('File with the private key, PEM.'),
    keyPassword: z.string().meta({ secret: true }).optional().describe('Password of the private key.'),
    clientCa: z
      .string()
      .min(1)
      .optional()
      .describe('File with the authorities that sign client certificates, PEM; asks clients for one.'),
    requireClientCertificate: z
      .boolean()
      .default(true)
      .describe('With `clientCa`: refuse clients that show no valid certificate.'),
  })
  .describe('Turns TLS on.')

const listener = z.strictObject({
  name: z
    .string()
    .min(1)
    .optional()
    .describe('Name in logs and in the ready line; by default mqtt, mqtts, ws or wss, the second mqtt-2.'),
  host: z.string().min(1).default('127.0.0.1').describe('Address to listen on.'),
  port: z
    .int()
    .min(0)
    .max(65_535)
    .optional()
    .describe('Port; 0 picks a free one. By default 1883, with TLS 8883; for WebSocket 8080, with TLS 8443.'),
  transport: z.enum(['tcp', 'ws']).default('tcp').describe('Plain MQTT, or MQTT over WebSocket.'),
  path: z
    .string()
    .startsWith('/', 'must begin with /')
    .default('/mqtt')
    .describe('URL path of a WebSocket listener.'),
  tls: tlsSchema.optional(),
  proxyProtocol: z
    .boolean()
    .default(false)
    .describe(
      'Every connection begins with a PROXY protocol header (version 1 or 2); only for listeners that nothing but the proxy can reach.',
    ),
  anonymous: z.boolean().default(false).describe('Clients may connect without credentials.'),
})

type Listener = z.output<typeof listener>

const defaultPorts = { mqtt: 1883, mqtts: 8883, ws: 8080, wss: 8443 } as const

function kindOf({ transport, tls: secured }: Listener): keyof typeof defaultPorts {
  if (transport === 'ws') return secured === undefined ? 'ws' : 'wss'
  return secured === undefined ? 'mqtt' : 'mqtts'
}

/** Gives every listener a name of its own and a port. */
function complete(listeners: readonly Listener[]): (Listener & { name: string; port: number })[] {
  const taken = new Set(listeners.map(({ name }) => name))
  return listeners.map((each) => {
    const kind = kindOf(each)
    let name: string = each.name ?? kind
    for (let next = 2; each.name === undefined && taken.has(name); next += 1) name = `${kind}-${next}`
    taken.add(name)
    return { ...each, name, port: each.port ?? defaultPorts[kind] }
  })
}

const aclRule = z.strictObject({
  effect: z.enum(['allow', 'deny']).describe('What a matching line decides.'),
  users: z.array(z.string()).optional().describe('User names it is for; left out, everyone.'),
  clientIds: z.array(z.string()).optional().describe('Client identifiers it is for; left out, everyone.'),
  certificates: z
    .array(z.string())
    .optional()
    .describe('Fingerprints (SHA-256, hex) or common names of client certificates it is for.'),
  topics: z
    .array(z.string())
    .min(1)
    .describe('Topic filters; levels may hold ${clientId}, ${username} and ${cert:CN}.'),
})

const limits = z
  .strictObject({
    maxConnections: count(10_000, 'Connections at a time over all listeners.', 1),
    maxPacketSize: size('144KiB', 'Largest MQTT packet.', { min: '1KiB', max: '256MiB' }),
    connectTimeout: duration('10s', 'From the first byte of a connection to its complete CONNECT.', {
      min: '100ms',
    }),
    receiveMaximum: z
      .int()
      .min(1)
      .max(65_535)
      .default(1_000)
      .describe('Unacknowledged QoS 1 and 2 messages of a connection.'),
    windowBytes: size('4MiB', 'Bytes of unsettled messages of a connection.'),
    deferredBytes: size(
      '2MiB',
      "Bytes of a connection's messages that wait for its window; beyond it the connection is not read.",
    ),
    deferredBytesTotal: size('64MiB', 'The same over all connections.'),
    partialBytesTotal: size(
      '256MiB',
      'Bytes of packets that have not arrived whole, over all connections; beyond it the connections that send more of theirs are closed.',
      { min: '1MiB' },
    ),
    earlyBytesTotal: size(
      '32MiB',
      'Bytes from connections without a CONNACK yet, over all of them; beyond it those are closed that have sent more than 4 KiB.',
      { min: '1MiB' },
    ),
    topicAliasMaximum: z
      .int()
      .min(0)
      .max(65_535)
      .default(32)
      .describe('Topic aliases of an MQTT 5 connection.'),
    keepAliveMaximum: duration('20m', 'Longest keep-alive of an MQTT 5 client; 0 leaves it alone.', {
      max: '65535s',
    }),
    maxSessions: count(100_000, 'Sessions remembered at a time.'),
    sessionExpiryMaximum: duration('7d', 'How long a session without a connection is remembered at most.', {
      max: '3650d',
    }),
    maxWills: count(20_000, 'Delayed will messages that wait at a time.'),
    maxWillBytes: size('64MiB', 'Their bytes.'),
    outboundBytes: size(
      '1MiB',
      'Bytes that wait for a client that does not read; beyond it the connection is closed.',
      { min: '1KiB' },
    ),
    ...connectionRates,
    connectionsPerSecondPerClient: z
      .int()
      .min(1)
      .max(1_000_000_000)
      .optional()
      .describe(
        'The same for one client identifier, once its credentials are checked. Left out, without bound.',
      ),
    ...publishRates(
      'Connections beyond it take turns in being read; nothing is dropped.',
      'by its client identifier; beyond it its connection is read more slowly',
    ),
  })
  .prefault({})
  .describe('Bounds: devices are not trusted with memory.')

export const mqttSchema = z
  .strictObject({
    listeners: z
      .array(listener)
      .min(1, 'must name at least one listener')
      .transform(complete)
      .prefault([{}])
      .describe('Where devices connect.'),
    users: z
      .strictObject({
        file: z.string().min(1).describe('File with lines `user:hash`, as `topicrule password` prints them.'),
      })
      .optional()
      .describe('Users with passwords.'),
    acl: z
      .array(aclRule)
      .optional()
      .describe(
        'Who may publish where; the first matching line decides, no match denies. Left out, every client may publish everywhere.',
      ),
    limits,
    refused: z
      .enum(['acknowledge', 'close'])
      .default('acknowledge')
      .describe(
        'What an MQTT 3.1.1 client gets for a PUBLISH that is not authorised or too large, for its protocol has no code.',
      ),
  })
  .prefault({})
  .describe('MQTT ingest.')
