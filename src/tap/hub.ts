import { type EngineTap, type Match, type MessageTap } from '../engine/index.ts'
import { explainRule } from '../explain/index.ts'
import { type Message } from '../message/index.ts'
import { type Environment } from '../sql/index.ts'
import { Entry } from './entry.ts'
import { type Reasons } from './line.ts'
import { type TapOptions } from './options.ts'
import { type ReaderLimits, TapReader } from './reader.ts'
import { Sampler } from './sampler.ts'

/** Readers at a time. */
export const MAX_TAPS = 8
/** Messages a second for which it is found out why WHERE did not pass them; all readers together. */
const EXPLAINED_PER_SECOND = 50
const LIMITS: ReaderLimits = {
  entries: 4_096,
  bytes: 16 * 1024 * 1024,
  patience: 2_000,
  heartbeat: 10_000,
}

/** How long readers have to take the last line when the server stops. */
const FAREWELL_MS = 1_000

const NO_REASONS: Reasons = new Map()

export interface TapHubOptions {
  /** Gives the engine its tap, or takes it away: the engine has none while nobody looks. */
  readonly watch: (tap: EngineTap | undefined) => void
  /** What expressions see when it is found out why WHERE did not pass a message. */
  readonly environment: Environment
  readonly limits?: Partial<ReaderLimits>
}

/** An open tap. */
export interface Tap {
  /** See `TapReader.lines`. */
  readonly lines: AsyncIterable<string>
  /** Must be called when nobody reads any more. */
  close(): void
}

/** Shows messages on their way to those who look. */
export class TapHub implements EngineTap {
  readonly #options: TapHubOptions
  readonly #readers = new Set<TapReader>()
  readonly #explained = new Sampler(EXPLAINED_PER_SECOND)
  #isClosed = false
  #onEmpty: (() => void) | undefined

  constructor(options: TapHubOptions) {
    this.#options = options
  }

  get readers(): number {
    return this.#readers.size
  }

  /** Returns undefined when as many as may look at a time do already. */
  open(options: TapOptions): Tap | undefined {
    if (this.#isClosed || this.#readers.size >= MAX_TAPS) return undefined
    const limits = { ...LIMITS, ...this.#options.limits }
    const reader = new TapReader(options, limits, (entry) => this.#reasons(entry, options))
    this.#readers.add(reader)
    this.#options.watch(this)
    return { lines: reader.lines(), close: () => this.#close(reader) }
  }

  /** Ends all taps, and lets none begin. Resolves when the readers have been told, or do not listen. */
  async close(): Promise<void> {
    this.#isClosed = true
    for (const reader of this.#readers) reader.end('The server stops.')
    this.#options.watch(undefined)
    if (this.#readers.size === 0) return
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, FAREWELL_MS)
      this.#onEmpty = () => {
        clearTimeout(timer)
        setImmediate(resolve)
      }
    })
  }

  taken(message: Message, match: Match, hops: number): MessageTap | undefined {
    let readers: TapReader[] | undefined
    for (const reader of this.#readers) if (reader.wants(message, match)) (readers ??= []).push(reader)
    if (readers === undefined) return undefined
    const wanting = readers
    const entry = new Entry(message, hops, () => {
      for (const reader of wanting) reader.wake()
    })
    for (const reader of wanting) reader.push(entry)
    return entry
  }

  #close(reader: TapReader): void {
    reader.end('The reader has gone.')
    this.#readers.delete(reader)
    if (this.#readers.size > 0) return
    this.#options.watch(undefined)
    this.#onEmpty?.()
  }

  /** Runs the rules that dropped a message once more, watched; those that ask a service are left alone. */
  async #reasons({ message, rules }: Entry, { showsPayloads, redact = [] }: TapOptions): Promise<Reasons> {
    if (!showsPayloads || redact.length > 0 || !rules.some(({ verdict }) => verdict === 'dropped'))
      return NO_REASONS
    if (!this.#explained.takes()) return NO_REASONS
    const reasons = new Map<string, string>()
    for (const { rule, verdict } of rules) {
      const { query, name, templatesAskServices } = rule.rule
      if (verdict !== 'dropped' || query.effect === 'remote' || templatesAskServices) continue
      const environment = { ...this.#options.environment, now: () => message.receivedAt }
      const { where } = await explainRule(rule.rule, message, environment)
      if (where !== undefined) reasons.set(name, `${where.verdict}${where.reason ? `: ${where.reason}` : ''}`)
    }
    return reasons
  }
}
