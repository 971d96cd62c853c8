import { type FSWatcher, watch } from 'node:fs'
import { dirname, join, resolve } from 'node:path'

/** Changes of one save come in several events; they are taken together. */
const QUIET_MS = 80

/** Tells which files change in directories, a while after the last change. */
export class Watcher {
  readonly #watched = new Map<string, FSWatcher>()
  readonly #changed = new Set<string>()
  readonly #tell: (files: ReadonlySet<string>) => void
  #timer: NodeJS.Timeout | undefined

  constructor(tell: (files: ReadonlySet<string>) => void) {
    this.#tell = tell
  }

  /** Watches these directories from now on, and no others. */
  watch(directories: Iterable<string>): void {
    const wanted = new Set([...directories].map((each) => resolve(each)))
    for (const [directory, watcher] of this.#watched) {
      if (wanted.has(directory)) continue
      watcher.close()
      this.#watched.delete(directory)
    }
    for (const directory of wanted) if (!this.#watched.has(directory)) this.#add(directory)
  }

  close(): void {
    clearTimeout(this.#timer)
    for (const watcher of this.#watched.values()) watcher.close()
    this.#watched.clear()
  }

  #add(directory: string): void {
    try {
      const watcher = watch(directory, (_event, name) => this.#note(join(directory, name ?? '')))
      watcher.on('error', () => this.#watched.delete(directory))
      this.#watched.set(directory, watcher)
    } catch {
      // It went between being found and being watched; the directory above it tells.
    }
  }

  #note(file: string): void {
    this.#changed.add(file)
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => {
      const files = new Set(this.#changed)
      this.#changed.clear()
      this.#tell(files)
    }, QUIET_MS)
  }
}

/** The directories that files lie in. */
export function directoriesOf(files: Iterable<string>): string[] {
  return [...files].map((file) => dirname(resolve(file)))
}
