import { runProcess } from '../process.ts'
import { javaArguments } from './java.ts'

/** Gives a user of SCRAM-SHA-512 a new password; connections that are open stay so. */
export async function setScramPassword(
  kafka: { readonly jars: string; readonly bootstrap: { readonly plaintext: string } },
  user: string,
  password: string,
): Promise<void> {
  const args = [
    ...['--bootstrap-server', kafka.bootstrap.plaintext, '--alter'],
    ...['--add-config', `SCRAM-SHA-512=[password=${password}]`],
    ...['--entity-type', 'users', '--entity-name', user],
  ]
  await runProcess('java', javaArguments(kafka.jars, 'kafka.admin.ConfigCommand', args), { timeout: 60_000 })
}
