import { createPrivateKey, X509Certificate } from 'node:crypto'
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type KeystoreResult, readKeystore, readTruststore } from '../../src/deliver/kafka/stores/index.ts'
import { runProcess } from '../helpers/process.ts'
import {
  keytoolKeystore,
  keytoolTruststore,
  opensslKeystore,
  opensslTruststore,
  type StoreIdentity,
} from '../helpers/stores.ts'
import { makeAuthority } from '../helpers/tls.ts'

const PASSWORD = 'pässwörd'
const KEY_PASSWORD = 'keysecret'
const LEGACY = ['-Dkeystore.pkcs12.legacy']

let directory: string
let roots: string[]
let ec: StoreIdentity
let rsa: StoreIdentity
let expired: StoreIdentity
let other: StoreIdentity
let middle: string
const stores: Record<string, string> = {}

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'topicrule-stores-'))
  const [root, second] = [
    await makeAuthority(join(directory, 'a'), 'first root'),
    await makeAuthority(join(directory, 'b'), 'second root'),
  ]
  roots = [root.ca, second.ca]
  const between = await root.intermediate('middle', 'intermediate')
  middle = between.ca
  const chainOf = async (name: string, options: object): Promise<StoreIdentity> => {
    const { key, cert } = await between.issue(name, name, [], options)
    return { key, chain: [cert, middle, root.ca] }
  }
  ec = await chainOf('ec', {})
  rsa = await chainOf('rsa', { rsa: true })
  other = await chainOf('other', {})
  expired = await chainOf('expired', { from: new Date('2020-01-01'), to: new Date('2021-01-01') })
  const jks = keytoolKeystore(directory, ec, 'JKS', 'storepass', { keyPassword: KEY_PASSWORD })
  Object.assign(stores, {
    'JKS by keytool': await jks,
    'PKCS #12 by keytool': await keytoolKeystore(directory, rsa, 'PKCS12', 'storepass'),
    'old PKCS #12 by keytool': await keytoolKeystore(directory, ec, 'PKCS12', 'storepass', { java: LEGACY }),
    'PKCS #12 by openssl': await opensslKeystore(directory, ec, { password: PASSWORD }),
    'old PKCS #12 by openssl': await opensslKeystore(directory, rsa, { password: PASSWORD, legacy: true }),
    'trusted JKS': await keytoolTruststore(directory, roots, 'JKS', 'storepass'),
    'trusted PKCS #12': await keytoolTruststore(directory, roots, 'PKCS12', 'storepass'),
    'trusted by openssl': await opensslTruststore(directory, roots, { password: '' }),
    'trusted by old openssl': await opensslTruststore(directory, roots, { password: PASSWORD, legacy: true }),
  })
})
afterAll(() => rm(directory, { recursive: true, force: true }))

function keystore(store: string, password?: string, keyPassword?: string): KeystoreResult {
  return readKeystore({ store, password, directory: undefined }, keyPassword)
}

function expectIdentity(result: KeystoreResult, { key, chain }: StoreIdentity): void {
  if (!result.ok) throw new Error(`${result.code} ${result.reason}`)
  expect(certificates(result.certificates)).toEqual(chain.map(fingerprint))
  expect(createPrivateKey(result.privateKey).equals(createPrivateKey(key))).toBe(true)
  expect(result.warnings).toEqual([])
}

function certificates(pem: string): string[] {
  return (pem.match(/-----BEGIN[^]+?-----END CERTIFICATE-----/g) ?? []).map(fingerprint)
}

function fingerprint(pem: string): string {
  return new X509Certificate(pem).fingerprint256
}

function codes(result: ReturnType<typeof readTruststore> | KeystoreResult): string[] {
  return result.ok ? result.warnings.map(({ code }) => code) : [`${result.code} ${result.part}`]
}

