import { mkdir, open, readFile, type FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import { replaceFile, syncDirectory } from '../durable.ts'

/** A session as the log keeps it. `expiresAt` is undefined while its client is connected. */
export interface StoredSession {
  readonly clientId: string
  /** Seconds. */
  readonly expiryInterval: number
  /** Milliseconds since the Unix epoch. */
  readonly expiresAt: number | undefined
}

type LogRecord = StoredSession | { readonly clientId: string; readonly removed: true }

interface Batch {
  lines: string
  readonly done: Promise<void>
  readonly resolve: () => void
  readonly reject: (error: unknown) => void
}

export interface SessionLogReport {
  /** Bytes that carried no valid record were passed over; a torn last line after a crash is the usual case. */
  damaged(skippedBytes: number): void
  failed(error: unknown): void
}

const FILE = 'sessions.log'
const TEMPORARY = 'sessions.log.new'
/** The log is rewritten when it holds this many records beyond four for each session. */
const COMPACTION_SLACK = 1_000

/**
 * Append-only log of session existence: a line is `crc32 json`. Appends that arrive while a write is under way go
 * into the next one together, each batch is synced once, and `append` resolves when its record is on disk.
 */
export class SessionLog {
  readonly #directory: string
  readonly #report: SessionLogReport
  readonly #current: () => Iterable<StoredSession>
  #file: FileHandle | undefined
  #batch: Batch | undefined
  #writing: Promise<void> | undefined
  #records = 0
  #live = 0
  #closed = false

  private constructor(directory: string, current: () => Iterable<StoredSession>, report: SessionLogReport) {
    this.#directory = directory
    this.#current = current
    this.#report = report
  }

  /**
   * Opens or creates the log of a directory.
   * @param current the sessions that exist, asked for when the log is rewritten
   */
  static async open(
    directory: string,
    current: () => Iterable<StoredSession>,
    report: SessionLogReport,
  ): Promise<{ log: SessionLog; sessions: ReadonlyMap<string, StoredSession> }> {
    await mkdir(directory, { recursive: true, mode: 0o700 })
    const { sessions, skippedBytes } = readRecords(await readIfThere(join(directory, FILE)))
    if (skippedBytes > 0) report.damaged(skippedBytes)
    const log = new SessionLog(directory, current, report)
    await log.#rewrite(sessions.values())
    return { log, sessions }
  }

  /** Resolves when the record survives a crash; rejects when it could not be written. */
  append(record: LogRecord): Promise<void> {
    if (this.#closed) return Promise.reject(new Error('the session log is closed'))
    this.#batch ??= newBatch()
    this.#batch.lines += encode(record)
    this.#records++
    const { done } = this.#batch
    // Callers that do not wait must not turn a full disk into an unhandled rejection; `failed` reports it.
    done.catch(() => undefined)
    this.#writing ??= this.#writeAll()
    return done
  }

  async close(): Promise<void> {
    this.#closed = true
    await this.#writing
    await this.#file?.close()
    this.#file = undefined
  }

  async #writeAll(): Promise<void> {
    while (this.#batch !== undefined) {
      const batch = this.#batch
      this.#batch = undefined
      try {
        if (this.#file === undefined || this.#records > this.#live * 4 + COMPACTION_SLACK) {
          await this.#rewrite(this.#current())
        }
        await this.#file!.appendFile(batch.lines)
        await this.#file!.datasync()
        batch.resolve()
      } catch (error) {
        this.#report.failed(error)
        batch.reject(error)
        // What reached the disk is unknown: the next batch begins with a rewrite.
        await this.#file?.close().catch(() => undefined)
        this.#file = undefined
      }
    }
    this.#writing = undefined
  }

  async #rewrite(sessions: Iterable<StoredSession>): Promise<void> {
    const lines: string[] = []
    for (const session of sessions) lines.push(encode(session))
    const path = join(this.#directory, FILE)
    await replaceFile(path, join(this.#directory, TEMPORARY), lines.join(''))
    await syncDirectory(this.#directory)
    await this.#file?.close()
    this.#file = await open(path, 'a', 0o600)
    this.#records = this.#live = lines.length
  }
}

function newBatch(): Batch {
  let resolve!: () => void
  let reject!: (error: unknown) => void
  const done = new Promise<void>((onDone, onError) => {
    resolve = onDone
    reject = onError
  })
  return { lines: '', done, resolve, reject }
}

function encode(record: LogRecord): string {
  const json = JSON.stringify(
    'removed' in record
      ? { c: record.clientId, x: 1 }
      : { c: record.clientId, e: record.expiryInterval, u: record.expiresAt },
  )
  return `${crc32(json).toString(16).padStart(8, '0')} ${json}\n`
}

function readRecords(bytes: Buffer): { sessions: Map<string, StoredSession>; skippedBytes: number } {
  const sessions = new Map<string, StoredSession>()
  let skippedBytes = 0
  let at = 0
  while (at < bytes.length) {
    const lineEnd = bytes.indexOf(0x0a, at)
    const end = lineEnd === -1 ? bytes.length : lineEnd
    const record = lineEnd === -1 ? undefined : decode(bytes.toString('utf8', at, end))
    if (record === undefined) skippedBytes += end - at + (lineEnd === -1 ? 0 : 1)
    else if ('removed' in record) sessions.delete(record.clientId)
    else sessions.set(record.clientId, record)
    at = end + 1
  }
  return { sessions, skippedBytes }
}

function decode(line: string): LogRecord | undefined {
  const json = line.slice(9)
  if (line[8] !== ' ' || crc32(json) !== Number.parseInt(line.slice(0, 8), 16)) return undefined
  try {
    const { c, e, u, x } = JSON.parse(json) as { c: unknown; e: unknown; u: unknown; x: unknown }
    if (typeof c !== 'string') return undefined
    if (x === 1) return { clientId: c, removed: true }
    if (typeof e !== 'number' || (u !== undefined && typeof u !== 'number')) return undefined
    return { clientId: c, expiryInterval: e, expiresAt: u }
  } catch {
    return undefined
  }
}

async function readIfThere(path: string): Promise<Buffer> {
  try {
    return await readFile(path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return Buffer.alloc(0)
    throw error
  }
}
