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

export interface LeafOptions {
  /** RSA 2048 instead of EC P-256. */
  readonly rsa?: boolean
  /** Validity; 30 days from now unless said. */
  readonly from?: Date
  readonly to?: Date
}

/** A certificate authority made for one test run. */
export interface Authority {
  readonly ca: string
  readonly caFile: string
  /** Issues a leaf: `names` are subjectAltName entries such as `DNS:localhost` or `IP:127.0.0.1`. */
  issue(
    file: string,
    commonName: string,
    names?: readonly string[],
    options?: LeafOptions,
  ): Promise<Certificate>
  /** Makes an authority below this one. */
  intermediate(file: string, commonName: string): Promise<Authority>
}

/** Makes a CA with openssl in `directory` (created, private to the user). */
export async function makeAuthority(directory: string, commonName = 'topicrule test CA'): Promise<Authority> {
  await mkdir(directory, { recursive: true, mode: 0o700 })
  const root = await certificate(directory, 'ca', commonName, AUTHORITY)
  return authority(directory, root)
}

const AUTHORITY = ['basicConstraints=critical,CA:TRUE', 'keyUsage=critical,keyCertSign,cRLSign']

function authority(directory: string, self: Certificate): Authority {
  return {
    ca: self.cert,
    caFile: self.certFile,
    issue: (file, name, names = [], options = {}) => {
      const alternative = names.length > 0 ? [`subjectAltName=${names.join(',')}`] : []
      return issue(directory, self, file, name, [...LEAF, ...alternative], options)
    },
    intermediate: async (file, name) =>
      authority(directory, await issue(directory, self, file, name, AUTHORITY, {})),
  }
}

const LEAF = [
  'basicConstraints=CA:FALSE',
  'keyUsage=digitalSignature',
  'extendedKeyUsage=serverAuth,clientAuth',
]

// A leaf goes by way of a signing request: `openssl req -x509 -CA` is missing in OpenSSL before 3.0.
async function issue(
  directory: string,
  root: Certificate,
  file: string,
  commonName: string,
  extensions: readonly string[],
  options: LeafOptions,
): Promise<Certificate> {
  const at = (ending: string): string => join(directory, `${file}.${ending}`)
  const [keyFile, request, certFile, extensionFile] = [at('key'), at('csr'), at('pem'), at('ext')]
  await writeFile(extensionFile, extensions.join('\n'))
  const key =
    options.rsa === true ? ['-newkey', 'rsa:2048', '-nodes', '-sha256', '-keyout', keyFile] : newKey(keyFile)
  await openssl(['req', '-new', ...key, '-subj', `/CN=${commonName}`, '-out', request])
  if (options.from === undefined && options.to === undefined) {
    await openssl([
      ...['x509', '-req', '-in', request, '-CA', root.certFile, '-CAkey', root.keyFile, '-CAcreateserial'],
      ...['-days', '30', '-sha256', '-extfile', extensionFile, '-out', certFile],
    ])
  } else await issueBetween(at('ca'), root, request, certFile, extensionFile, options)
  await Promise.all([rm(request), rm(extensionFile)])
  return read(keyFile, certFile)
}

/** `openssl x509` takes no dates before 3.4; `openssl ca` does, and wants a directory of its own. */
async function issueBetween(
  directory: string,
  root: Certificate,
  request: string,
  certFile: string,
  extensionFile: string,
  { from = new Date(), to = new Date(Date.now() + 86_400_000) }: LeafOptions,
): Promise<void> {
  await mkdir(directory, { recursive: true })
  const config = join(directory, 'ca.cnf')
  await writeFile(join(directory, 'index'), '')
  await writeFile(join(directory, 'serial'), '01\n')
  await writeFile(
    config,
    `[ca]\ndefault_ca=d\n[d]\ndatabase=${directory}/index\nserial=${directory}/serial\nnew_certs_dir=${directory}\npolicy=p\n[p]\ncommonName=supplied\n`,
  )
  await openssl([
    ...['ca', '-batch', '-notext', '-config', config, '-md', 'sha256', '-in', request],
    ...['-cert', root.certFile, '-keyfile', root.keyFile, '-extfile', extensionFile, '-out', certFile],
    ...['-startdate', asn1Time(from), '-enddate', asn1Time(to)],
  ])
}

function asn1Time(date: Date): string {
  return `${date.toISOString().replace(/[-:T]|\.\d+Z$/g, '')}Z`
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