describe('a keystore gives the key and its chain, leaf first', () => {
  it.each([
    ['JKS by keytool', 'storepass', KEY_PASSWORD, () => ec],
    ['PKCS #12 by keytool', 'storepass', undefined, () => rsa],
    ['old PKCS #12 by keytool', 'storepass', undefined, () => ec],
    ['PKCS #12 by openssl', PASSWORD, undefined, () => ec],
    ['old PKCS #12 by openssl', PASSWORD, undefined, () => rsa],
  ] as const)('%s', (name, password, keyPassword, identity) => {
    expectIdentity(keystore(stores[name]!, password, keyPassword), identity())
  })

  it.each([
    ['3DES throughout', ['-certpbe', 'PBE-SHA1-3DES', '-keypbe', 'PBE-SHA1-3DES', '-macalg', 'sha1']],
    ['RC2-128', ['-legacy', '-certpbe', 'PBE-SHA1-RC2-128', '-keypbe', 'PBE-SHA1-RC2-40']],
    ['two-key 3DES', ['-certpbe', 'PBE-SHA1-2DES', '-keypbe', 'PBE-SHA1-2DES']],
    ['AES-128 and a SHA-512 MAC', ['-certpbe', 'AES-128-CBC', '-keypbe', 'AES-192-CBC', '-macalg', 'sha512']],
    ['nothing encrypted', ['-certpbe', 'NONE', '-keypbe', 'NONE']],
    ['no MAC', ['-nomac']],
    ['100,000 rounds', ['-iter', '100000']],
  ])('PKCS #12 with %s', async (_name, extra) => {
    expectIdentity(
      keystore(await opensslKeystore(directory, ec, { password: PASSWORD, extra }), PASSWORD),
      ec,
    )
  })

  it.each([
    ['today', []],
    ['old', ['-legacy']],
  ])('PKCS #12 with an empty password, as openssl writes it (%s)', async (_name, extra) => {
    const store = await opensslKeystore(directory, ec, { password: '', extra })
    expectIdentity(keystore(store, ''), ec)
    expectIdentity(keystore(store, undefined), ec)
  })

  it('PEM in any order, in base64 too, and with line ends that were escaped', () => {
    const text = [...ec.chain].reverse().join('') + ec.key
    expectIdentity(keystore(text, ''), ec)
    expectIdentity(keystore(Buffer.from(text).toString('base64'), ''), ec)
    expectIdentity(keystore(text.replaceAll('\n', '\\n'), ''), ec)
    expectIdentity(keystore(Buffer.from(Buffer.from(text).toString('base64')).toString('base64'), ''), ec)
  })

  it.each([
    ['PBES2 with AES', ['pkcs8', '-topk8', '-v2', 'aes-256-cbc']],
    ['PBES2 with 3DES', ['pkcs8', '-topk8', '-v2', 'des3']],
    ['3DES of PKCS #12', ['pkcs8', '-topk8', '-v1', 'PBE-SHA1-3DES']],
    ['scrypt', ['pkcs8', '-topk8', '-scrypt']],
    ['the form before PKCS #8', ['rsa', '-aes128', '-traditional']],
  ])('PEM whose key is encrypted by %s', async (_name, command) => {
    const file = join(directory, 'plain.key')
    await writeFile(file, rsa.key)
    const { stdout } = await runProcess('openssl', [...command, '-in', file, '-passout', `pass:${PASSWORD}`])
    const text = rsa.chain.join('') + `${stdout.join('\n')}\n`
    expectIdentity(keystore(text, PASSWORD), rsa)
    expectIdentity(keystore(text, 'unused', PASSWORD), rsa)
    expect(codes(keystore(text, 'wrong'))).toEqual(['KAFKA_STORE_PASSWORD key-password'])
    expect(codes(keystore(text))).toEqual(['KAFKA_STORE_PASSWORD key-password'])
  })
})

