import { readFile, stat } from 'node:fs/promises'
import { extname } from 'node:path'
import { type Diagnostic } from '../errors.ts'
import { readDocuments, type StoredDocument } from './documents.ts'
import { type FileStamp } from './write-queue.ts'

const ENDINGS: ReadonlySet<string> = new Set(['.json', '.yaml', '.yml'])
export const MAX_FILE_BYTES = 1024 * 1024
export const MAX_FILES = 20_000
/** Clocks of file systems are coarse: a file this young may change again without its time stamp changing. */
const YOUNG_MS = 2_000

/** A file of rule documents as it was read last. */
export interface CachedFile {
  /** Empty while the stamp may still lie. */
  readonly stamp: string
  readonly text: string
  /** False when the file's text is not known. */
  readonly read: boolean
  readonly documents: readonly StoredDocument[]
  readonly diagnostics: readonly Diagnostic[]
  /** Sources that are in force although the file, as it is, does not tell of them. */
  readonly kept: readonly string[]
  readonly modifiedAt: number
  readonly createdAt: number
}

/** By its name: hidden files are others', and tests of rules lie beside them. */
export function isRuleFile(name: string): boolean {
  return ENDINGS.has(extname(name)) && !name.startsWith('.') && !/\.test\.[a-z]+$/.test(name)
}

/** Reads a file unless its stamp says that it is the one known; undefined when there is none. */
export async function readCached(
  file: string,
  known: CachedFile | undefined,
): Promise<CachedFile | undefined> {
  try {
    const { mtimeMs, birthtimeMs, size, ino } = await stat(file)
    const exact = stampOf({ mtimeMs, size, ino })
    if (known?.stamp === exact) return known
    const stamp = Date.now() - mtimeMs < YOUNG_MS ? '' : exact
    const times = {
      modifiedAt: mtimeMs,
      createdAt: known?.createdAt ?? (birthtimeMs > 0 ? birthtimeMs : mtimeMs),
    }
    if (size > MAX_FILE_BYTES) return unreadable(`${file} is larger than 1 MiB.`, stamp, known)
    const text = await readFile(file, 'utf8')
    if (known?.text === text && known.read) return known.stamp === stamp ? known : { ...known, stamp }
    return parsed(file, text, stamp, times, known)
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    return code === 'ENOENT' ? undefined : unreadable(`Cannot read ${file}: ${message}.`, '', known)
  }
}

/** A file that was just written, whose stamp is known exactly. */
export function written(
  file: string,
  text: string,
  stamp: FileStamp,
  known: CachedFile | undefined,
): CachedFile {
  const { mtimeMs } = stamp
  const times = { modifiedAt: mtimeMs, createdAt: known?.createdAt ?? mtimeMs }
  return parsed(file, text, stampOf(stamp), times, known)
}

function parsed(
  file: string,
  text: string,
  stamp: string,
  times: Pick<CachedFile, 'modifiedAt' | 'createdAt'>,
  known: CachedFile | undefined,
): CachedFile {
  const { documents, unread } = readDocuments(file, text)
  const diagnostics = unread.flatMap((each) => each.diagnostics)
  const kept = diagnostics.length === 0 ? [] : keptOf(known, new Set(documents.map(({ source }) => source)))
  return { stamp, text, read: true, documents, diagnostics, kept, ...times }
}

export function beyondBounds(file: string, known: CachedFile | undefined): CachedFile {
  const message = `${file} is beyond the bounds of a rules directory: ${MAX_FILES} files, 256 MiB.`
  return unreadable(message, '', known)
}

function unreadable(message: string, stamp: string, known: CachedFile | undefined): CachedFile {
  const diagnostics: Diagnostic[] = [{ code: 'STORE_UNREADABLE', severity: 'error', message }]
  const { createdAt = 0, modifiedAt = 0 } = known ?? {}
  return {
    stamp,
    text: '',
    read: false,
    documents: [],
    diagnostics,
    kept: keptOf(known, new Set()),
    createdAt,
    modifiedAt,
  }
}

function keptOf(known: CachedFile | undefined, read: ReadonlySet<string>): readonly string[] {
  if (known === undefined) return []
  const before = [...known.documents.map(({ source }) => source), ...known.kept]
  return before.filter((source) => !read.has(source))
}

export function isSameContent(a: CachedFile | undefined, b: CachedFile | undefined): boolean {
  if (a === undefined || b === undefined) return a === b
  if (a.text !== b.text || a.diagnostics.length !== b.diagnostics.length) return false
  return a.diagnostics.every(({ message }, index) => message === b.diagnostics[index]?.message)
}

function stampOf({ mtimeMs, size, ino }: FileStamp): string {
  return `${mtimeMs}:${size}:${ino}`
}
