import { chmod, mkdir, open, rm, type FileHandle } from 'node:fs/promises'
import { syncDirectory } from '../durable.ts'
import { type Failure } from '../errors.ts'
import { decodeLetter, type DeadLetter, encodeLetter } from './letter.ts'
import { linesOf, listSegments, removeSegment, type Segment, segmentFile } from './segments.ts'

export interface DeadLetterOptions {
  readonly directory: string
  /** Bound on all segments together. */
  readonly maxBytes: number
  /** Segments last written longer ago are removed; milliseconds. */
  readonly maxAge: number
  /** A segment that has this many bytes is followed by a new one. */
  readonly segmentBytes: number
}

/** What the store tells of itself. */
export interface DeadLetterEvents {
  /** Segments were removed to stay within a bound; `letters` of them are gone. */
  removed(file: string, letters: number, because: 'size' | 'age'): void
  /** The newest segment has lines that are torn or damaged, as a crash leaves behind. */
  damaged(file: string, lines: number): void
  failed(reason: string): void
}

/** The way back of one letter. */
export interface LetterReceipt {
  /** Called once: undefined when the letter is on disk. */
  settled(failure: Failure | undefined): void
}

interface Pending {
  readonly line: string
  readonly receipt: LetterReceipt
}

const AGE_CHECK = 3_600_000

/**
 * Writes dead letters so that they survive a crash: one write and one fdatasync for all that came in meanwhile. A
 * directory belongs to one process. A segment is appended to only by the process that began it, so that a torn last
 * line stays a last line.
 */
export class DeadLetterStore {
  readonly #options: DeadLetterOptions
  readonly #events: DeadLetterEvents
  /** Oldest first; the last one is written while `#handle` is open. */
  #segments: { name: string; file: string; bytes: number; writtenAt: number }[] = []
  #handle: FileHandle | undefined
  #pending: Pending[] = []
  #writing: Promise<void> | undefined
  readonly #timer: NodeJS.Timeout

  private constructor(options: DeadLetterOptions, events: DeadLetterEvents, segments: readonly Segment[]) {
    this.#options = options
    this.#events = events
    this.#segments = segments.map((segment) => ({ ...segment }))
    this.#timer = setInterval(() => this.#write(), Math.min(AGE_CHECK, options.maxAge))
    this.#timer.unref()
  }

  /** Makes the directory (mode 0700) if need be. Rejects when it cannot be used. */
  static async open(options: DeadLetterOptions, events: DeadLetterEvents): Promise<DeadLetterStore> {
    const { directory } = options
    await mkdir(directory, { recursive: true, mode: 0o700 })
    await chmod(directory, 0o700)
    const segments = await listSegments(directory)
    const newest = segments.at(-1)
    if (newest !== undefined) {
      let damaged = 0
      for await (const line of linesOf(newest.file)) if (decodeLetter(line) === undefined) damaged += 1
      if (damaged > 0) events.damaged(newest.file, damaged)
    }
    const store = new DeadLetterStore(options, events, segments)
    store.#write()
    await store.#writing
    return store
  }

  /** Bytes of all segments. */
  get bytes(): number {
    return this.#segments.reduce((sum, { bytes }) => sum + bytes, 0)
  }

  append(letter: DeadLetter, receipt: LetterReceipt): void {
    this.#pending.push({ line: encodeLetter(letter), receipt })
    this.#write()
  }

  /** Resolves when everything taken is written. */
  async close(): Promise<void> {
    clearInterval(this.#timer)
    while (this.#writing !== undefined) await this.#writing
    await this.#finish()
  }

  #write(): void {
    this.#writing ??= this.#writeAll().finally(() => {
      this.#writing = undefined
      if (this.#pending.length > 0) this.#write()
    })
  }

  async #writeAll(): Promise<void> {
    do {
      const batch = this.#nextBatch()
      const failure = batch.length === 0 ? undefined : await this.#append(batch)
      for (const { receipt } of batch) receipt.settled(failure)
      await this.#removeOld().catch((error: unknown) => this.#events.failed(reasonOf(error)))
    } while (this.#pending.length > 0)
  }

  /** As many as fill a segment. */
  #nextBatch(): Pending[] {
    let bytes = 0
    const end = this.#pending.findIndex(({ line }) => (bytes += line.length) >= this.#options.segmentBytes)
    return this.#pending.splice(0, end < 0 ? this.#pending.length : end + 1)
  }

  async #append(batch: readonly Pending[]): Promise<Failure | undefined> {
    const bytes = Buffer.from(batch.map(({ line }) => line).join(''))
    try {
      const handle = this.#handle ?? (await this.#begin())
      await writeWhole(handle, bytes)
      await handle.datasync()
    } catch (error) {
      await this.#abandon()
      this.#events.failed(reasonOf(error))
      return unwritable(this.#options.directory, reasonOf(error))
    }
    const segment = this.#segments.at(-1)!
    segment.bytes += bytes.length
    segment.writtenAt = Date.now()
    if (segment.bytes >= this.#options.segmentBytes) await this.#finish()
    return undefined
  }

  async #begin(): Promise<FileHandle> {
    const { directory } = this.#options
    // Thirteen digits also on a machine whose clock has not been set yet.
    const name = String(Math.max(Date.now(), Number(this.#segments.at(-1)?.name ?? 0) + 1)).padStart(13, '0')
    const file = segmentFile(directory, name)
    this.#handle = await open(file, 'wx', 0o600)
    this.#segments.push({ name, file, bytes: 0, writtenAt: Date.now() })
    await syncDirectory(directory)
    return this.#handle
  }

  /**
   * After a failed write: what reached the disk beyond the letters that are certain is cut off, and a segment without
   * any is removed: a full disk is tried again with every message, and must not fill with empty files.
   */
  async #abandon(): Promise<void> {
    const handle = this.#handle
    this.#handle = undefined
    if (handle === undefined) return
    const { file, bytes } = this.#segments.at(-1)!
    await handle.truncate(bytes).catch(() => undefined)
    await handle.close().catch(() => undefined)
    if (bytes > 0) return
    this.#segments.pop()
    await rm(file, { force: true }).catch(() => undefined)
  }

  async #finish(): Promise<void> {
    const handle = this.#handle
    this.#handle = undefined
    await handle?.close().catch(() => undefined)
  }

  async #removeOld(): Promise<void> {
    const { directory, maxAge, maxBytes } = this.#options
    for (;;) {
      const [oldest] = this.#segments
      const isOpen = this.#segments.length === 1 && this.#handle !== undefined
      if (oldest === undefined) return
      const because =
        this.bytes > maxBytes ? 'size' : oldest.writtenAt < Date.now() - maxAge ? 'age' : undefined
      if (because === undefined) return
      if (isOpen) await this.#finish()
      const letters = await removeSegment(directory, oldest)
      this.#segments.shift()
      this.#events.removed(oldest.file, letters, because)
    }
  }
}

async function writeWhole(handle: FileHandle, bytes: Buffer): Promise<void> {
  for (let at = 0; at < bytes.length;) at += (await handle.write(bytes, at)).bytesWritten
}

function unwritable(directory: string, reason: string): Failure {
  const message = `The dead letter could not be written: ${reason}.`
  return { code: 'DEADLETTER_UNWRITABLE', class: 'environment', resource: directory, message }
}

/** Without the path, which the resource names. */
function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException
  return code ?? message
}