describe('a truststore gives every authority', () => {
  it.each([
    ['trusted JKS', 'storepass'],
    ['trusted JKS', undefined],
    ['trusted PKCS #12', 'storepass'],
    ['trusted by openssl', ''],
    ['trusted by openssl', undefined],
    ['trusted by old openssl', PASSWORD],
  ])('%s with the password %s', (name, password) => {
    const result = readTruststore({ store: stores[name]!, password, directory: undefined })
    expect(result.ok && certificates(result.certificates).sort()).toEqual(roots.map(fingerprint).sort())
    expect(codes(result)).toEqual([])
  })

  it('and says when a chain has no root, or a certificate is past its time', () => {
    const trust = (text: string): string[] =>
      codes(readTruststore({ store: text, password: undefined, directory: undefined }))
    expect(trust(middle)).toEqual(['KAFKA_STORE_NO_ROOT'])
    expect(trust(middle + roots[0]!)).toEqual([])
    expect(trust(expired.chain.join(''))).toEqual(['KAFKA_STORE_EXPIRED'])
  })

  it('and of a keystore only the certificate of the key, as Java trusts it', () => {
    const result = readTruststore({
      store: stores['PKCS #12 by openssl']!,
      password: PASSWORD,
      directory: undefined,
    })
    expect(result.ok && certificates(result.certificates)).toEqual([fingerprint(ec.chain[0]!)])
  })
})

describe('each fault of a store has its own code', () => {
  it('a wrong password of the store, and of the key', () => {
    for (const name of Object.keys(stores).filter((key) => key !== 'JKS by keytool')) {
      expect(codes(keystore(stores[name]!, 'wrong')), name).toEqual(['KAFKA_STORE_PASSWORD password'])
    }
    expect(codes(keystore(stores['JKS by keytool']!, 'storepass'))).toEqual([
      'KAFKA_STORE_PASSWORD key-password',
    ])
    expect(codes(keystore(stores['PKCS #12 by openssl']!, PASSWORD, 'wrong'))).toEqual([
      'KAFKA_STORE_PASSWORD key-password',
    ])
    const encrypted = stores['trusted PKCS #12']!
    expect(codes(readTruststore({ store: encrypted, password: undefined, directory: undefined }))).toEqual([
      'KAFKA_STORE_PASSWORD password',
    ])
  })

  it.each([
    ['KAFKA_STORE_NO_KEY store', () => ec.chain.join('')],
    ['KAFKA_STORE_NO_CERTIFICATE store', () => ec.key],
    ['KAFKA_STORE_KEY_MISMATCH store', () => ec.chain.join('') + other.key],
    ['KAFKA_STORE_FORMAT store', () => 'no store at all!'],
    ['KAFKA_STORE_FORMAT store', () => Buffer.from('cececece00000002', 'hex').toString('base64')],
    ['KAFKA_STORE_FORMAT store', () => ''],
    ['KAFKA_STORE_CORRUPT store', () => ec.chain[0]!.slice(0, 200)],
    ['KAFKA_STORE_CORRUPT store', () => ec.chain[0]!.replace(/MII..../, 'AAAAAAAA') + ec.key],
    ['KAFKA_STORE_CORRUPT store', () => Buffer.from('308205a102010330820567', 'hex').toString('base64')],
    ['KAFKA_STORE_TOO_LARGE store', () => ec.chain.join('').repeat(60)],
    ['KAFKA_STORE_TOO_LARGE store', () => Buffer.alloc(66_561, 0x30).toString('base64')],
    ['KAFKA_STORE_FILE store', () => 'file:///client.p12'],
  ])('%s', (code, store) => {
    expect(codes(keystore(store(), ''))).toEqual([code])
  })

  it('a key that is neither RSA nor EC', async () => {
    const { stdout } = await runProcess('openssl', ['genpkey', '-algorithm', 'ed25519'])
    expect(codes(keystore(ec.chain.join('') + stdout.join('\n'), ''))).toEqual(['KAFKA_STORE_KEY_TYPE store'])
  })

  it('more rounds of hashing than anything writes', async () => {
    const store = await opensslKeystore(directory, ec, { password: 'x', extra: ['-iter', '200000'] })
    // The count is 02 03 03 0d 40 in DER, in the MAC and in both encryptions.
    const text = Buffer.from(store, 'base64').toString('hex').replaceAll('0203030d40', '02037fffff')
    const hostile = Buffer.from(text, 'hex').toString('base64')
    expect(codes(keystore(hostile, 'x'))).toEqual(['KAFKA_STORE_ALGORITHM store'])
  })

  it('a certificate past its time, and several keys, are warnings', async () => {
    expect(codes(keystore(expired.chain.join('') + expired.key, ''))).toEqual(['KAFKA_STORE_EXPIRED'])
    const into = join(directory, 'two.jks')
    await keytoolKeystore(directory, rsa, 'JKS', 'storepass', { alias: 'zebra', into })
    const both = await keytoolKeystore(directory, ec, 'JKS', 'storepass', { alias: 'antelope', into })
    const result = keystore(both, 'storepass')
    expect(codes(result)).toEqual(['KAFKA_STORE_SEVERAL_KEYS'])
    expect(result.ok && certificates(result.certificates)[0]).toBe(fingerprint(ec.chain[0]!))
  })
})

