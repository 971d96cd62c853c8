import { type AclRule } from '../authorize.ts'
import { type ConnectionRateLimits } from '../connection-rate.ts'
import { type TlsOptions } from '../options.ts'
import { type PublishRateLimits } from '../publish-rate.ts'
import { type Authenticate } from './authenticate.ts'

/**
 * Bounds; every one has a default in `defaultHttpLimits`, rates are without bound by default. Sizes in bytes, times in
 * milliseconds.
 */
export interface HttpLimits
  extends Omit<ConnectionRateLimits, 'connectionsPerSecondPerClient'>, PublishRateLimits {
  readonly maxConnections: number
  /** The default is that of AWS IoT. */
  readonly maxPayloadSize: number
  /** Request line and headers, MQTT 5 properties included. */
  readonly maxHeaderSize: number
  /** Requests that are not answered, over all connections. */
  readonly maxRequests: number
  /** Payloads being received or waiting for room, over all connections. */
  readonly waitingBytes: number
  /** From the connection, or the first byte of a request, to the end of its headers; also for the TLS handshake. */
  readonly headersTimeout: number
  /** From the first byte of a request to its last. */
  readonly requestTimeout: number
  /** How long a connection without a request stays open. */
  readonly keepAliveTimeout: number
  /** Answers to refused credentials from one address are delayed by up to this, doubling from 100 ms. */
  readonly authenticationDelayMaximum: number
}

export const defaultHttpLimits: HttpLimits = {
  maxConnections: 10_000,
  maxPayloadSize: 131_072,
  maxHeaderSize: 16_384,
  maxRequests: 10_000,
  waitingBytes: 64 * 1024 * 1024,
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  keepAliveTimeout: 60_000,
  authenticationDelayMaximum: 5_000,
}

/** Everything an HTTP ingest needs; plain data, so that the configuration maps onto it. */
export interface HttpIngestOptions {
  readonly host: string
  /** Zero picks a free port. */
  readonly port: number
  readonly tls?: TlsOptions
  /** Every connection must begin with a PROXY protocol header, version 1 or 2; default false. */
  readonly proxyProtocol?: boolean
  /** Clients without credentials may publish; default false. */
  readonly anonymous?: boolean
  /** Milliseconds from the headers of a request to its answer. */
  readonly deadline: number
  /** User name → password hash as `hashPassword` makes it; undefined: passwords are not used. */
  readonly users?: ReadonlyMap<string, string>
  /** First match decides; no match denies. Undefined: every client may publish to every topic. */
  readonly acl?: readonly AclRule[]
  /** Asked before certificates and Basic authentication against `users`. */
  readonly authenticate?: Authenticate
  readonly limits?: Partial<HttpLimits>
}
