import { X509Certificate } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { connect as connectTls } from 'node:tls'
import { join } from 'node:path'
import { type ClusterOptions } from '../helpers/kafka/index.ts'
import { type Authority, makeAuthority } from '../helpers/tls.ts'
import { type SecretFiles } from './secret-files.ts'

const HERE = ['DNS:localhost', 'IP:127.0.0.1']
const TAKEN_OVER_MS = 20_000

/** The certificates of the server's TLS listener and of its producers, which change while it runs. */
export class Certificates {
  readonly ca: string
  /** What the server's configuration names. */
  readonly listener: { readonly cert: string; readonly key: string }
  /** What the brokers need. */
  readonly mutual: NonNullable<ClusterOptions['mutual']>
  /** SHA-256 of the listener's certificate, as `fingerprint256` has it. */
  fingerprint = ''
  readonly #authority: Authority
  readonly #directory: string
  #number = 0

  private constructor(directory: string, authority: Authority) {
    this.#authority = authority
    this.#directory = directory
    this.ca = authority.ca
    this.listener = { cert: join(directory, 'listener.pem'), key: join(directory, 'listener.key') }
    this.mutual = { keystoreFile: join(directory, 'broker-keystore.pem'), truststoreFile: authority.caFile }
  }

  static async make(parent: string): Promise<Certificates> {
    const directory = join(parent, 'certificates')
    const certificates = new Certificates(directory, await makeAuthority(directory))
    const broker = await certificates.#authority.issue('broker', 'localhost', HERE)
    writeFileSync(certificates.mutual.keystoreFile, broker.key + broker.cert + certificates.ca, {
      mode: 0o600,
    })
    await certificates.#writeListener()
    return certificates
  }

  /** Puts a fresh certificate and key for the producers where the server finds its secrets. */
  async renewClient(secrets: SecretFiles): Promise<void> {
    this.#number += 1
    const { cert, key } = await this.#authority.issue(`client-${this.#number}`, `gateway-${this.#number}`)
    secrets.put('keystore', cert + key)
  }

  /** Gives the listener a fresh certificate; resolves when new connections on `port` are shown it. */
  async renewListener(hup: () => void, port: number): Promise<void> {
    await this.#writeListener()
    hup()
    const deadline = Date.now() + TAKEN_OVER_MS
    while ((await fingerprintAt(port, this.ca)) !== this.fingerprint) {
      if (Date.now() > deadline) throw new Error('the listener did not take over its new certificate')
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }

  async #writeListener(): Promise<void> {
    this.#number += 1
    const { cert, key } = await this.#authority.issue(`listener-${this.#number}`, 'localhost', HERE)
    writeFileSync(this.listener.key, key, { mode: 0o600 })
    writeFileSync(this.listener.cert, cert, { mode: 0o600 })
    this.fingerprint = new X509Certificate(cert).fingerprint256
  }
}

/** What a listener shows a client that trusts `ca`; undefined when no connection comes about. */
function fingerprintAt(port: number, ca: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = connectTls({ port, host: '127.0.0.1', ca })
    const end = (found: string | undefined): void => {
      socket.destroy()
      resolve(found)
    }
    socket.once('secureConnect', () => end(socket.getPeerCertificate().fingerprint256))
    socket.once('error', () => end(undefined))
  })
}
