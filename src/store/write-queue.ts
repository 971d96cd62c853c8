import { open, rename, unlink } from 'node:fs/promises'
import { randomUUID } from 'node:crypto'
import { basename, dirname, join } from 'node:path'
import { syncDirectory } from '../durable.ts'
import { type Journal, type JournalEntry } from './journal.ts'

export interface Write {
  /** Undefined: the journal alone is written. */
  readonly file: FileWrite | undefined
  readonly entry: JournalEntry
}

export interface FileWrite {
  readonly path: string
  /** Undefined removes the file. */
  readonly text: string | undefined
  readonly mode: number
}

/** Tells a file's content apart from another's without reading it. */
export interface FileStamp {
  readonly mtimeMs: number
  readonly size: number
  readonly ino: number
}

interface Pending {
  readonly write: Write
  resolve(stamp: FileStamp | undefined): void
  reject(error: unknown): void
}

const TEMPORARY = '.topicrule-'
const MOST_AT_ONCE = 512
const FILES_SIDE_BY_SIDE = 16

/** Whether a file of the directory is one that a write has not finished, or left behind in a crash. */
export function isTemporary(name: string): boolean {
  return name.startsWith(TEMPORARY) && name.endsWith('.tmp')
}

/**
 * Writes files and journal entries so that they survive a crash once they are confirmed, and so that a file is never
 * seen half written. What waits is written together: one sync of the journal and one of the directory for all.
 */
export class WriteQueue {
  readonly #directory: string
  readonly #journal: Journal
  #pending: Pending[] = []
  #running: Promise<void> | undefined

  constructor(directory: string, journal: Journal) {
    this.#directory = directory
    this.#journal = journal
  }

  /** Resolves, when all is on the disk, with the stamp of the file where one was written. */
  commit(write: Write): Promise<FileStamp | undefined> {
    return new Promise((resolve, reject) => {
      this.#pending.push({ write, resolve, reject })
      this.#running ??= this.#run()
    })
  }

  /** Resolves when nothing waits any more. */
  async idle(): Promise<void> {
    await this.#running
  }

  async #run(): Promise<void> {
    // Whoever asks within the same turn shares the first batch.
    await Promise.resolve()
    while (this.#pending.length > 0) await this.#batch(this.#pending.splice(0, MOST_AT_ONCE))
    this.#running = undefined
  }

  async #batch(batch: readonly Pending[]): Promise<void> {
    try {
      await this.#journal.append(batch.map(({ write }) => write.entry))
    } catch (error) {
      for (const { reject } of batch) reject(error)
      return
    }
    const results = new Map<Pending, FileStamp | undefined>()
    const queue = [...batch]
    const work = async (): Promise<void> => {
      for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
        try {
          results.set(next, next.write.file && (await writeFile(next.write.file)))
        } catch (error) {
          next.reject(error)
        }
      }
    }
    await Promise.all(Array.from({ length: Math.min(FILES_SIDE_BY_SIDE, batch.length) }, work))
    try {
      if ([...results.keys()].some(({ write }) => write.file !== undefined))
        await syncDirectory(this.#directory)
    } catch (error) {
      for (const { reject } of results.keys()) reject(error)
      return
    }
    for (const [{ resolve }, stamp] of results) resolve(stamp)
  }
}

async function writeFile({ path, text, mode }: FileWrite): Promise<FileStamp | undefined> {
  if (text === undefined) {
    await unlink(path)
    return undefined
  }
  const temporary = join(dirname(path), `${TEMPORARY}${basename(path).slice(0, 40)}-${randomUUID()}.tmp`)
  try {
    const handle = await open(temporary, 'wx', mode)
    try {
      await handle.writeFile(text)
      await handle.chmod(mode)
      await handle.sync()
      const { mtimeMs, size, ino } = await handle.stat()
      await rename(temporary, path)
      return { mtimeMs, size, ino }
    } finally {
      await handle.close()
    }
  } catch (error) {
    await unlink(temporary).catch(() => undefined)
    throw error
  }
}
