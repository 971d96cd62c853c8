import {
  messageOf,
  readMessage,
  type Rule,
  type RuleMatch,
  type RuleResult,
  type RuleSet,
  type Surroundings,
  type TestMessage,
} from '../../dryrun/index.ts'
import { type Message } from '../../message/index.ts'
import { Payload } from '../../value/index.ts'
import { isSame } from './compare.ts'
import { TOO_LONG } from './lines.ts'
import { type RuleCounts, Tally } from './summary.ts'

/** A message of which two versions of a rule make something different. */
export interface Differing {
  /** Counts from 1, over all captures. */
  readonly line: number
  readonly message: Message
  readonly rule: string
  readonly old: RuleResult
  readonly new: RuleResult
}

export interface RuleReport {
  readonly rule: string
  readonly new: RuleCounts | undefined
  readonly old: RuleCounts | undefined
  /** Messages of which the two versions make something different. */
  readonly differing: number
}

export interface ReplayOptions {
  readonly rules: RuleSet
  /** The version to compare with. */
  readonly against: RuleSet | undefined
  readonly surroundings: Surroundings
  /** The clock of messages that have no time of their own. */
  readonly clock: number
  onDiffering(differing: Differing): void
  /** A line that holds no message. */
  onUnreadable(line: number, reason: string): void
}

/** Plans are kept for this many topics, and dropped as a whole. */
const MAX_PLANS = 50_000

const NOTHING: RuleResult = { matched: false, selected: false, actions: [] }

/** Puts captured messages, one after the other, through one or two versions of the rules. */
export class Replay {
  /** Lines read, messages among them, and lines that hold none although they should. */
  lines = 0
  messages = 0
  unreadable = 0
  /** Messages that no rule of either version takes. */
  unmatched = 0
  /** Messages of which some rule makes something different. */
  differing = 0
  readonly #options: ReplayOptions
  readonly #new: ReadonlyMap<string, Tally>
  readonly #old: ReadonlyMap<string, Tally> | undefined
  readonly #differing = new Map<string, number>()
  readonly #plans = new Map<string, Plan>()
  /** Rules of the new version that are word for word those of the old one: they are run once. */
  readonly #unchanged = new Set<Rule>()

  constructor(options: ReplayOptions) {
    const { rules, against } = options
    this.#options = options
    this.#new = talliesOf(rules)
    this.#old = against && talliesOf(against)
    for (const rule of rules.rules) {
      const before = against?.named(rule.name)
      if (before !== undefined && isUnchanged(before, rule)) this.#unchanged.add(rule)
    }
  }

  /** Takes the next line. Resolves, or returns where nothing has to be waited for, when it is done. */
  take(text: string | typeof TOO_LONG): undefined | Promise<void> {
    this.lines += 1
    if (text === TOO_LONG) return this.#unread('it is too long')
    if (text.trim() === '') return undefined
    const read = readMessage(text)
    if (!read.ok) return isNotice(text) ? undefined : this.#unread(read.reason)
    if (read.message.payload === undefined && text.includes('"payloadBytes":'))
      return this.#unread('its payload was withheld from the reader of the tap')
    return this.#run(read.message)
  }

