import { existsSync, readdirSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePorts } from './ports.ts'
import { runProcess, startProcess, type RunningProcess } from './process.ts'

/** A real MIT key distribution center for one realm, on a port of its own; no file of the system is touched. */
export interface Kdc {
  readonly realm: string
  /** `host:port`. */
  readonly address: string
  /** krb5.conf by which others find this center. */
  readonly configuration: string
  /** Creates a principal with a random key; returns the file of its keytab. */
  addPrincipal(name: string, options?: readonly string[]): Promise<string>
  removePrincipal(name: string): Promise<void>
  /** Changes the key of a principal and returns the new keytab in base64. */
  rotateKey(name: string): Promise<string>
  /** The keytab of a principal in base64. */
  keytab(name: string): Promise<string>
  /** Ends the process; `start` brings it back with its principals. */
  halt(): Promise<void>
  /** `shift` moves its clock, as in `+3h` (libfaketime). */
  start(shift?: string): Promise<void>
  stop(): Promise<void>
}

export async function startKdc(realm: string): Promise<Kdc> {
  const directory = await mkdtemp(join(tmpdir(), 'topicrule-kdc-'))
  const [port] = await freePorts(1)
  const address = `127.0.0.1:${port}`
  const configuration = join(directory, 'krb5.conf')
  await writeFile(configuration, clientConfiguration(realm, address))
  await writeFile(join(directory, 'kdc.conf'), serverConfiguration(realm, address, directory))
  const env = {
    ...process.env,
    KRB5_CONFIG: configuration,
    KRB5_KDC_PROFILE: join(directory, 'kdc.conf'),
    PATH: `${process.env['PATH']}:/usr/sbin:/sbin`,
  }
  const admin = (query: string): Promise<unknown> =>
    runProcess('kadmin.local', ['-r', realm, '-q', query], { env })
  await runProcess('kdb5_util', ['create', '-s', '-r', realm, '-P', 'master-password'], { env })
  let running: RunningProcess | undefined
  const fileOf = (name: string): string => join(directory, `${name.replaceAll('/', '_')}.keytab`)
  const exportKey = async (name: string, ...flags: string[]): Promise<string> => {
    await rm(fileOf(name), { force: true })
    await admin(`ktadd -k ${fileOf(name)} ${flags.join(' ')} ${name}`)
    return fileOf(name)
  }
  const kdc: Kdc = {
    realm,
    address,
    configuration,
    async addPrincipal(name, flags = []) {
      await admin(`addprinc -randkey ${flags.join(' ')} ${name}`)
      return exportKey(name, '-norandkey')
    },
    async removePrincipal(name) {
      await admin(`delprinc -force ${name}`)
    },
    async rotateKey(name) {
      return (await readFile(await exportKey(name))).toString('base64')
    },
    keytab: async (name) => (await readFile(fileOf(name))).toString('base64'),
    async halt() {
      await running?.kill9()
      running = undefined
    },
    async start(shift) {
      const clock = shift === undefined ? {} : { LD_PRELOAD: fakeTimeLibrary(), FAKETIME: shift }
      running = startProcess('krb5kdc', ['-n', '-r', realm], { env: { ...env, ...clock } })
      await running.line(/commencing operation/, 20_000)
    },
    async stop() {
      await kdc.halt()
      await rm(directory, { recursive: true, force: true })
    },
  }
  await kdc.start()
  return kdc
}

/** Where the package libfaketime puts its library, which differs by architecture. */
function fakeTimeLibrary(): string {
  const found = readdirSync('/usr/lib')
    .map((name) => join('/usr/lib', name, 'faketime/libfaketime.so.1'))
    .find((file) => existsSync(file))
  if (found === undefined) throw new Error('libfaketime is not installed')
  return found
}

function clientConfiguration(realm: string, address: string): string {
  return `[libdefaults]
  default_realm = ${realm}
  rdns = false
  dns_canonicalize_hostname = false
  dns_lookup_kdc = false
  udp_preference_limit = 1
[realms]
  ${realm} = {
    kdc = ${address}
  }
`
}

function serverConfiguration(realm: string, address: string, directory: string): string {
  return `[kdcdefaults]
  kdc_listen = ${address}
  kdc_tcp_listen = ${address}
[realms]
  ${realm} = {
    database_name = ${directory}/principal
    key_stash_file = ${directory}/stash
    acl_file = ${directory}/kadm5.acl
    max_life = 10h
  }
[logging]
  kdc = STDERR
`
}
