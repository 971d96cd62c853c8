import { close, closeSync, fdatasync, openSync, writeSync } from 'node:fs'
import { type AuditLine } from './audit.ts'

/** What devices and pipes answer that have no disk behind them. */
const NOTHING_TO_SYNC = new Set(['EINVAL', 'ENOTSUP'])

/** A file of audit lines, one JSON object each, that is only ever added to. It is private to the user of the process. */
export class AuditFile {
  readonly #path: string
  #descriptor: number | undefined
  #syncing: Promise<void> | undefined
  /** The sync after the one under way, which takes all that was written until it begins. */
  #next: Promise<void> | undefined

  /** @throws Error of node:fs when the file cannot be opened */
  constructor(path: string) {
    this.#path = path
    this.#descriptor = openSync(path, 'a', 0o600)
  }

  /**
   * A line is with the operating system when `write` returns: it survives the end of the process.
   * @throws Error of node:fs when the line cannot be written
   */
  write(line: AuditLine, time: Date): void {
    this.#descriptor ??= openSync(this.#path, 'a', 0o600)
    const bytes = Buffer.from(`${JSON.stringify({ time: time.toISOString(), ...line })}\n`)
    for (let written = 0; written < bytes.length;) written += writeSync(this.#descriptor, bytes, written)
  }

  /**
   * Resolves when everything written so far is on the disk; those who wait share one sync.
   * Rejects with an error of node:fs.
   */
  sync(): Promise<void> {
    this.#next ??= (this.#syncing ?? Promise.resolve())
      .catch(() => undefined)
      .then(() => {
        this.#syncing = this.#next
        this.#next = undefined
        return synced(this.#descriptor)
      })
    return this.#next
  }

  /** The next line opens the file again, so that it can be moved away. What is being synced is closed afterwards. */
  close(): void {
    const descriptor = this.#descriptor
    this.#descriptor = undefined
    if (descriptor === undefined) return
    if (this.#syncing === undefined && this.#next === undefined) {
      closeSync(descriptor)
      return
    }
    fdatasync(descriptor, () => close(descriptor))
  }
}

function synced(descriptor: number | undefined): Promise<void> {
  if (descriptor === undefined) return Promise.resolve()
  return new Promise((resolve, reject) => {
    fdatasync(descriptor, (error) => {
      if (error === null || NOTHING_TO_SYNC.has(error.code ?? '')) resolve()
      else reject(error)
    })
  })
}
