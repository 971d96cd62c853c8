import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const PREFIX = 'topicrule-private-'

/** What this process made: another directory of its id was left by the first process of an earlier container. */
const made = new Set<string>()

/** A directory that only this user can enter, named after the process that made it. */
export interface PrivateDirectory {
  readonly path: string
  /** Writes a file that only this user can read; returns its path. */
  write(name: string, content: string | Buffer): string
  remove(): void
}

/** Makes the directory; what dead processes left is removed on the way. */
export function makePrivateDirectory(root = tmpdir()): PrivateDirectory {
  sweep(root)
  // mkdtemp creates with mode 0700.
  const path = mkdtempSync(join(root, `${PREFIX}${process.pid}-`))
  made.add(path)
  return {
    path,
    write(name, content) {
      const file = join(path, name)
      writeFileSync(file, content, { mode: 0o600, flag: 'wx' })
      return file
    },
    remove() {
      rmSync(path, { recursive: true, force: true })
      made.delete(path)
    },
  }
}

/** Removes the directories of processes that are gone, such as one that was killed. */
export function sweep(root = tmpdir()): void {
  for (const name of namesIn(root)) {
    const owner = name.startsWith(PREFIX) ? Number(/^\d+/.exec(name.slice(PREFIX.length))?.[0]) : Number.NaN
    const path = join(root, name)
    if (Number.isNaN(owner) || made.has(path) || (owner !== process.pid && isAlive(owner))) continue
    try {
      rmSync(path, { recursive: true, force: true })
    } catch {
      // Another user's; theirs to remove.
    }
  }
}

/** Nothing where there is no such directory: making one will tell. */
function namesIn(root: string): readonly string[] {
  try {
    return readdirSync(root)
  } catch {
    return []
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as { code?: unknown }).code === 'EPERM'
  }
}
