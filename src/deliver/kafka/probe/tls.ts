import { isIP } from 'node:net'
import { checkServerIdentity, type DetailedPeerCertificate, type TLSSocket } from 'node:tls'
import { type ErrorCode } from '../../../errors.ts'
import { type Settings, textOf } from '../mechanisms/index.ts'
import { PRIVATE_KEY } from '../target.ts'
import { type BrokerAddress, shown } from './address.ts'
import { systemAuthorities } from './authorities.ts'
import { type Exchange, exchangePlain, exchangeTls } from './exchange.ts'

/** Why a connection does not come about. */
export interface Verdict {
  readonly code: ErrorCode
  readonly message: string
}

/** A certificate that the broker showed. */
export interface PeerCertificate {
  readonly subject: string
  readonly issuer: string
  readonly names: string
  readonly validFrom: string
  readonly validTo: string
}

/** What a look at a broker's TLS found. */
export interface TlsLook {
  /** Undefined when nothing is wrong, or nothing could be found out. */
  readonly verdict: Verdict | undefined
  readonly protocol: string | undefined
  readonly cipher: string | undefined
  /** Leaf first. */
  readonly chain: readonly PeerCertificate[]
  readonly exchange: Exchange
}

const MAX_CHAIN = 10

const ALERTS: readonly (readonly [pattern: RegExp, code: ErrorCode])[] = [
  [/PROTOCOL_VERSION|UNSUPPORTED_PROTOCOL|NO_PROTOCOLS|VERSION_TOO_LOW/, 'KAFKA_TLS_VERSION'],
  [
    /ALERT_(?:BAD_CERTIFICATE|CERTIFICATE|UNKNOWN_CA|ACCESS_DENIED)|CERTIFICATE_REQUIRED/,
    'KAFKA_TLS_CLIENT_CERTIFICATE',
  ],
]

/**
 * Connects to a broker by TLS as a target would, and says what is wrong with it: librdkafka says "certificate verify
 * failed" whatever the reason. Nothing is sent but a question for the broker's versions. Never rejects.
 */
export async function lookAtTls(
  settings: Settings,
  address: BrokerAddress,
  timeout: number,
): Promise<TlsLook> {
  const trusted = textOf(settings, 'ssl.truststore')
  const certificate = textOf(settings, 'ssl.keystore')
  const options = {
    // Only looked at, so that what is wrong can be told; nothing is trusted by it.
    rejectUnauthorized: false,
    checkServerIdentity: () => undefined,
    ca: trusted === '' ? [...[systemAuthorities()].flat()] : trusted,
    ...(isIP(address.host) === 0 && { servername: address.host }),
    ...(certificate !== '' && { cert: certificate, key: textOf(settings, PRIVATE_KEY) }),
  }
  let protocol: string | undefined
  let cipher: string | undefined
  let chain: readonly DetailedPeerCertificate[] = []
  let verdict: Verdict | undefined
  const exchange = await exchangeTls(address, options, timeout, (socket) => {
    protocol = socket.getProtocol() ?? undefined
    cipher = socket.getCipher().standardName
    chain = chainOf(socket)
    verdict = faultOfPeer(socket, chain, address)
  })
  verdict ??= await faultOfExchange(exchange, certificate !== '', address, timeout)
  return { verdict, protocol, cipher, chain: chain.map(described), exchange }
}

/** Whether a port that was taken for plain text speaks TLS. */
export async function lookForTls(address: BrokerAddress, timeout: number): Promise<Verdict | undefined> {
  const plain = await exchangePlain(address, timeout)
  if (plain.answered || (plain.error !== undefined && !plain.connected)) return undefined
  const { connected, error } = await exchangeTls(address, { rejectUnauthorized: false }, timeout, () => {})
  if (!connected && error?.includes('ALERT') !== true) return undefined
  return {
    code: 'KAFKA_TLS_NEEDED',
    message: `${shown(address)} speaks TLS, and security.protocol says that it does not.`,
  }
}

