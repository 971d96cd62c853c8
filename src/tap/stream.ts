import { Readable } from 'node:stream'
import { type Tap } from './hub.ts'

/** The lines of a tap as bytes for a response; closes the tap as soon as it is destroyed or has ended. */
export class TapStream extends Readable {
  readonly #tap: Tap
  readonly #lines: AsyncIterator<string>

  constructor(tap: Tap) {
    super({ highWaterMark: 64 * 1024 })
    this.#tap = tap
    this.#lines = tap.lines[Symbol.asyncIterator]()
  }

  override _read(): void {
    this.#lines.next().then(
      ({ value, done }) => {
        if (!this.destroyed) this.push(done === true ? null : String(value))
      },
      (error: unknown) => this.destroy(error as Error),
    )
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#tap.close()
    done(error)
  }
}
