import { type ClientContext } from '../message/index.ts'
import { type Access } from './access.ts'
import { createAuthorizer, type Authorizer, type CertificateIdentity, type Identity } from './authorize.ts'
import { type ConnectPacket } from './codec/connect.ts'
import { reason, type ProtocolFault } from './codec/reasons.ts'
import { type Terms } from './handshake.ts'
import { type Host } from './host.ts'
import { type OpenedSession } from './session-registry.ts'
import { type SessionHolder } from './session.ts'

/** Where a connection comes from, as its listener knows. */
export interface Peer {
  readonly sourceIp: string | undefined
  readonly certificate: CertificateIdentity | undefined
  /** The listener admits clients without credentials. */
  readonly anonymous: boolean
}

/** What an identified client may do, and by which access rules. */
export interface Grant {
  readonly identity: Identity
  readonly access: Access
  readonly authorize: Authorizer
}

export type Identified =
  | { readonly ok: true; readonly client: ClientContext; readonly grant: Grant }
  | { readonly ok: false; readonly fault: ProtocolFault }

/** Checks the credentials of a CONNECT; the answer to wrong ones comes late. */
export async function identify(
  host: Host,
  { anonymous, certificate, sourceIp }: Peer,
  packet: ConnectPacket,
  clientId: string,
): Promise<Identified> {
  const { username: given, password } = packet
  const { access } = host
  const outcome = await access.authenticator.authenticate({
    certificate,
    username: given,
    password,
    anonymous,
  })
  if (!outcome.ok) {
    host.meter.count('authentications_failed')
    const delay = host.failureDelay.next(sourceIp ?? '', performance.now())
    await new Promise((resolve) => setTimeout(resolve, delay))
    return { ok: false, fault: outcome }
  }
  const { username, principal } = outcome
  return {
    ok: true,
    client: { clientId, principal, sourceIp, protocol: 'mqtt' },
    grant: grantOf(access, { clientId, username, certificate }),
  }
}

function grantOf(access: Access, identity: Identity): Grant {
  return { identity, access, authorize: createAuthorizer(access.acl, identity) }
}

/** What the client may do by `access`; undefined when it has to prove again who it is. */
export function renewed(grant: Grant, access: Access): Grant | undefined {
  if (grant.access === access) return grant
  return access.keeps(grant.identity.username, grant.access) ? grantOf(access, grant.identity) : undefined
}

/** Reserves the will and opens the session of an identified client, which closes its older connection. */
export function openSession(
  host: Host,
  { will, clean }: ConnectPacket,
  { clientId, sessionExpiry }: Terms,
  authorize: Authorizer,
  holder: SessionHolder,
): OpenedSession | ProtocolFault {
  if (!host.connectionRate.admitsClient(clientId, performance.now())) {
    return { reason: reason.connectionRateExceeded, text: 'the client connects too often' }
  }
  if (will !== undefined && !authorize(will.topic)) {
    return { reason: reason.notAuthorized, text: 'the client may not publish to the topic of its will' }
  }
  if (will !== undefined && !host.wills.reserve(will)) {
    return { reason: reason.quotaExceeded, text: 'there are too many wills' }
  }
  const opened = host.sessions.open(clientId, clean, sessionExpiry, holder, Date.now())
  if (opened !== undefined) return opened
  if (will !== undefined) host.wills.discard(will)
  return { reason: reason.quotaExceeded, text: 'there are too many sessions' }
}

/** Waits for the record of a session; false when it could not be written. */
export async function isDurable({ durable }: OpenedSession): Promise<boolean> {
  try {
    await durable
    return true
  } catch {
    return false
  }
}
