import { z } from 'zod'
import { tlsSchema } from './mqtt-schema.ts'
import { connectionRates, publishRates } from './rates-schema.ts'
import { count, duration, size } from './units.ts'

const limits = z
  .strictObject({
    maxConnections: count(10_000, 'Connections at a time.', 1),
    maxPayloadSize: size('128KiB', 'Largest payload.', { min: '1KiB', max: '256MiB' }),
    maxHeaderSize: size('16KiB', 'Largest request line and headers, MQTT 5 properties included.', {
      min: '1KiB',
      max: '1MiB',
    }),
    maxRequests: count(10_000, 'Requests at a time that are not answered, over all connections.', 1),
    waitingBytes: size(
      '64MiB',
      'Bytes of payloads being received or waiting for room, over all connections; beyond it requests are turned away.',
      { min: '1KiB' },
    ),
    headersTimeout: duration('10s', 'From the first byte of a request to the end of its headers.', {
      min: '100ms',
    }),
    requestTimeout: duration('30s', 'From the first byte of a request to its last.', { min: '100ms' }),
    keepAliveTimeout: duration('60s', 'How long a connection without a request stays open.', {
      min: '100ms',
    }),
    ...connectionRates,
    ...publishRates('Beyond it requests are answered with 429.', 'by its principal, else its address'),
  })
  .prefault({})
  .describe('Bounds: devices are not trusted with memory.')

const defaultPorts = { plain: 8081, tls: 8444 } as const

export const publishSchema = z
  .strictObject({
    host: z.string().min(1).default('127.0.0.1').describe('Address to listen on.'),
    port: z
      .int()
      .min(0)
      .max(65_535)
      .optional()
      .describe('Port; 0 picks a free one. By default 8081, with TLS 8444.'),
    tls: tlsSchema.optional(),
    proxyProtocol: z
      .boolean()
      .default(false)
      .describe(
        'Every connection begins with a PROXY protocol header (version 1 or 2); only where nothing but the proxy can reach the address.',
      ),
    anonymous: z.boolean().default(false).describe('Clients may publish without credentials.'),
    deadline: duration(
      '30s',
      'How long a request waits for its answer; past it the answer is an error, and the message may still be delivered.',
      { min: '100ms' },
    ),
    limits,
  })
  .transform(({ port, ...rest }) => ({
    ...rest,
    port: port ?? (rest.tls === undefined ? defaultPorts.plain : defaultPorts.tls),
  }))
  .optional()
  .describe(
    "Devices may publish by HTTP as on AWS IoT's data plane: `POST /topics/{topic}?qos=1`. Users and access list are those of `mqtt`. Left out, nothing listens.",
  )
