import { readFileSync } from 'node:fs'
import { type Config } from './config/index.ts'
import { type ErrorCode } from './errors.ts'
import { type AccessOptions, checkAclTopic, checkTls, parseUsers, type TlsOptions } from './ingest/index.ts'

/** A server that cannot start: what is wrong and what to do, with a code of the catalogue. */
export class StartError extends Error {
  readonly code: ErrorCode

  constructor(code: ErrorCode, message: string) {
    super(message)
    this.code = code
  }
}

/**
 * Who may connect and publish, with what the files say now.
 * @throws StartError when a file cannot be read, or it or the access list has faults
 */
export function readAccess({ mqtt: { users, acl } }: Config): AccessOptions {
  return {
    ...(users === undefined ? {} : { users: readUsers(users.file) }),
    ...(acl === undefined ? {} : { acl: checkAcl(acl) }),
  }
}

type TlsConfig = NonNullable<Config['mqtt']['listeners'][number]['tls']>

/** @throws StartError when a file cannot be read */
export function readTls({
  cert,
  key,
  keyPassword,
  clientCa,
  requireClientCertificate,
}: TlsConfig): TlsOptions {
  return {
    cert: readConfigured(cert),
    key: readConfigured(key),
    ...(keyPassword === undefined ? {} : { passphrase: keyPassword }),
    ...(clientCa === undefined ? {} : { clientCa: readConfigured(clientCa), requireClientCertificate }),
  }
}

/**
 * The same for the listener that `key` names, when its certificate can be used.
 * @throws StartError
 */
export function readCheckedTls(config: TlsConfig, key: string): TlsOptions {
  const tls = readTls(config)
  const fault = checkTls(tls)
  if (fault !== undefined) throw new StartError('CONFIG_INVALID', `${key}.tls cannot be used: ${fault}.`)
  return tls
}

type AclConfig = NonNullable<Config['mqtt']['acl']>

/** A pattern with a slip would match nothing, so that a denial would deny nothing. */
function checkAcl(acl: AclConfig): AclConfig {
  const faults = acl.flatMap(({ topics }, line) =>
    topics.flatMap((topic, index) => {
      const fault = checkAclTopic(topic)
      return fault === undefined ? [] : [`mqtt.acl[${line}].topics[${index}]: ${fault}`]
    }),
  )
  if (faults.length > 0)
    throw new StartError('CONFIG_INVALID', `The access list has faults: ${faults.join('; ')}.`)
  return acl
}

function readUsers(file: string): ReadonlyMap<string, string> {
  const parsed = parseUsers(readConfigured(file).toString('utf8'))
  if (parsed.ok) return parsed.users
  const faults = parsed.faults.map(({ line, message }) => `line ${line}: ${message}`).join('; ')
  throw new StartError('CONFIG_INVALID', `The users file ${file} has faults: ${faults}.`)
}

/**
 * A file that the configuration names.
 * @throws StartError when it cannot be read
 */
export function readConfigured(file: string): Buffer {
  try {
    return readFileSync(file)
  } catch (error) {
    throw new StartError('CONFIG_FILE_MISSING', `${file} cannot be read: ${(error as Error).message}.`)
  }
}