  reports(): RuleReport[] {
    const names = new Set([...this.#new.keys(), ...(this.#old?.keys() ?? [])])
    return [...names].sort().map((rule) => ({
      rule,
      new: this.#new.get(rule)?.counts(),
      old: this.#old?.get(rule)?.counts(),
      differing: this.#differing.get(rule) ?? 0,
    }))
  }

  #unread(reason: string): undefined {
    this.unreadable += 1
    this.#options.onUnreadable(this.lines, reason)
  }

  #run(input: TestMessage): undefined | Promise<void> {
    this.messages += 1
    const { surroundings, clock } = this.#options
    const plan = this.#planOf(input.topic)
    if (plan.steps.length === 0) {
      this.unmatched += 1
      return undefined
    }
    const time = input.timestamp ?? clock
    const traceId = input.traceId ?? `00000000-0000-0000-0000-${String(this.lines).padStart(12, '0')}`
    const message = messageOf({ ...input, traceId }, time)
    surroundings.begin(this.lines, time)
    const pairs = new Run(message, plan, surroundings).pairs()
    return pairs instanceof Promise
      ? pairs.then((all) => this.#count(message, all))
      : this.#count(message, pairs)
  }

  /** What a topic leads to; device topics repeat. */
  #planOf(topic: string): Plan {
    const known = this.#plans.get(topic)
    if (known !== undefined) return known
    const plan = this.#plan(this.#options.rules.match(topic), this.#options.against?.match(topic))
    if (this.#plans.size >= MAX_PLANS) this.#plans.clear()
    this.#plans.set(topic, plan)
    return plan
  }

  #plan(now: RuleMatch, before: RuleMatch | undefined): Plan {
    const olds = new Map(before?.rules.map((rule) => [rule.name, rule]))
    const steps = now.rules.map((rule): Step => {
      const old = olds.get(rule.name)
      olds.delete(rule.name)
      return { rule: rule.name, old, new: rule, isUnchanged: old !== undefined && this.#unchanged.has(rule) }
    })
    for (const old of olds.values()) steps.push({ rule: old.name, old, new: undefined, isUnchanged: false })
    return { topic: now.topic, steps }
  }

  #count(message: Message, pairs: readonly Pair[]): undefined {
    let differs = false
    for (const { rule, old, new: now } of pairs) {
      this.#new.get(rule)?.add(now)
      this.#old?.get(rule)?.add(old)
      if (this.#old === undefined || old === now || isSame(old, now)) continue
      differs = true
      this.#differing.set(rule, (this.#differing.get(rule) ?? 0) + 1)
      this.#options.onDiffering({ line: this.lines, message, rule, old, new: now })
    }
    if (differs) this.differing += 1
  }
}

/** What the two versions of a rule make of a message; the same object where the rule is unchanged. */
interface Pair {
  readonly rule: string
  readonly old: RuleResult
  readonly new: RuleResult
}

/** A rule that a topic triggers, in one version or in both. */
interface Step {
  readonly rule: string
  readonly old: Rule | undefined
  readonly new: Rule | undefined
  /** One run tells what both make of a message. */
  readonly isUnchanged: boolean
}

interface Plan {
  /** The topic as the rules see it, which is the same in both versions. */
  readonly topic: string
  readonly steps: readonly Step[]
}

/** One message on its way through the rules, one after the other. */
class Run {
  readonly #message: Message
  readonly #plan: Plan
  readonly #surroundings: Surroundings
  readonly #payload: Payload

  constructor(message: Message, plan: Plan, surroundings: Surroundings) {
    this.#message = message
    this.#plan = plan
    this.#surroundings = surroundings
    this.#payload = new Payload(message.payload)
  }

  pairs(): Pair[] | Promise<Pair[]> {
    const pairs: Pair[] = []
    const { steps } = this.#plan
    for (let index = 0; index < steps.length; index += 1) {
      const pair = this.#pair(steps[index]!)
      if (pair instanceof Promise) return this.#rest(pairs, pair, steps.slice(index + 1))
      pairs.push(pair)
    }
    return pairs
  }

  async #rest(pairs: Pair[], waiting: Promise<Pair>, steps: readonly Step[]): Promise<Pair[]> {
    pairs.push(await waiting)
    for (const step of steps) pairs.push(await this.#pair(step))
    return pairs
  }

  #pair({ rule, old, new: now, isUnchanged: once }: Step): Pair | Promise<Pair> {
    return then(this.#resultOf(now), (result) =>
      once
        ? { rule, old: result, new: result }
        : then(this.#resultOf(old), (before) => ({ rule, old: before, new: result })),
    )
  }

  #resultOf(rule: Rule | undefined): RuleResult | Promise<RuleResult> {
    if (rule === undefined) return NOTHING
    this.#surroundings.restart()
    return rule.runOn(this.#message, this.#plan.topic, this.#payload, this.#surroundings)
  }
}

function then<From, To>(
  value: From | Promise<From>,
  next: (value: From) => To | Promise<To>,
): To | Promise<To> {
  return value instanceof Promise ? value.then(next) : next(value)
}

function talliesOf({ rules }: RuleSet): ReadonlyMap<string, Tally> {
  return new Map(rules.map(({ name }) => [name, new Tally()]))
}

function isUnchanged(before: Rule, after: Rule): boolean {
  return JSON.stringify(before.compiled.document) === JSON.stringify(after.compiled.document)
}

/** What a tap says of itself, such as that it dropped messages. */
function isNotice(text: string): boolean {
  return text.startsWith('{"tap":{')
}
