import { createReadStream } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

/** Reads the payloads of a directory of dead letters; a line that a crash cut short is none. */
export async function readLetters(directory: string, take: (payload: Buffer) => void): Promise<void> {
  const names = (await readdir(directory)).filter((name) => name.endsWith('.ndjson')).sort()
  for (const name of names)
    for await (const line of createInterface({ input: createReadStream(join(directory, name)) })) {
      const payload = payloadOfLine(line)
      if (payload !== undefined) take(payload)
    }
}

function payloadOfLine(line: string): Buffer | undefined {
  try {
    return Buffer.from((JSON.parse(line) as { payload: string }).payload, 'base64')
  } catch {
    return undefined
  }
}
