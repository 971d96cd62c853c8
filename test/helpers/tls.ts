import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { runProcess } from './process.ts'

/** Private key and certificate chain as PEM text and as files. */
export interface Certificate {
  readonly key: string
  readonly cert: string
  readonly keyFile: string
  readonly certFile: string
}

/** A certificate authority made for one test run. */
export interface Authority {
  readonly ca: string
  readonly caFile: string
  /** Issues a leaf: `names` are subjectAltName entries such as `DNS:localhost` or `IP:127.0.0.1`. */
  issue(file: string, commonName: string, names?: readonly string[]): Promise<Certificate>
}

/** Makes a CA with openssl in `directory` (created, private to the user). */
export async function makeAuthority(directory: string, commonName = 'topicrule test CA'): Promise<Authority> {
  await mkdir(directory, { recursive: true, mode: 0o700 })
  const root = await certificate(directory, 'ca', commonName, [
    'basicConstraints=critical,CA:TRUE',
    'keyUsage=critical,keyCertSign,cRLSign',
  ])
  return {
    ca: root.cert,
    caFile: root.certFile,
    issue: (file, name, names = []) => issue(directory, root, file, name, names),
  }
}

// A leaf goes by way of a signing request: `openssl req -x509 -CA` is missing in OpenSSL before 3.0.
async function issue(
  directory: string,
  root: Certificate,
  file: string,
  commonName: string,
  names: readonly string[],
): Promise<Certificate> {
  const keyFile = join(directory, `${file}.key`)
  const request = join(directory, `${file}.csr`)
  const certFile = join(directory, `${file}.pem`)
  const extensions = join(directory, `${file}.ext`)
  await writeFile(
    extensions,
    [
      'basicConstraints=CA:FALSE',
      'keyUsage=digitalSignature',
      'extendedKeyUsage=serverAuth,clientAuth',
      ...(names.length > 0 ? [`subjectAltName=${names.join(',')}`] : []),
    ].join('\n'),
  )
  await openssl(['req', '-new', ...newKey(keyFile), '-subj', `/CN=${commonName}`, '-out', request])
  await openssl([
    ...['x509', '-req', '-in', request, '-CA', root.certFile, '-CAkey', root.keyFile, '-CAcreateserial'],
    ...['-days', '30', '-sha256', '-extfile', extensions, '-out', certFile],
  ])
  await Promise.all([rm(request), rm(extensions)])
  return read(keyFile, certFile)
}

async function certificate(
  directory: string,
  file: string,
  commonName: string,
  extensions: readonly string[],
): Promise<Certificate> {
  const keyFile = join(directory, `${file}.key`)
  const certFile = join(directory, `${file}.pem`)
  await openssl([
    ...['req', '-x509', ...newKey(keyFile), '-subj', `/CN=${commonName}`, '-days', '30', '-out', certFile],
    ...extensions.flatMap((extension) => ['-addext', extension]),
  ])
  return read(keyFile, certFile)
}

function newKey(keyFile: string): string[] {
  return [
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:prime256v1',
    '-nodes',
    '-sha256',
    '-keyout',
    keyFile,
  ]
}

async function openssl(args: readonly string[]): Promise<void> {
  await runProcess('openssl', args)
}

async function read(keyFile: string, certFile: string): Promise<Certificate> {
  const [key, cert] = await Promise.all([readFile(keyFile, 'utf8'), readFile(certFile, 'utf8')])
  return { key, cert, keyFile, certFile }
}
