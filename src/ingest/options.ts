import { type AclRule } from './authorize.ts'
import { type ConnectionRateLimits } from './connection-rate.ts'
import { type PublishRateLimits } from './publish-rate.ts'

export interface TlsOptions {
  /** PEM text: the server's certificate chain and its key. */
  readonly cert: string | Buffer
  readonly key: string | Buffer
  readonly passphrase?: string
  /** PEM text of the authorities that sign client certificates; given, clients are asked for one. */
  readonly clientCa?: string | Buffer
  /** Refuse the handshake without a valid client certificate. Default: true when `clientCa` is given. */
  readonly requireClientCertificate?: boolean
}

export interface ListenerOptions {
  /** Default: `mqtt`, or by transport and TLS `mqtts`, `ws`, `wss`. */
  readonly name?: string
  readonly host: string
  /** Zero picks a free port. */
  readonly port: number
  readonly transport: 'tcp' | 'ws'
  /** URL path of a WebSocket listener; default `/mqtt`. */
  readonly path?: string
  readonly tls?: TlsOptions
  /** Every connection must begin with a PROXY protocol header, version 1 or 2; default false. */
  readonly proxyProtocol?: boolean
  /** Clients without credentials may connect; default false. */
  readonly anonymous?: boolean
}

/**
 * Bounds; every one has a default in `defaultLimits`, rates are without bound by default. Sizes in bytes, times in
 * milliseconds unless named.
 */
export interface MqttLimits extends ConnectionRateLimits, PublishRateLimits {
  readonly maxConnections: number
  /** Whole packets; the default is the 128 KiB payload of AWS IoT and room for topic and properties. */
  readonly maxPacketSize: number
  /** For the handshakes below MQTT together, and again for a complete CONNECT with its credentials checked. */
  readonly connectTimeout: number
  /** Unacknowledged QoS 1 and 2 messages of a connection: Receive Maximum in MQTT 5, the window in 3.1.1. */
  readonly receiveMaximum: number
  /** Unsettled messages of a connection. */
  readonly windowBytes: number
  /** Messages of a connection that wait for the window; beyond it the connection is not read. */
  readonly deferredBytes: number
  /** The same over all connections. */
  readonly deferredBytesTotal: number
  /** Packets that have not arrived whole, over all connections; beyond it those that send more of theirs are closed. */
  readonly partialBytesTotal: number
  /**
   * What came on connections that have no CONNACK yet, over all of them; beyond it those are closed that have sent more
   * than a common CONNECT.
   */
  readonly earlyBytesTotal: number
  readonly topicAliasMaximum: number
  /** Length of the topics that aliases stand for, over all connections; beyond it those with more than 4 KiB are closed. */
  readonly aliasBytesTotal: number
  /** Seconds. A longer or absent keep-alive of an MQTT 5 client is replaced by this; zero leaves it alone. */
  readonly keepAliveMaximum: number
  readonly maxSessions: number
  /** Seconds. Sessions of 3.1.1 clients last this long after their last connection. */
  readonly sessionExpiryMaximum: number
  readonly maxClientIdBytes: number
  readonly maxWills: number
  readonly maxWillBytes: number
  /** Bytes that wait for a client that does not read; beyond it the connection is closed. */
  readonly outboundBytes: number
  /** Answers to refused credentials from one address are delayed by up to this, doubling from 100 ms. */
  readonly authenticationDelayMaximum: number
}

export const defaultLimits: MqttLimits = {
  maxConnections: 10_000,
  maxPacketSize: 131_072 + 16_384,
  connectTimeout: 10_000,
  receiveMaximum: 1_000,
  windowBytes: 4 * 1024 * 1024,
  deferredBytes: 2 * 1024 * 1024,
  deferredBytesTotal: 64 * 1024 * 1024,
  partialBytesTotal: 256 * 1024 * 1024,
  earlyBytesTotal: 32 * 1024 * 1024,
  topicAliasMaximum: 32,
  aliasBytesTotal: 32 * 1024 * 1024,
  keepAliveMaximum: 1_200,
  maxSessions: 100_000,
  sessionExpiryMaximum: 7 * 24 * 3600,
  maxClientIdBytes: 256,
  maxWills: 20_000,
  maxWillBytes: 64 * 1024 * 1024,
  outboundBytes: 1024 * 1024,
  authenticationDelayMaximum: 5_000,
}

/** Everything an MQTT ingest needs; plain data, so that the configuration maps onto it. */
export interface MqttIngestOptions {
  readonly listeners: readonly ListenerOptions[]
  /** `delivered`: acknowledge when the message has settled. `received`: acknowledge on acceptance. */
  readonly ack: 'delivered' | 'received'
  /**
   * What a 3.1.1 client gets for a QoS 1 or 2 PUBLISH that is not authorised or too large, for its protocol has no
   * code: the acknowledgement, or a closed connection and the acknowledgement when it sends the same again.
   */
  readonly onRefused: 'acknowledge' | 'close'
  /** Where session existence is kept over a crash; undefined keeps it in memory alone. */
  readonly sessionDirectory?: string
  /** User name → password hash as `hashPassword` makes it; undefined: passwords are not used. */
  readonly users?: ReadonlyMap<string, string>
  /** First match decides; no match denies. Undefined: every client may publish to every topic. */
  readonly acl?: readonly AclRule[]
  readonly limits?: Partial<MqttLimits>
}
