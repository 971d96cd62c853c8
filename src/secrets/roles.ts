import { type AssumeRoleCommandOutput } from '@aws-sdk/client-sts'
import { type AwsClients } from './aws.ts'
import { awsFault } from './aws-faults.ts'
import { secretFailure } from './backend.ts'
import { type Failure } from '../errors.ts'

/** Temporary credentials as the SDK takes them. */
export interface RoleCredentials {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken: string
  readonly expiration: Date
}

type Assumed =
  | { readonly ok: true; readonly credentials: RoleCredentials }
  | { readonly ok: false; readonly failure: Failure }

/** A session is not used for its last minutes: a request may take a while. */
const RENEW_BEFORE_MS = 300_000
const MAX_ROLES = 200
const SESSION_NAME = 'topicrule'

/** Sessions of assumed roles: kept until shortly before they end, one request in flight per role. */
export class Roles {
  readonly #clients: AwsClients
  readonly #now: () => number
  readonly #sessions = new Map<string, RoleCredentials>()
  readonly #pending = new Map<string, Promise<Assumed>>()

  constructor(clients: AwsClients, now: () => number) {
    this.#clients = clients
    this.#now = now
  }

  /** Credentials of a session of `roleArn`; `id` is the secret that failures name. */
  assume(roleArn: string, id: string): Promise<Assumed> {
    const known = this.#sessions.get(roleArn)
    if (known !== undefined && known.expiration.getTime() - RENEW_BEFORE_MS > this.#now())
      return Promise.resolve({ ok: true, credentials: known })
    const pending = this.#pending.get(roleArn) ?? this.#begin(roleArn, id)
    return pending
  }

  /** Drops a session that the service does not take any more. */
  forget(roleArn: string): void {
    this.#sessions.delete(roleArn)
  }

  #begin(roleArn: string, id: string): Promise<Assumed> {
    const pending = this.#request(roleArn, id).finally(() => this.#pending.delete(roleArn))
    this.#pending.set(roleArn, pending)
    return pending
  }

  async #request(roleArn: string, id: string): Promise<Assumed> {
    try {
      const answer = await this.#clients.assumeRole({ RoleArn: roleArn, RoleSessionName: SESSION_NAME })
      const credentials = credentialsOf(answer)
      if (credentials === undefined)
        return secretFailure('SECRET_ROLE_REFUSED', 'rule', id, `the role ${roleArn} gave no credentials.`)
      if (this.#sessions.size >= MAX_ROLES) this.#sessions.clear()
      this.#sessions.set(roleArn, credentials)
      return { ok: true, credentials }
    } catch (error) {
      const fault = awsFault(error)
      if (fault.class === 'environment')
        return secretFailure(fault.code, 'environment', id, `STS: ${fault.sentence}`)
      return secretFailure(
        'SECRET_ROLE_REFUSED',
        'rule',
        id,
        `STS does not let the server assume ${roleArn}.`,
      )
    }
  }
}

function credentialsOf({ Credentials: given }: AssumeRoleCommandOutput): RoleCredentials | undefined {
  const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = given ?? {}
  if (!AccessKeyId || !SecretAccessKey || !SessionToken || !Expiration) return undefined
  return {
    accessKeyId: AccessKeyId,
    secretAccessKey: SecretAccessKey,
    sessionToken: SessionToken,
    expiration: Expiration,
  }
}
