import { createSecureContext } from 'node:tls'
import { Authenticator } from './authenticate.ts'
import { type AclRule } from './authorize.ts'
import { type TlsOptions } from './options.ts'

/** What may change while an ingest runs. */
export interface AccessOptions {
  /** As in `MqttIngestOptions`. */
  readonly users?: ReadonlyMap<string, string>
  readonly acl?: readonly AclRule[]
}

/** Who may connect and publish; replaced as a whole. */
export class Access {
  readonly acl: readonly AclRule[] | undefined
  readonly users: ReadonlyMap<string, string> | undefined
  readonly authenticator: Authenticator

  /** Verified passwords stay known where the users of `before` are the same. */
  constructor({ users, acl }: AccessOptions, before?: Access) {
    this.acl = acl
    this.users = users
    this.authenticator =
      before !== undefined && areSame(before.users, users) ? before.authenticator : new Authenticator(users)
  }

  /** Whether a user that `before` has verified is still one, with the same password. */
  keeps(username: string | undefined, before: Access): boolean {
    if (username === undefined || this === before) return true
    const hash = this.users?.get(username)
    return hash !== undefined && hash === before.users?.get(username)
  }
}

function areSame(
  before: ReadonlyMap<string, string> | undefined,
  now: ReadonlyMap<string, string> | undefined,
): boolean {
  if (before === undefined || now === undefined) return before === now
  return before.size === now.size && [...now].every(([name, hash]) => before.get(name) === hash)
}

/** @returns why a certificate, its key or an authority cannot be used, or undefined */
export function checkTls({ cert, key, passphrase, clientCa }: TlsOptions): string | undefined {
  try {
    createSecureContext({ cert, key, passphrase, ca: clientCa })
    return undefined
  } catch (error) {
    return (error as Error).message
  }
}
