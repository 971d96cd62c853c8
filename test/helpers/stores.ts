import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { runProcess } from './process.ts'

/** What goes into a keystore: PEM texts. */
export interface StoreIdentity {
  readonly key: string
  /** Leaf, then its issuers. */
  readonly chain: readonly string[]
}

export interface OpensslOptions {
  readonly password: string
  /** `legacy`: RC2-40 for certificates, 3DES for the key, SHA-1 MAC, as OpenSSL 1 wrote it. */
  readonly legacy?: boolean
  readonly extra?: readonly string[]
}

let made = 0

/** A PKCS #12 keystore by `openssl pkcs12 -export`, in base64. */
export async function opensslKeystore(
  directory: string,
  identity: StoreIdentity,
  { password, legacy = false, extra = [] }: OpensslOptions,
): Promise<string> {
  const [pem, out] = files(directory, 'p12')
  await writeFile(pem, identity.key + identity.chain.join(''), { mode: 0o600 })
  await runProcess('openssl', [
    ...['pkcs12', '-export', '-in', pem, '-out', out, '-passout', `pass:${password}`, '-name', 'client'],
    ...(legacy ? ['-legacy'] : []),
    ...extra,
  ])
  return base64(out)
}

/** A PKCS #12 truststore of certificates alone, without Java's marks, in base64. */
export async function opensslTruststore(
  directory: string,
  certificates: readonly string[],
  { password, legacy = false, extra = [] }: OpensslOptions,
): Promise<string> {
  const [pem, out] = files(directory, 'p12')
  await writeFile(pem, certificates.join(''))
  await runProcess('openssl', [
    ...['pkcs12', '-export', '-nokeys', '-in', pem, '-out', out, '-passout', `pass:${password}`],
    ...(legacy ? ['-legacy'] : []),
    ...extra,
  ])
  return base64(out)
}

export type JavaStoreType = 'JKS' | 'PKCS12'

/** A truststore by `keytool -importcert`, one entry per certificate, in base64. */
export async function keytoolTruststore(
  directory: string,
  certificates: readonly string[],
  type: JavaStoreType,
  password: string,
  java: readonly string[] = [],
): Promise<string> {
  const [pem, out] = files(directory, type.toLowerCase())
  for (const [index, certificate] of certificates.entries()) {
    await writeFile(pem, certificate)
    await keytool(
      [
        ...['-importcert', '-noprompt', '-alias', `ca${index}`, '-file', pem],
        ...['-keystore', out, '-storetype', type, '-storepass', password],
      ],
      java,
    )
  }
  return base64(out)
}

/** A keystore by `keytool -importkeystore`; `keyPassword` is possible with JKS alone. */
export async function keytoolKeystore(
  directory: string,
  identity: StoreIdentity,
  type: JavaStoreType,
  password: string,
  { keyPassword = password, alias = 'client', java = [] as readonly string[], into = '' } = {},
): Promise<string> {
  const source = await opensslKeystore(directory, identity, { password: 'changeit' })
  const [file, fresh] = files(directory, type.toLowerCase())
  const out = into === '' ? fresh : into
  await writeFile(file, Buffer.from(source, 'base64'))
  await keytool(
    [
      ...[
        '-importkeystore',
        '-noprompt',
        '-srckeystore',
        file,
        '-srcstoretype',
        'PKCS12',
        '-srcstorepass',
        'changeit',
      ],
      ...['-destkeystore', out, '-deststoretype', type, '-deststorepass', password],
      ...['-srcalias', 'client', '-destalias', alias, '-srckeypass', 'changeit', '-destkeypass', keyPassword],
    ],
    java,
  )
  return base64(out)
}

/** Runs keytool; `java` are system properties such as `-Dkeystore.pkcs12.legacy`. */
export async function keytool(args: readonly string[], java: readonly string[] = []): Promise<void> {
  const light = ['-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC', '-Xmx128m', ...java].map(
    (option) => `-J${option}`,
  )
  await runProcess('keytool', [...light, ...args])
}

function files(directory: string, ending: string): [input: string, output: string] {
  made += 1
  return [join(directory, `store-${made}.pem`), join(directory, `store-${made}.${ending}`)]
}

async function base64(file: string): Promise<string> {
  return (await readFile(file)).toString('base64')
}
