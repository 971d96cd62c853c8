import { hostsFile } from '../destination/index.ts'
import { krb5Configuration } from '../kerberos/identity.ts'
import { hostsLibrary, missingForOverrides } from './hosts-library.ts'
import { type Isolation } from './isolation.ts'
import { type StartAgent } from './messages.ts'
import { type PrivateDirectory } from './private-directory.ts'

/** What a process finds when it starts: variables of its own, and the message that tells it of its files. */
export interface Surroundings {
  readonly environment: Readonly<Record<string, string>>
  readonly start: StartAgent
}

/**
 * Writes the files of a process into its directory.
 * @throws Error where one cannot be written, or the library for overrides is missing
 */
export function surround({ kerberos, overrides }: Isolation, directory: PrivateDirectory): Surroundings {
  const tickets = kerberos && {
    principal: kerberos.principal,
    keytab: directory.write('keytab', kerberos.keytab),
    cache: `${directory.path}/cache`,
  }
  const hosts = overrides && {
    file: directory.write('hosts', hostsFile(overrides)),
    overrides: [...overrides],
  }
  return {
    environment: {
      ...(kerberos && {
        KRB5_CONFIG: directory.write('krb5.conf', krb5Configuration(kerberos)),
        KRB5CCNAME: `FILE:${tickets!.cache}`,
      }),
      ...(hosts && { LD_PRELOAD: library(), NSS_WRAPPER_HOSTS: hosts.file }),
    },
    start: { kind: 'start', directory: directory.path, tickets, hosts },
  }
}

function library(): string {
  const file = hostsLibrary()
  if (file === undefined) throw new Error(missingForOverrides())
  return file
}
