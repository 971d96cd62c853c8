import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { type Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { LineSplitter } from '../eval/line-splitter.ts'

const CHUNK = 256 * 1024

/** What a line that is longer than allowed becomes. */
export const TOO_LONG = Symbol('too long')

/**
 * The lines of a file, or of standard input for `-`, unpacked where it is gzip; many at a time, in order. Memory is
 * bounded by `longest`, the bytes of a line; of a longer one only that it was there is told.
 * @throws Error of node:fs or node:zlib
 */
export async function* linesOf(
  path: string,
  longest: number,
): AsyncGenerator<readonly (string | typeof TOO_LONG)[], void, undefined> {
  const splitter = new LineSplitter(longest)
  for await (const chunk of await bytesOf(path)) yield [...splitter.push(chunk)].map(textOf)
  yield [...splitter.end()].map(textOf)
}

function textOf(line: Buffer | undefined): string | typeof TOO_LONG {
  return line === undefined ? TOO_LONG : line.toString('utf8')
}

async function bytesOf(path: string): Promise<AsyncIterable<Buffer>> {
  if (path === '-') return unpacked(process.stdin)
  const file = await open(path)
  return unpacked(createReadStream('', { fd: file, highWaterMark: CHUNK }))
}

/** Looks at the first bytes, which tell gzip (RFC 1952: 1f 8b) apart from any text. */
async function* unpacked(stream: Readable): AsyncGenerator<Buffer, void, undefined> {
  const chunks = stream[Symbol.asyncIterator]() as AsyncIterator<Buffer>
  let first = await chunks.next()
  while (first.done !== true && first.value.length < 2) {
    const more = await chunks.next()
    if (more.done === true) break
    first = { value: Buffer.concat([first.value, more.value]), done: false }
  }
  if (first.done === true) return
  const all = joined(first.value, chunks)
  if (first.value[0] === 0x1f && first.value[1] === 0x8b) yield* gunzipped(all)
  else yield* all
}

async function* joined(first: Buffer, rest: AsyncIterator<Buffer>): AsyncGenerator<Buffer, void, undefined> {
  yield first
  yield* { [Symbol.asyncIterator]: () => rest }
}

async function* gunzipped(packed: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void, undefined> {
  const { pipeline, Readable: Source } = await import('node:stream')
  const gunzip = createGunzip({ chunkSize: CHUNK })
  pipeline(Source.from(packed), gunzip, () => undefined)
  yield* gunzip as AsyncIterable<Buffer>
}
