import { type FSWatcher, watch } from 'node:fs'
import { join } from 'node:path'
import { isRuleFile } from './file-cache.ts'
import { isTemporary } from './write-queue.ts'

/** Editors write in several steps: a change is read when the directory has been quiet for this long. */
const QUIET_MS = 50
/** It is also read when it has not been quiet for so long. */
const RESTLESS_MS = 1_000
/** Network file systems send no events: the directory is also read this often. */
const RESCAN_MS = 5_000
/** At most this part of the time goes into reading a large directory again. */
const RESCAN_SHARE = 50

/** How a directory is read again; both may reject. */
export interface DirectoryReader {
  /** All of it. */
  scan(): Promise<void>
  /** These files alone. */
  check(files: readonly string[]): Promise<void>
}

/** Tells when a directory is to be read again: soon after a change, and now and then. */
export class DirectoryWatch {
  readonly #directory: string
  /** Its name in the directory is no rule's business. */
  readonly #ignored: string
  readonly #reader: DirectoryReader
  readonly #touched = new Set<string>()
  #touchedAll = true
  #watcher: FSWatcher | undefined
  #quiet: NodeJS.Timeout | undefined
  /** `performance.now()` of the first change that was not looked at. */
  #restlessSince: number | undefined
  #rescan: NodeJS.Timeout | undefined
  #closed = false

  constructor(directory: string, ignored: string, reader: DirectoryReader) {
    this.#directory = directory
    this.#ignored = ignored
    this.#reader = reader
    try {
      this.#watcher = watch(directory, (_event, name) => this.#touch(name))
      this.#watcher.on('error', () => this.#watcher?.close())
    } catch {
      this.#watcher = undefined // the periodic scan alone finds changes then
    }
    this.#soon()
    this.#rescanLater(RESCAN_MS)
  }

  close(): void {
    this.#closed = true
    this.#watcher?.close()
    clearTimeout(this.#quiet)
    clearTimeout(this.#rescan)
  }

  #touch(name: string | null): void {
    if (name !== null && isTemporary(name)) return
    if (name !== null && isRuleFile(name)) this.#touched.add(join(this.#directory, name))
    else if (name !== this.#ignored) this.#touchedAll = true // a link that many files go through, perhaps
    this.#soon()
  }

  #soon(): void {
    const now = performance.now()
    this.#restlessSince ??= now
    clearTimeout(this.#quiet)
    const most = Math.max(0, this.#restlessSince + RESTLESS_MS - now)
    this.#quiet = setTimeout(() => void this.#look(), Math.min(QUIET_MS, most))
  }

  async #look(): Promise<void> {
    this.#restlessSince = undefined
    const files = [...this.#touched]
    const all = this.#touchedAll
    this.#touched.clear()
    this.#touchedAll = false
    // An unreadable directory keeps the rules it held; the next scan tries again.
    await (all ? this.#reader.scan() : this.#reader.check(files)).catch(() => undefined)
  }

  #rescanLater(after: number): void {
    this.#rescan = setTimeout(() => {
      const begun = performance.now()
      void this.#reader
        .scan()
        .catch(() => undefined)
        .then(() => {
          const next = Math.max(RESCAN_MS, RESCAN_SHARE * (performance.now() - begun))
          if (!this.#closed) this.#rescanLater(next)
        })
    }, after)
    this.#rescan.unref()
  }
}
