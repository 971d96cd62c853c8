import { open, realpath } from 'node:fs/promises'
import { constants } from 'node:fs'
import { join, sep } from 'node:path'
import { Content, type Fetched, type LookUp, type SecretBackend, secretFailure } from './backend.ts'

/** A secret of AWS has at most 64 KiB; base64 makes a third more of it. */
const MAX_BYTES = 131_072

/**
 * Secrets as files, the way Docker and Kubernetes mount them. The id is a path below the directory. A key is looked
 * for inside the file, which must be JSON then; where the id names a directory, the key is a file in it.
 * Text loses one line break at its end, which editors and `echo` leave.
 */
export class DirectoryBackend implements SecretBackend {
  readonly keyed = true
  readonly #directory: string

  constructor(directory: string) {
    this.#directory = directory
  }

  async fetch({ id, key }: LookUp): Promise<Fetched> {
    if (!isPlainPath(id)) return secretFailure('SECRET_NOT_FOUND', 'rule', id, 'its id is no path of a file.')
    const file = await this.#read(id, id)
    if (file !== 'directory') return file
    if (key === undefined)
      return secretFailure(
        'SECRET_KEY_MISSING',
        'rule',
        id,
        'it is a directory; name a file in it as the key.',
      )
    if (!isPlainPath(key) || key.includes('/'))
      return secretFailure('SECRET_KEY_MISSING', 'rule', id, 'the key is no name of a file.')
    const inside = await this.#read(`${id}/${key}`, id)
    if (inside === 'directory')
      return secretFailure('SECRET_KEY_MISSING', 'rule', id, 'the key is a directory.')
    if (inside.ok)
      return { ok: true, content: Content.ofFile(inside.content.bytes!, inside.content.text, true) }
    if (inside.failure.code !== 'SECRET_NOT_FOUND') return inside
    const shown = JSON.stringify(key.slice(0, 100))
    return secretFailure('SECRET_KEY_MISSING', 'rule', id, `the directory has no file ${shown}.`)
  }

  close(): void {}

  /** Links are followed as far as they stay below the directory: Kubernetes mounts by links. */
  async #read(path: string, id: string): Promise<Fetched | 'directory'> {
    const root = await realpath(this.#directory).catch(() => undefined)
    // A store that is not mounted says nothing of what is in it.
    if (root === undefined)
      return secretFailure('SECRET_UNREACHABLE', 'environment', id, 'the directory of secrets is not there.')
    try {
      const file = await realpath(join(root, path))
      if (!file.startsWith(root + sep))
        return secretFailure('SECRET_NOT_FOUND', 'rule', id, 'its file lies outside of the directory.')
      // Without waiting: a pipe of that name must not stop anything.
      const handle = await open(file, constants.O_RDONLY | constants.O_NONBLOCK)
      try {
        const stat = await handle.stat()
        if (stat.isDirectory()) return 'directory'
        if (!stat.isFile()) return secretFailure('SECRET_NOT_FOUND', 'rule', id, 'it is no regular file.')
        if (stat.size > MAX_BYTES)
          return secretFailure('SECRET_TOO_LARGE', 'rule', id, `it has more than ${MAX_BYTES} bytes.`)
        const bytes = Buffer.alloc(stat.size)
        const { bytesRead } = await handle.read(bytes, 0, stat.size, 0)
        const content = bytes.subarray(0, bytesRead)
        return { ok: true, content: Content.ofFile(content, textOf(content), false) }
      } finally {
        await handle.close()
      }
    } catch (error) {
      return unreadable(error, id)
    }
  }
}

function isPlainPath(id: string): boolean {
  return id
    .split('/')
    .every((part) => part !== '' && part !== '.' && !part.startsWith('..') && !part.includes('\0'))
}

function textOf(bytes: Buffer): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes).replace(/\r?\n$/, '')
  } catch {
    return undefined
  }
}

function unreadable(error: unknown, id: string): Fetched {
  const code = (error as { code?: unknown }).code
  if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'ENAMETOOLONG')
    return secretFailure('SECRET_NOT_FOUND', 'rule', id, 'there is no such file.')
  if (code === 'EACCES' || code === 'EPERM')
    return secretFailure('SECRET_ACCESS_DENIED', 'rule', id, 'its file may not be read.')
  return secretFailure('SECRET_UNREACHABLE', 'environment', id, `its file cannot be read (${String(code)}).`)
}
