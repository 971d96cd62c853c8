import { createHash } from 'node:crypto'
import { readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { History } from './history.ts'

/** Where histories outlive the process. */
export interface HistoriesOptions {
  /** Written with mode 0600. */
  readonly file: string
  /** Told when the file cannot be read or written; delivery goes on without it. */
  readonly onFault: (reason: string) => void
  /** Milliseconds from the first news to the write; 30 seconds unless said. */
  readonly writeAfter?: number
  /** The same for a target with which nothing had worked ever; 100 unless said. */
  readonly writeFirstAfter?: number
}

interface Remembered {
  /** Day of the last run in which something worked, as in `2026-01-31`. */
  readonly day: string
  readonly topics: readonly string[]
}

const TARGETS_LIMIT = 1_000
const TOPICS_LIMIT = 1_000
const TOPICS_TOTAL = 20_000
const MAX_BYTES = 16 * 1024 * 1024
const KEEP_DAYS = 90
const WRITE_AFTER_MS = 30_000
/** A process killed before this time takes an outage for the rule's fault at its next start. */
const WRITE_FIRST_AFTER_MS = 100
const DAY_MS = 86_400_000

/**
 * The histories of all targets. With a file, what worked before a restart is known after it, so that an outage is not
 * taken for the rule's fault because the process is young. The file names targets by a digest and holds no properties.
 */
export class Histories {
  readonly #options: HistoriesOptions | undefined
  readonly #remembered: Map<string, Remembered>
  readonly #live = new Map<string, History>()
  #timer: NodeJS.Timeout | undefined
  /** `performance.now()` at which the timer is due. */
  #dueAt = 0

  constructor(options?: HistoriesOptions) {
    this.#options = options
    this.#remembered = options === undefined ? new Map() : read(options)
  }

  /** The history of the target with this identity. */
  of(identity: string): History {
    if (this.#options === undefined) return new History()
    const key = digest(identity)
    const known = this.#live.get(key)
    if (known !== undefined) return known
    const history = new History(this.#remembered.get(key)?.topics, (isFirst) => this.#writeSoon(isFirst))
    this.#live.set(key, history)
    return history
  }

  /** The target with this identity takes the place of the one whose history this is. */
  inherit(identity: string, history: History): History {
    if (this.#options !== undefined) this.#live.set(digest(identity), history)
    return history
  }

  /** Nobody uses the target any more: only what is worth remembering is kept. */
  forget(identity: string): void {
    const key = digest(identity)
    const history = this.#live.get(key)
    if (history === undefined) return
    this.#live.delete(key)
    if (history.isFresh) this.#remembered.set(key, remember(history))
  }

  /** Writes what is new. */
  close(): void {
    if (this.#timer === undefined) return
    clearTimeout(this.#timer)
    this.#write()
  }

  #writeSoon(isFirst: boolean): void {
    const { writeAfter = WRITE_AFTER_MS, writeFirstAfter = WRITE_FIRST_AFTER_MS } = this.#options!
    const after = isFirst ? Math.min(writeFirstAfter, writeAfter) : writeAfter
    const dueAt = performance.now() + after
    if (this.#timer !== undefined && this.#dueAt <= dueAt) return
    clearTimeout(this.#timer)
    this.#dueAt = dueAt
    this.#timer = setTimeout(() => this.#write(), after).unref()
  }

  #write(): void {
    this.#timer = undefined
    const { file, onFault } = this.#options!
    for (const [key, history] of this.#live) if (history.isFresh) this.#remembered.set(key, remember(history))
    const newest = [...this.#remembered].sort(([, a], [, b]) => (a.day < b.day ? 1 : a.day > b.day ? -1 : 0))
    let topics = 0
    newest.forEach(([key, each], index) => {
      topics += each.topics.length
      if (index >= TARGETS_LIMIT || topics > TOPICS_TOTAL) this.#remembered.delete(key)
    })
    const text = JSON.stringify({ version: 1, targets: Object.fromEntries(this.#remembered) })
    const draft = `${file}.new`
    try {
      rmSync(draft, { force: true })
      writeFileSync(draft, text, { mode: 0o600, flag: 'wx' })
      renameSync(draft, file)
    } catch (error) {
      onFault((error as Error).message)
    }
  }
}

function remember(history: History): Remembered {
  return { day: dayOf(Date.now()), topics: [...history.topics].slice(-TOPICS_LIMIT) }
}

function dayOf(time: number): string {
  return new Date(time).toISOString().slice(0, 10)
}

/** Not the pool's own identity, so that the file tells nothing that could be looked up elsewhere. */
function digest(identity: string): string {
  return createHash('sha256').update(`history\0${identity}`).digest('hex')
}

function read({ file, onFault }: HistoriesOptions): Map<string, Remembered> {
  try {
    if (statSync(file).size > MAX_BYTES) throw new Error('the file is larger than 16 MiB')
    return parse(JSON.parse(readFileSync(file, 'utf8')))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') onFault((error as Error).message)
    return new Map()
  }
}

function parse(value: unknown): Map<string, Remembered> {
  const { version, targets } = value as { version?: unknown; targets?: unknown }
  if (version !== 1 || typeof targets !== 'object' || targets === null)
    throw new Error('the file is of another version')
  const oldest = dayOf(Date.now() - KEEP_DAYS * DAY_MS)
  const found = Object.entries(targets as Record<string, Partial<Remembered>>).flatMap(([key, each]) => {
    const { day, topics } = each
    const isWhole = typeof day === 'string' && Array.isArray(topics) && topics.every(isText)
    return isWhole && day >= oldest ? [[key, { day, topics }] as const] : []
  })
  return new Map(found)
}

function isText(value: unknown): value is string {
  return typeof value === 'string'
}
