import { mkdirSync, rmSync, statfsSync } from 'node:fs'
import { mkdir, open } from 'node:fs/promises'
import { join } from 'node:path'
import { runProcess } from './process.ts'

/** A directory whose file system can be made full. */
export interface SmallDisk {
  readonly directory: string
  /** How: `tmpfs` is a file system of its own (ENOSPC); `limit` bounds the size of what a process may write (EFBIG). */
  readonly kind: 'tmpfs' | 'limit'
  /** From now on nothing can be written any more; `pid` is the process that writes. */
  fill(pid: number): Promise<void>
  free(pid: number): Promise<void>
  remove(): Promise<void>
}

const CHUNK = Buffer.alloc(65_536, 1)

/**
 * Makes `directory`: a file system of its own of `bytes` where this process may mount one; elsewhere a plain directory,
 * and the kernel refuses what the process writes to any file (RLIMIT_FSIZE).
 */
export async function makeSmallDisk(
  directory: string,
  bytes: number,
  kind: SmallDisk['kind'] | undefined = undefined,
): Promise<SmallDisk> {
  mkdirSync(directory, { recursive: true, mode: 0o700 })
  if (kind !== 'limit' && (await mount(directory, bytes))) return tmpfs(directory)
  if (kind === 'tmpfs') throw new Error('this process may not mount a file system')
  const limit = (pid: number, size: string): Promise<unknown> =>
    runProcess('prlimit', ['--pid', String(pid), `--fsize=${size}:unlimited`])
  return {
    ...{ directory, kind: 'limit' },
    fill: async (pid) => void (await limit(pid, '0')),
    free: async (pid) => void (await limit(pid, 'unlimited')),
    remove: () => Promise.resolve(rmSync(directory, { recursive: true, force: true })),
  }
}

async function mount(directory: string, bytes: number): Promise<boolean> {
  const options = `size=${bytes},mode=0700`
  return runProcess('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', directory]).then(
    () => true,
    () => false,
  )
}

function tmpfs(directory: string): SmallDisk {
  const filler = join(directory, 'filler')
  return {
    ...{ directory, kind: 'tmpfs' },
    async fill() {
      await mkdir(directory, { recursive: true })
      const file = await open(filler, 'w')
      try {
        for (;;) await file.write(CHUNK)
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error
      } finally {
        await file.close()
      }
      const { bavail } = statfsSync(directory)
      if (bavail > 0) throw new Error(`the disk has ${bavail} blocks left`)
    },
    free: () => Promise.resolve(rmSync(filler, { force: true })),
    async remove() {
      await runProcess('umount', ['--lazy', directory])
      rmSync(directory, { recursive: true, force: true })
    },
  }
}
