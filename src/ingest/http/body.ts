import { type IncomingMessage } from 'node:http'
import { type SharedBudget } from '../window.ts'

/** Bytes of a refused request that are read and dropped so that its sender sees the answer. */
const DISCARDED = 1024 * 1024

export type Body =
  | { readonly kind: 'payload'; readonly payload: Buffer }
  /** `full`: too many payloads wait; `gone`: the connection ended within it. */
  | { readonly kind: 'tooLarge' | 'full' | 'gone' }

/** Reads the body of a request, byte for byte, and takes its bytes from a budget until it is released. */
export class BodyReader {
  /** Bytes taken from the budget. */
  #taken = 0
  readonly #request: IncomingMessage
  readonly #limit: number
  readonly #waiting: SharedBudget
  /** Ends a read that is under way. */
  #stop: (() => void) | undefined

  constructor(request: IncomingMessage, limit: number, waiting: SharedBudget) {
    this.#request = request
    this.#limit = limit
    this.#waiting = waiting
  }

  /** Resolves when the body is complete or will not be. */
  read(): Promise<Body> {
    const request = this.#request
    if (Number(request.headers['content-length'] ?? 0) > this.#limit)
      return Promise.resolve({ kind: 'tooLarge' })
    return new Promise((resolve) => {
      const chunks: Buffer[] = []
      const onData = (chunk: Buffer): void => {
        chunks.push(chunk)
        this.#take(chunk.length)
        if (this.#taken > this.#limit) end({ kind: 'tooLarge' })
        else if (this.#waiting.bytes > this.#waiting.limit) end({ kind: 'full' })
      }
      const onEnd = (): void =>
        end({ kind: 'payload', payload: chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks) })
      const onClose = (): void => end({ kind: 'gone' })
      const end = (body: Body): void => {
        request.off('data', onData).off('end', onEnd).off('close', onClose)
        this.#stop = undefined
        resolve(body)
      }
      if (request.destroyed) return resolve({ kind: 'gone' })
      this.#stop = onClose
      request.on('data', onData).on('end', onEnd).on('close', onClose)
    })
  }

  /** The budget no longer counts the body; what comes of it later is not read. */
  release(): void {
    this.#stop?.()
    this.#waiting.bytes -= this.#taken
    this.#taken = 0
  }

  /** Reads what is left of the body and drops it; more than a little ends the connection. */
  discard(): void {
    let discarded = 0
    this.#request.on('data', (chunk: Buffer) => {
      discarded += chunk.length
      if (discarded > DISCARDED) this.#request.socket.destroy()
    })
    this.#request.resume()
  }

  #take(bytes: number): void {
    this.#taken += bytes
    this.#waiting.bytes += bytes
  }
}
