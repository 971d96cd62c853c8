import { createReadStream } from 'node:fs'
import { readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

/** A file of letters; `name` is the time at which it was begun, in milliseconds since the Unix epoch. */
export interface Segment {
  readonly name: string
  readonly file: string
  readonly bytes: number
  /** When it was last written, in milliseconds since the Unix epoch. */
  readonly writtenAt: number
}

const SEGMENT = /^(\d{13,16})\.ndjson$/

/** The segments of a directory, oldest first; none when there is no such directory. */
export async function listSegments(directory: string): Promise<Segment[]> {
  const found: Segment[] = []
  for (const entry of await namesIn(directory)) {
    const name = SEGMENT.exec(entry)?.[1]
    if (name === undefined) continue
    const file = join(directory, entry)
    const { size, mtimeMs } = await stat(file)
    found.push({ name, file, bytes: size, writtenAt: mtimeMs })
  }
  return found.sort((one, other) => Number(one.name) - Number(other.name))
}

async function namesIn(directory: string): Promise<string[]> {
  try {
    return await readdir(directory)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}

export function segmentFile(directory: string, name: string): string {
  return join(directory, `${name}.ndjson`)
}

/** Where it is kept which letters of a segment were sent again; removed with the segment. */
export function resentFile(directory: string, name: string): string {
  return join(directory, `${name}.resent`)
}

/** Lines of a file without their line breaks, the last one also when it has none; none when there is no file. */
export async function* linesOf(file: string): AsyncGenerator<string> {
  try {
    yield* createInterface({ input: createReadStream(file, 'utf8'), crlfDelay: Infinity })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
  }
}

/** Removes a segment and what was kept beside it; returns how many lines it had. */
export async function removeSegment(directory: string, segment: Segment): Promise<number> {
  let lines = 0
  for await (const _line of linesOf(segment.file)) lines += 1
  await rm(segment.file, { force: true })
  await rm(resentFile(directory, segment.name), { force: true })
  return lines
}