describe("the operator's files", () => {
  it('are read below the directory and nowhere else', async () => {
    const below = join(directory, 'stores')
    await mkdir(join(below, 'team'), { recursive: true })
    await writeFile(join(directory, 'outside.pem'), ec.chain.join('') + ec.key)
    await writeFile(join(below, 'team', 'client.p12'), Buffer.from(stores['PKCS #12 by openssl']!, 'base64'))
    await writeFile(join(below, 'large.pem'), 'x'.repeat(200_000))
    await symlink(join(directory, 'outside.pem'), join(below, 'link.pem'))
    const read = (store: string): KeystoreResult =>
      readKeystore({ store, password: PASSWORD, directory: below }, undefined)
    expectIdentity(read('file:///team/client.p12'), ec)
    for (const name of [
      'file:///../outside.pem',
      'file:///link.pem',
      'file:///team',
      'file:///none.pem',
      'file://team/client.p12',
      `file://${join(directory, 'outside.pem')}`,
    ]) {
      expect(codes(read(name)), name).toEqual(['KAFKA_STORE_FILE store'])
    }
    expect(codes(read('file:///large.pem'))).toEqual(['KAFKA_STORE_TOO_LARGE store'])
  })
})

describe('hostile stores', () => {
  it('never throw, cut off or changed at any byte', async () => {
    const extra = ['-iter', '1']
    const hostile: [bytes: Buffer, password: string][] = [
      [Buffer.from(stores['JKS by keytool']!, 'base64'), 'storepass'],
      [Buffer.from(stores['trusted JKS']!, 'base64'), 'storepass'],
      [Buffer.from(rsa.chain.join('') + rsa.key), ''],
    ]
    for (const more of [[], ['-legacy'], ['-nomac'], ['-certpbe', 'NONE', '-keypbe', 'NONE', '-nomac']]) {
      const store = await opensslKeystore(directory, ec, { password: 'x', extra: [...extra, ...more] })
      hostile.push([Buffer.from(store, 'base64'), 'x'])
    }
    const faults = new Set<string>()
    const read = (bytes: Buffer, password: string): void => {
      const input = { store: bytes.toString('base64'), password, directory: undefined }
      const results = [readTruststore({ ...input, password: undefined }), readKeystore(input, undefined)]
      for (const result of results) if (!result.ok) faults.add(result.code)
    }
    for (const [bytes, password] of hostile) {
      const step = Math.ceil(bytes.length / 300)
      for (let at = 0; at < bytes.length; at += step) {
        read(bytes.subarray(0, at), password)
        const changed = Buffer.from(bytes)
        changed[at] = [0x00, 0x7f, 0x80, 0xff][at % 4]!
        read(changed, password)
      }
    }
    expect(faults).toContain('KAFKA_STORE_CORRUPT')
    expect(faults).toContain('KAFKA_STORE_PASSWORD')
  })
})
