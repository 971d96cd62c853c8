import { watch, type FSWatcher } from 'node:fs'
import { readdir, readFile, stat } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { type Diagnostic } from '../errors.ts'
import { readDocuments, type StoredDocument } from './documents.ts'
import { type RuleStore, type StoreSnapshot } from './store.ts'

const ENDINGS = new Set(['.json', '.yaml', '.yml'])
const MAX_FILE_BYTES = 1024 * 1024
const MAX_FILES = 20_000
const MAX_TOTAL_BYTES = 256 * 1024 * 1024
/** Clocks of file systems are coarse: a file this young may change again without its time stamp changing. */
const YOUNG_MS = 2_000
/** Editors write in several steps: a change is read when the directory has been quiet for this long. */
const QUIET_MS = 50
/** Network file systems send no events: the directory is also read this often. */
const RESCAN_MS = 5_000

interface CachedFile {
  readonly stamp: string
  readonly text: string
  /** False when the file's text is not known. */
  readonly read: boolean
  readonly documents: readonly StoredDocument[]
  readonly diagnostics: readonly Diagnostic[]
}

/** Rule documents in the files of one directory (not of its subdirectories). */
export class DirectoryStore implements RuleStore {
  readonly #directory: string
  #files = new Map<string, CachedFile>()
  #version = 0
  #watcher: FSWatcher | undefined
  #quiet: NodeJS.Timeout | undefined
  #rescan: NodeJS.Timeout | undefined
  #scanning: Promise<boolean> | undefined
  #closed = false

  constructor(directory: string) {
    this.#directory = directory
  }

  /** @throws Error when the directory cannot be read */
  async load(): Promise<StoreSnapshot> {
    await this.#scan()
    return this.#snapshot()
  }

  watch(onChange: (snapshot: StoreSnapshot) => void): void {
    const look = (): void => {
      this.#scan().then(
        (changed) => {
          if (changed && !this.#closed) onChange(this.#snapshot())
        },
        () => undefined, // an unreadable directory keeps the rules it held; the next scan tries again
      )
    }
    const soon = (): void => {
      clearTimeout(this.#quiet)
      this.#quiet = setTimeout(look, QUIET_MS)
    }
    try {
      this.#watcher = watch(this.#directory, soon)
      this.#watcher.on('error', () => this.#watcher?.close())
    } catch {
      this.#watcher = undefined // the periodic scan alone finds changes then
    }
    this.#rescan = setInterval(look, RESCAN_MS)
    this.#rescan.unref()
    soon()
  }

  close(): void {
    this.#closed = true
    this.#watcher?.close()
    clearTimeout(this.#quiet)
    clearInterval(this.#rescan)
  }

  #snapshot(): StoreSnapshot {
    const files = [...this.#files.entries()]
    return {
      version: this.#version,
      documents: files.flatMap(([, { documents }]) => documents),
      unreadable: files
        .filter(([, { diagnostics }]) => diagnostics.length > 0)
        .map(([file, { diagnostics }]) => ({ file, diagnostics })),
    }
  }

  /** One scan at a time; a scan asked for while one runs follows it. */
  #scan(): Promise<boolean> {
    const next = (this.#scanning ?? Promise.resolve(false)).catch(() => false).then(() => this.#read())
    this.#scanning = next
    return next
  }

  async #read(): Promise<boolean> {
    const names = (await readdir(this.#directory)).filter(
      (name) => ENDINGS.has(extname(name)) && !name.startsWith('.'),
    )
    const files = new Map<string, CachedFile>()
    let room = MAX_TOTAL_BYTES
    for (const [index, name] of names.sort().entries()) {
      const file = join(this.#directory, name)
      const known = this.#files.get(file)
      const read = index < MAX_FILES && room > 0 ? await readOne(file, known) : beyondBounds(file)
      if (read === undefined) continue
      files.set(file, read)
      room -= read.text.length
    }
    const changed = differs(this.#files, files)
    this.#files = files
    if (changed) this.#version += 1
    return changed
  }
}

async function readOne(file: string, known: CachedFile | undefined): Promise<CachedFile | undefined> {
  try {
    const { mtimeMs, size, ino } = await stat(file)
    const stamp = Date.now() - mtimeMs < YOUNG_MS ? '' : `${mtimeMs}:${size}:${ino}`
    if (stamp !== '' && known?.stamp === stamp) return known
    if (size > MAX_FILE_BYTES) return unreadable(`${file} is larger than 1 MiB.`, stamp)
    const text = await readFile(file, 'utf8')
    if (known?.text === text && known.read) return { ...known, stamp }
    const { documents, unread } = readDocuments(file, text)
    return {
      stamp,
      text,
      read: true,
      documents,
      diagnostics: unread.flatMap(({ diagnostics }) => diagnostics),
    }
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    return code === 'ENOENT' ? undefined : unreadable(`Cannot read ${file}: ${message}.`, '')
  }
}

function beyondBounds(file: string): CachedFile {
  return unreadable(`${file} is beyond the bounds of a rules directory: ${MAX_FILES} files, 256 MiB.`, '')
}

function unreadable(message: string, stamp: string): CachedFile {
  const diagnostics: Diagnostic[] = [{ code: 'STORE_UNREADABLE', severity: 'error', message }]
  return { stamp, text: '', read: false, documents: [], diagnostics }
}

function differs(before: ReadonlyMap<string, CachedFile>, after: ReadonlyMap<string, CachedFile>): boolean {
  if (before.size !== after.size) return true
  for (const [file, { text, diagnostics }] of after) {
    const old = before.get(file)
    if (old === undefined || old.text !== text) return true
    if (old.diagnostics.some(({ message }, index) => message !== diagnostics[index]?.message)) return true
    if (old.diagnostics.length !== diagnostics.length) return true
  }
  return false
}
