import { type Match } from '../engine/index.ts'
import { TopicTrie } from '../match/index.ts'
import { type Message } from '../message/index.ts'
import { type Entry } from './entry.ts'
import { lineOf, type Reasons, type View } from './line.ts'
import { type TapOptions } from './options.ts'
import { Redaction } from './redact.ts'
import { Sampler } from './sampler.ts'

export interface ReaderLimits {
  readonly entries: number
  readonly bytes: number
  /** Milliseconds that a line waits for deliveries before it is shown with what is still on its way. */
  readonly patience: number
  /** Milliseconds after which a reader to whom nothing was sent is told that the tap lives. */
  readonly heartbeat: number
}

/** Lines are joined up to this many characters. */
const CHUNK = 64 * 1024

/**
 * The queue of one who looks, in the order in which the engine took the messages. It is bounded: what does not fit,
 * because the reader is slow, is dropped and counted. The engine never waits for it.
 */
export class TapReader {
  readonly #options: TapOptions
  readonly #view: View
  readonly #limits: ReaderLimits
  readonly #filter: TopicTrie<true> | undefined
  readonly #sampler: Sampler | undefined
  readonly #explain: (entry: Entry) => Promise<Reasons>
  #queue: Entry[] = []
  #head = 0
  #bytes = 0
  #dropped = 0
  #accepted = 0
  #end: string | undefined
  #wake: (() => void) | undefined

  constructor(options: TapOptions, limits: ReaderLimits, explain: (entry: Entry) => Promise<Reasons>) {
    const { redact = [], topic, sample, showsPayloads } = options
    this.#options = options
    this.#limits = limits
    this.#view = { showsPayloads, redaction: redact.length === 0 ? undefined : new Redaction(redact) }
    if (topic !== undefined) {
      this.#filter = new TopicTrie()
      this.#filter.add(topic, true)
    }
    this.#sampler = sample === undefined ? undefined : new Sampler(sample)
    this.#explain = explain
  }

  /** Whether it wants a message and has room for it. */
  wants(message: Message, { topic, rules }: Match): boolean {
    const { rule, count } = this.#options
    if (this.#end !== undefined || (count !== undefined && this.#accepted >= count)) return false
    if (rule !== undefined && !rules.some((each) => each.rule.name === rule)) return false
    if (this.#filter !== undefined && !this.#matches(message.topic, topic)) return false
    if (this.#sampler?.takes() === false) return false
    const { entries, bytes } = this.#limits
    if (this.#queue.length - this.#head < entries && this.#bytes + message.payload.length <= bytes)
      return true
    this.#dropped += 1
    return false
  }

  push(entry: Entry): void {
    this.#queue.push(entry)
    this.#bytes += entry.bytes
    this.#accepted += 1
    if (this.#queue.length - this.#head === 1) this.wake()
  }

  /** To be called when an entry is done. */
  wake(): void {
    const wake = this.#wake
    this.#wake = undefined
    wake?.()
  }

  /** Ends the lines, with a line that says why. */
  end(reason: string): void {
    this.#end ??= reason
    this.wake()
  }

  /** Texts of one or more lines; each line is a message, or `{"tap": …}` about the tap itself. */
  async *lines(): AsyncGenerator<string, void, undefined> {
    let sent = 0
    yield notice({ open: true })
    for (;;) {
      const text = await this.#next()
      if (this.#dropped > 0) yield this.#toldDropped()
      if (text !== undefined) {
        sent += text.lines
        yield text.text
      } else if (this.#end !== undefined) {
        yield notice({ end: this.#end })
        return
      }
      if (sent === this.#options.count) return
      if (text === undefined && !(await this.#waits())) yield notice({ alive: true })
    }
  }

  #matches(published: string, seen: string): boolean {
    const filter = this.#filter!
    return filter.match(published).length > 0 || (seen !== published && filter.match(seen).length > 0)
  }

  #toldDropped(): string {
    const dropped = this.#dropped
    this.#dropped = 0
    return notice({ dropped })
  }

  /** What can be shown now; undefined: nothing. */
  async #next(): Promise<{ readonly text: string; readonly lines: number } | undefined> {
    let text = ''
    let lines = 0
    const now = performance.now()
    while (text.length < CHUNK) {
      const entry = this.#queue[this.#head]
      if (entry === undefined || !(entry.isDone || this.#isOverdue(entry, now))) break
      this.#shift(entry)
      text += `${lineOf(entry, this.#view, await this.#explain(entry))}\n`
      lines += 1
    }
    return lines === 0 ? undefined : { text, lines }
  }

  #isOverdue({ since }: Entry, now: number): boolean {
    return this.#end !== undefined || now - since >= this.#limits.patience
  }

  #shift({ bytes }: Entry): void {
    this.#bytes -= bytes
    this.#head += 1
    if (this.#head < 1_024) return
    this.#queue = this.#queue.slice(this.#head)
    this.#head = 0
  }

  /** False when nothing happened for a while. */
  #waits(): Promise<boolean> {
    const oldest = this.#queue[this.#head]
    const isIdle = oldest === undefined
    const wait = isIdle
      ? this.#limits.heartbeat
      : Math.max(1, this.#limits.patience - (performance.now() - oldest.since))
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        this.#wake = undefined
        resolve(!isIdle)
      }, wait)
      this.#wake = () => {
        clearTimeout(timer)
        resolve(true)
      }
    })
  }
}

function notice(tap: object): string {
  return `${JSON.stringify({ tap })}\n`
}
