import { closeSync, constants, fstatSync, openSync, readSync, realpathSync } from 'node:fs'
import { resolve, sep } from 'node:path'
import { isJks } from './jks.ts'
import { isPem } from './pem.ts'
import { isPkcs12 } from './pkcs12.ts'
import { StoreRefusal } from './refusal.ts'

/** "The maximum size of this value is 65 KB", here of the store itself: base64 and `get_secret` make it longer. */
const LIMIT = 65 * 1024
/** base64 of the limit, twice, with line ends. */
const TEXT_LIMIT = LIMIT * 2
const FILE = 'file://'
const BASE64 = /^[A-Za-z0-9+/_-]+={0,2}$/

export type StoreSource =
  | { readonly format: 'PEM'; readonly text: string }
  | { readonly format: 'JKS' | 'PKCS #12'; readonly bytes: Buffer }

/**
 * Finds the bytes of a store and their format: PEM text, base64 of any format, or `file:///name` below the directory
 * that the operator gave. Throws a `StoreRefusal`.
 */
export function sourceOf(value: string, directory: string | undefined): StoreSource {
  if (value.startsWith(FILE)) return formatOf(readBelow(directory, value), true)
  if (isPem(value)) {
    checkSize(Buffer.byteLength(value))
    return { format: 'PEM', text: value }
  }
  return formatOf(decode(value) ?? refuseFormat(), true)
}

function formatOf(bytes: Buffer, mayBeBase64: boolean): StoreSource {
  checkSize(bytes.length)
  if (isJks(bytes)) return { format: 'JKS', bytes }
  if (isPkcs12(bytes)) return { format: 'PKCS #12', bytes }
  const text = bytes.toString('latin1')
  if (isPem(text)) return { format: 'PEM', text }
  const inner = mayBeBase64 ? decode(text) : undefined
  return inner === undefined ? refuseFormat(bytes) : formatOf(inner, false)
}

function decode(text: string): Buffer | undefined {
  if (text.length > TEXT_LIMIT) checkSize(Math.floor((text.length * 3) / 4))
  const packed = text.replace(/\s+/g, '')
  return BASE64.test(packed) ? Buffer.from(packed, 'base64') : undefined
}

function checkSize(bytes: number): void {
  if (bytes <= LIMIT) return
  throw new StoreRefusal('KAFKA_STORE_TOO_LARGE', `has ${bytes} bytes; the limit is ${LIMIT} (65 KB).`)
}

function refuseFormat(bytes?: Buffer): never {
  const jceks = bytes !== undefined && bytes.length >= 4 && bytes.readUInt32BE(0) === 0xcececece
  throw new StoreRefusal(
    'KAFKA_STORE_FORMAT',
    jceks
      ? 'is a JCEKS store, which is not supported; convert it with keytool -importkeystore -deststoretype PKCS12.'
      : 'is no store: it is neither PEM text nor base64 of a JKS, PKCS #12 or PEM store.',
  )
}

function readBelow(directory: string | undefined, url: string): Buffer {
  if (directory === undefined) {
    const reason =
      'names a file, which only works where the operator sets kafka.storeDirectory in the configuration.'
    throw new StoreRefusal('KAFKA_STORE_FILE', reason)
  }
  const unreadable = (): StoreRefusal =>
    new StoreRefusal(
      'KAFKA_STORE_FILE',
      'names a file that is not in kafka.storeDirectory, or cannot be read.',
    )
  const name = url.slice(FILE.length)
  if (!name.startsWith('/') || name.includes('\0')) throw unreadable()
  let handle: number | undefined
  try {
    const root = realpathSync(directory)
    const path = realpathSync(resolve(root, `.${name}`))
    if (!path.startsWith(root.endsWith(sep) ? root : root + sep)) throw unreadable()
    handle = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
    const { size } = fstatSync(handle)
    if (!fstatSync(handle).isFile()) throw unreadable()
    if (size > TEXT_LIMIT) checkSize(size)
    const bytes = Buffer.alloc(TEXT_LIMIT)
    return bytes.subarray(0, readSync(handle, bytes, 0, bytes.length, 0))
  } catch (error) {
    throw error instanceof StoreRefusal ? error : unreadable()
  } finally {
    if (handle !== undefined) closeSync(handle)
  }
}
