import { createHash } from 'node:crypto'

const REMEMBERED = 10_000

/**
 * Remembers which PUBLISH a 3.1.1 connection was closed for, so that the same one, sent again, is acknowledged
 * instead of closing the next connection as well.
 */
export class Refusals {
  readonly #seen = new Set<string>()

  /** @returns true when the same message was refused before; it is then forgotten */
  isRepeated(clientId: string, packetId: number, topic: string): boolean {
    // Clients choose how long their topics are: what is kept must not depend on it.
    const key = createHash('sha256').update(`${packetId}\u0000${clientId}\u0000${topic}`).digest('base64')
    if (this.#seen.delete(key)) return true
    if (this.#seen.size >= REMEMBERED) {
      for (const oldest of this.#seen) {
        this.#seen.delete(oldest)
        break
      }
    }
    this.#seen.add(key)
    return false
  }
}
