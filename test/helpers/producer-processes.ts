import { readdirSync, readFileSync } from 'node:fs'

/** Process ids of the isolated producers that `parent` started. */
export function producerProcesses(parent: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => parentOf(pid) === parent && commandOf(pid).includes('isolated/agent'))
}

/** 0 when there is no such process (any more). */
export function parentOf(pid: number): number {
  return Number(/\nPPid:\t(\d+)/.exec(read(`/proc/${pid}/status`))?.[1] ?? 0)
}

/** Empty when there is no such process (any more). */
export function commandOf(pid: number): string {
  return read(`/proc/${pid}/cmdline`)
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}