function faultOfPeer(
  socket: TLSSocket,
  chain: readonly DetailedPeerCertificate[],
  address: BrokerAddress,
): Verdict | undefined {
  const leaf = chain[0]
  if (leaf === undefined) return undefined
  const broker = shown(address)
  const now = Date.now()
  for (const { valid_from: from, valid_to: to, subject } of chain) {
    if (Date.parse(to) < now)
      return {
        code: 'KAFKA_TLS_EXPIRED',
        message: `The certificate ${nameOf(subject)} of ${broker} expired on ${to}.`,
      }
    if (Date.parse(from) > now) {
      const message = `The certificate ${nameOf(subject)} of ${broker} is not valid before ${from}.`
      return { code: 'KAFKA_TLS_NOT_YET_VALID', message }
    }
  }
  const fault = socket.authorizationError as Error | string | null
  if (fault !== null && fault !== undefined && fault !== '') {
    const reason = typeof fault === 'string' ? fault : fault.message
    const message = `The certificate of ${broker} leads to no authority in ssl.truststore; it was issued by ${nameOf(chain.at(-1)!.issuer)} (${reason.slice(0, 80)}).`
    return { code: 'KAFKA_TLS_UNKNOWN_CA', message }
  }
  if (checkServerIdentity(address.host, leaf) === undefined) return undefined
  const names = (leaf.subjectaltname ?? nameOf(leaf.subject)).slice(0, 200)
  return { code: 'KAFKA_TLS_HOST_MISMATCH', message: `The certificate of ${broker} is for ${names}.` }
}

async function faultOfExchange(
  { connected, answered, error, ended }: Exchange,
  hasCertificate: boolean,
  address: BrokerAddress,
  timeout: number,
): Promise<Verdict | undefined> {
  const broker = shown(address)
  const code = ALERTS.find(([pattern]) => pattern.test(error ?? ''))?.[1]
  if (code === 'KAFKA_TLS_VERSION')
    return { code, message: `${broker} and this client have no version of TLS in common.` }
  if (code !== undefined || (connected && !answered && ended !== 'timeout')) {
    return {
      code: 'KAFKA_TLS_CLIENT_CERTIFICATE',
      message: hasCertificate
        ? `${broker} refuses the certificate in ssl.keystore${error === undefined ? '' : ` (${error})`}.`
        : `${broker} wants a client certificate, and there is no ssl.keystore.`,
    }
  }
  if (connected || error === 'ECONNREFUSED' || error === 'ENOTFOUND' || error === 'EAI_AGAIN')
    return undefined
  const plain = await exchangePlain(address, timeout)
  if (!plain.answered) return undefined
  return {
    code: 'KAFKA_TLS_NOT_SPOKEN',
    message: `${broker} speaks plain text, and security.protocol asks for TLS.`,
  }
}

function chainOf(socket: TLSSocket): readonly DetailedPeerCertificate[] {
  const chain: DetailedPeerCertificate[] = []
  let certificate: DetailedPeerCertificate | undefined = socket.getPeerCertificate(true)
  while (certificate?.raw !== undefined && chain.length < MAX_CHAIN) {
    chain.push(certificate)
    const issuer: DetailedPeerCertificate | undefined = certificate.issuerCertificate
    certificate = issuer === certificate || chain.includes(issuer) ? undefined : issuer
  }
  return chain
}

function described(certificate: DetailedPeerCertificate): PeerCertificate {
  return {
    subject: nameOf(certificate.subject),
    issuer: nameOf(certificate.issuer),
    names: (certificate.subjectaltname ?? '').slice(0, 500),
    validFrom: certificate.valid_from,
    validTo: certificate.valid_to,
  }
}

/** A name on one line; it comes from the peer, so it is bounded. */
function nameOf(name: object): string {
  const parts = Object.entries(name).map(([key, value]) => `${key}=${String(value)}`)
  return JSON.stringify(parts.join(', ').slice(0, 120))
}
