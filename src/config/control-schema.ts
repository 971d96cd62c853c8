import { z } from 'zod'
import { tlsSchema } from './mqtt-schema.ts'
import { count, duration, size } from './units.ts'

const roleText =
  'admin: everything; rules: rules, destinations and tags; read: get and list, with secrets masked; publish: the `publish` listener alone.'
const role = z.enum(['admin', 'rules', 'read', 'publish']).describe(`What it may do. ${roleText}`)

const topics = z
  .array(z.string().min(1))
  .min(1)
  .optional()
  .describe('Topic filters that it may publish to; left out, every topic. For the roles publish and admin.')

const name = (description: string): z.ZodString =>
  z
    .string()
    .regex(/^[\w.@-]{1,128}$/, 'must be 1 to 128 letters, digits and . _ @ -')
    .describe(description)

/** A check that one of two keys is there. */
function either(a: string, b: string): [(value: object) => boolean, string] {
  const has = (value: object, key: string): boolean => Reflect.get(value, key) !== undefined
  return [(value) => has(value, a) !== has(value, b), `must have either ${a} or ${b}`]
}

const accessKey = z
  .strictObject({
    id: z
      .string()
      .regex(/^[\w-]{3,128}$/, 'must be 3 to 128 letters, digits, _ and -')
      .describe('Access key id.'),
    secret: z.string().min(16).meta({ secret: true }).optional().describe('Secret access key.'),
    secretFile: z.string().min(1).optional().describe('A file that holds the secret access key instead.'),
    role,
    topics,
  })
  .refine(...either('secret', 'secretFile'))

const token = z
  .strictObject({
    name: name('Name of who uses it, in logs and in the audit.'),
    sha256: z
      .string()
      .regex(/^[0-9a-fA-F]{64}$/, 'must be 64 hex digits')
      .optional()
      .describe('SHA-256 of the token, as `printf %s TOKEN | sha256sum` prints it. A token must be random.'),
    file: z.string().min(1).optional().describe('A file that holds the token itself, 20 characters or more.'),
    role,
    topics,
  })
  .refine(...either('sha256', 'file'))

const client = z
  .strictObject({
    name: name(
      'Name of who uses it, in logs and in the audit; by default the fingerprint or the common name.',
    ).optional(),
    fingerprint: z
      .string()
      .regex(/^[0-9a-fA-F]{2}(?::?[0-9a-fA-F]{2}){31}$/, 'must be a SHA-256 in hex')
      .optional()
      .describe('SHA-256 of the certificate in hex, with or without colons.'),
    commonName: z.string().min(1).optional().describe('Common name of the subject of the certificate.'),
    role: z.enum(['admin', 'rules', 'read']).describe('What it may do, as for access keys.'),
  })
  .refine(...either('fingerprint', 'commonName'))

const signatures = z
  .strictObject({
    regions: z
      .array(z.string().min(1))
      .min(1)
      .optional()
      .describe('Regions that a signature may be for; left out, any.'),
    unsignedPayload: z
      .boolean()
      .default(false)
      .describe('Takes signatures that do not cover the body (UNSIGNED-PAYLOAD); only sensible with TLS.'),
    clockSkew: duration(
      '5m',
      'How far the time of a signature may be from that of the server; AWS has 5 minutes.',
      {
        min: '1s',
        max: '1h',
      },
    ),
  })
  .prefault({})
  .describe('What signatures (SigV4) must be like, here and on the `publish` listener.')

const limits = z
  .strictObject({
    maxBodySize: size('512KiB', 'Largest body of a request.', { min: '1KiB', max: '64MiB' }),
    maxConnections: count(512, 'Connections at a time.', 1),
    requestTimeout: duration('10s', 'From the first byte of a request to its last.', { min: '100ms' }),
    requestsPerMinute: count(60_000, 'Requests of one address in a minute; 0: without bound.', 0),
    failuresPerMinute: count(
      60,
      'Requests of one address in a minute that fail to authenticate; beyond it all of its requests are turned away for a while. 0: without bound.',
      0,
    ),
  })
  .prefault({})
  .describe('Bounds of the control API. IPv6 addresses of one /64 network count as one.')

export const controlSchema = z
  .strictObject({
    host: z
      .string()
      .default('127.0.0.1')
      .describe(
        'Address for the API, GET /health/live, /health/ready and, unless `metrics` is set, /metrics. With the API, anything but loopback needs accessKeys, tokens or clients.',
      ),
    port: z.int().min(0).max(65_535).default(8090).describe('Its port; 0 picks a free one.'),
    api: z.boolean().default(true).describe('false serves health and metrics alone.'),
    tls: tlsSchema.optional(),
    accessKeys: z
      .array(accessKey)
      .default([])
      .describe('Keys that AWS clients sign their requests with (SigV4).'),
    tokens: z.array(token).default([]).describe('Bearer tokens, for `Authorization: Bearer TOKEN`.'),
    clients: z.array(client).default([]).describe('Client certificates; needs `control.tls.clientCa`.'),
    signatures,
    audit: z
      .strictObject({
        file: z
          .string()
          .min(1)
          .describe('File that a line of JSON is added to for every change; created with mode 0600.'),
      })
      .optional()
      .describe('Where changes are written down, beside the log event `control.changed`.'),
    limits,
  })
  .prefault({})
  .describe(
    'HTTP server for the control API of AWS IoT, health and metrics. Without accessKeys, tokens and clients whoever reaches it from this machine may do everything.',
  )
