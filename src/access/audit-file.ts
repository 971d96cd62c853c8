import { closeSync, openSync, writeSync } from 'node:fs'
import { type AuditLine } from './audit.ts'

/**
 * A file of audit lines, one JSON object each, that is only ever added to. It is private to the user of the process. A
 * line is with the operating system when `write` returns: it survives the end of the process, not that of the machine.
 */
export class AuditFile {
  readonly #path: string
  #descriptor: number | undefined

  /** @throws Error of node:fs when the file cannot be opened */
  constructor(path: string) {
    this.#path = path
    this.#descriptor = openSync(path, 'a', 0o600)
  }

  /** @throws Error of node:fs when the line cannot be written */
  write(line: AuditLine, time: Date): void {
    this.#descriptor ??= openSync(this.#path, 'a', 0o600)
    const bytes = Buffer.from(`${JSON.stringify({ time: time.toISOString(), ...line })}\n`)
    for (let written = 0; written < bytes.length;) written += writeSync(this.#descriptor, bytes, written)
  }

  /** The next line opens the file again, so that it can be moved away. */
  close(): void {
    if (this.#descriptor !== undefined) closeSync(this.#descriptor)
    this.#descriptor = undefined
  }
}
