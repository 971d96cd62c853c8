import { watch, type FSWatcher } from 'node:fs'
import { readdir, readFile, stat } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { type Diagnostic } from '../errors.ts'
import { readDocuments, type StoredDocument } from './documents.ts'
import { type RuleStore, type StoreSnapshot } from './store.ts'

const ENDINGS = new Set(['.json', '.yaml', '.yml'])
const MAX_FILE_BYTES = 1024 * 1024
const MAX_FILES = 20_000
/** Editors write in several steps: a change is read when the directory has been quiet for this long. */
const QUIET_MS = 50
/** Network file systems send no events: the directory is also read this often. */
const RESCAN_MS = 5_000

interface CachedFile {
  readonly stamp: string
  readonly text: string
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
    for (const name of names.sort().slice(0, MAX_FILES)) {
      const file = join(this.#directory, name)
      const known = this.#files.get(file)
      const read = await readOne(file, known)
      if (read !== undefined) files.set(file, read)
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
    const stamp = `${mtimeMs}:${size}:${ino}`
    if (known?.stamp === stamp) return known
    if (size > MAX_FILE_BYTES)
      return { stamp, text: '', documents: [], diagnostics: [unreadable(`${file} is larger than 1 MiB.`)] }
    const text = await readFile(file, 'utf8')
    if (known?.text === text) return { ...known, stamp }
    return { stamp, text, ...readDocuments(file, text) }
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (code === 'ENOENT') return undefined
    return {
      stamp: '',
      text: '',
      documents: [],
      diagnostics: [unreadable(`Cannot read ${file}: ${message}.`)],
    }
  }
}

function unreadable(message: string): Diagnostic {
  return { code: 'STORE_UNREADABLE', severity: 'error', message }
}

function differs(before: ReadonlyMap<string, CachedFile>, after: ReadonlyMap<string, CachedFile>): boolean {
  if (before.size !== after.size) return true
  for (const [file, { text, diagnostics }] of after) {
    const old = before.get(file)
    if (old === undefined || old.text !== text || old.diagnostics.length !== diagnostics.length) return true
  }
  return false
}
