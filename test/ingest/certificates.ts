import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface KeyPair {
  readonly cert: string
  readonly key: string
}

/** Keys and certificates of one test run, made with openssl: a CA, a server for 127.0.0.1, clients, a foreign CA's client. */
export interface Certificates {
  readonly ca: string
  readonly server: KeyPair
  readonly client: KeyPair
  readonly foreign: KeyPair
}

export function makeCertificates(commonName: string): Certificates {
  const directory = mkdtempSync(join(tmpdir(), 'certificates-'))
  const openssl = (...args: string[]): void => {
    execFileSync('openssl', args, { cwd: directory, stdio: 'ignore' })
  }
  const read = (name: string): string => readFileSync(join(directory, name), 'utf8')
  const pair = (name: string): KeyPair => ({ cert: read(`${name}.crt`), key: read(`${name}.key`) })
  const authority = (name: string): void =>
    openssl(
      ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'],
      ...['-subj', `/CN=${name}`, '-keyout', `${name}.key`, '-out', `${name}.crt`],
    )
  const sign = (name: string, subject: string, by: string): void => {
    writeFileSync(join(directory, 'extensions'), 'subjectAltName=IP:127.0.0.1\n')
    openssl(
      ...['req', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-subj', `/CN=${subject}`],
      ...['-keyout', `${name}.key`, '-out', `${name}.csr`],
    )
    openssl(
      ...['x509', '-req', '-in', `${name}.csr`, '-CA', `${by}.crt`, '-CAkey', `${by}.key`, '-CAcreateserial'],
      ...['-days', '2', '-extfile', 'extensions', '-out', `${name}.crt`],
    )
  }
  try {
    authority('ca')
    authority('other')
    sign('server', 'localhost', 'ca')
    sign('client', commonName, 'ca')
    sign('foreign', commonName, 'other')
    return { ca: read('ca.crt'), server: pair('server'), client: pair('client'), foreign: pair('foreign') }
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}
