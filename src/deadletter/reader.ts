import { open } from 'node:fs/promises'
import { decodeLetter, type DeadLetter } from './letter.ts'
import { linesOf, listSegments, resentFile } from './segments.ts'

/** A letter as it is found in a directory. */
export interface FoundLetter {
  /** Segment and line: stays the same for as long as the letter is there. */
  readonly id: string
  readonly letter: DeadLetter
  /** When it was last sent again; ISO 8601. */
  readonly resentAt: string | undefined
}

/** Torn or damaged lines of a segment, which are passed over. */
export interface DamagedLines {
  readonly file: string
  readonly lines: number
}

/** Reads the letters of a directory, oldest first, one segment at a time; also while a server writes to it. */
export async function* readLetters(
  directory: string,
  damaged: (found: DamagedLines) => void,
): AsyncGenerator<FoundLetter> {
  for (const { name, file } of await listSegments(directory)) {
    const resent = await readResent(directory, name)
    let [number, bad] = [0, 0]
    for await (const line of linesOf(file)) {
      number += 1
      const letter = decodeLetter(line)
      const id = `${name}-${number}`
      if (letter === undefined) bad += 1
      else yield { id, letter, resentAt: resent.get(id) }
    }
    if (bad > 0) damaged({ file, lines: bad })
  }
}

async function readResent(directory: string, name: string): Promise<ReadonlyMap<string, string>> {
  const resent = new Map<string, string>()
  for await (const line of linesOf(resentFile(directory, name))) {
    const [id, time] = line.split(' ')
    if (id !== undefined && time !== undefined) resent.set(id, time)
  }
  return resent
}

/** Notes on disk that letters were sent again. */
export async function markResent(directory: string, ids: readonly string[], now: number): Promise<void> {
  const bySegment = new Map<string, string[]>()
  for (const id of ids) {
    const segment = id.slice(0, id.lastIndexOf('-'))
    const lines = bySegment.get(segment) ?? []
    lines.push(`${id} ${new Date(now).toISOString()}\n`)
    bySegment.set(segment, lines)
  }
  for (const [segment, lines] of bySegment) {
    const file = await open(resentFile(directory, segment), 'a', 0o600)
    try {
      await file.writeFile(lines.join(''))
      await file.datasync()
    } finally {
      await file.close()
    }
  }
}
