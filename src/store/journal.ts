import { mkdirSync } from 'node:fs'
import { type FileHandle, open, readFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { replaceFile, syncDirectory } from '../durable.ts'

/** What is kept beside the documents: the newest value of each key counts, as in a compacted log. */
export interface JournalEntry {
  readonly kind: 'rule' | 'destination'
  readonly key: string
  /** Undefined: the key is gone. */
  readonly value: unknown
}

/** A compacted journal keeps at least so many lines more than it has keys before it is compacted again. */
const SLACK_LINES = 5_000

/** An append-only file of JSON lines. */
export class Journal {
  readonly #file: string
  readonly #values = new Map<string, JournalEntry>()
  #handle: FileHandle | undefined
  #lines = 0
  /** Lines that could not be read when the journal was loaded, other than a torn last one. */
  damaged = 0

  constructor(file: string) {
    this.#file = file
  }

  /** Reads it from its start; a torn last line, as a crash leaves it, was never confirmed and is dropped. */
  async load(): Promise<void> {
    let text: string
    try {
      text = await readFile(this.#file, 'utf8')
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return
      throw error
    }
    const lines = text.split('\n')
    const torn = lines.pop() !== ''
    for (const line of lines) {
      const entry = parse(line)
      if (entry === undefined) this.damaged += 1
      else this.#keep(entry)
    }
    this.#lines = lines.length
    if (torn || this.#isLoose()) await this.#compact()
  }

  get(kind: JournalEntry['kind'], key: string): unknown {
    return this.#values.get(`${kind} ${key}`)?.value
  }

  values(kind: JournalEntry['kind']): readonly JournalEntry[] {
    return [...this.#values.values()].filter((entry) => entry.kind === kind)
  }

  /** Resolves when the entries are on the disk; they count from then on. Only one call at a time. */
  async append(entries: readonly JournalEntry[]): Promise<void> {
    if (entries.length === 0) return
    const handle = await this.#open()
    const { size } = await handle.stat()
    try {
      await handle.appendFile(entries.map(lineOf).join(''))
      await handle.datasync()
    } catch (error) {
      // Part of a line at the end would take the next one with it.
      await handle.truncate(size).catch(() => this.#drop())
      throw error
    }
    for (const entry of entries) this.#keep(entry)
    this.#lines += entries.length
    // They are kept either way; the next call tries again.
    if (this.#isLoose()) await this.#compact().catch(() => undefined)
  }

  async close(): Promise<void> {
    await this.#drop()
  }

  #keep(entry: JournalEntry): void {
    const key = `${entry.kind} ${entry.key}`
    if (entry.value === undefined) this.#values.delete(key)
    else this.#values.set(key, entry)
  }

  #isLoose(): boolean {
    return this.#lines > 2 * this.#values.size + SLACK_LINES
  }

  async #open(): Promise<FileHandle> {
    if (this.#handle !== undefined) return this.#handle
    mkdirSync(dirname(this.#file), { recursive: true, mode: 0o700 })
    const handle = await open(this.#file, 'a', 0o600)
    try {
      await syncDirectory(dirname(this.#file))
      await syncDirectory(dirname(dirname(this.#file)))
    } catch (error) {
      await handle.close()
      throw error
    }
    this.#handle = handle
    return handle
  }

  async #drop(): Promise<void> {
    const handle = this.#handle
    this.#handle = undefined
    await handle?.close()
  }

  async #compact(): Promise<void> {
    const text = [...this.#values.values()].map(lineOf).join('')
    await replaceFile(this.#file, `${this.#file}.new`, text)
    this.#lines = this.#values.size
    // What is appended from here on has to go to the new file; opening it makes its name last.
    await this.#drop()
    await syncDirectory(dirname(this.#file))
  }
}

function lineOf({ kind, key, value }: JournalEntry): string {
  return `${JSON.stringify({ kind, key, value })}\n`
}

function parse(line: string): JournalEntry | undefined {
  try {
    const entry = JSON.parse(line) as Partial<JournalEntry> | null
    if (typeof entry?.key !== 'string' || (entry.kind !== 'rule' && entry.kind !== 'destination'))
      return undefined
    return { kind: entry.kind, key: entry.key, value: entry.value }
  } catch {
    return undefined
  }
}
