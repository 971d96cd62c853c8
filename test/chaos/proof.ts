import { identify, payloadOf } from './payload.ts'

/** What a device knows of its messages, by number; times in ms since the epoch, 0 for never. */
export interface Account {
  readonly device: string
  readonly sentAt: readonly number[]
  readonly acknowledgedAt: readonly number[]
  readonly resends: ReadonlyMap<number, number>
  /** Its rate counts; not so for devices that come and go. */
  readonly steady: boolean
  /** Its messages end among the dead letters, of whose order nothing is promised; else in Kafka. */
  readonly dead?: boolean | undefined
}

/** A time with faults. */
export interface Disturbance {
  readonly title: string
  readonly start: number
  readonly end: number
}

export interface MessageName {
  readonly device: string
  readonly n: number
}

/** What Kafka and the dead letters hold against what was acknowledged. */
export interface Verdict {
  readonly published: number
  readonly acknowledged: number
  readonly records: number
  /** Acknowledged, and neither in Kafka nor, where it belongs there, among the dead letters. */
  readonly lost: readonly MessageName[]
  /** Not the bytes that were published, bytes that nobody published, or not where they belong. */
  readonly altered: number
  /** First copies that come behind the first copy of a later message of their device, or in another partition. */
  readonly disorder: readonly MessageName[]
  readonly duplicates: number
  /** Copies that were sent again, and messages in flight when a fault began. */
  readonly duplicatesAllowed: number
  readonly unacknowledged: readonly MessageName[]
  /** Milliseconds after the last fault's end until everything that was published is acknowledged. */
  readonly settledAfter: number
}

interface Seen {
  readonly account: Account
  readonly copies: number[]
  highest: number
  partition: number
}

/** Takes the records of one topic, each partition in its order, and gives the verdict. */
export class Proof {
  readonly #seen: Map<string, Seen>
  readonly #disorder: MessageName[] = []
  #records = 0
  #altered = 0

  constructor(accounts: readonly Account[]) {
    this.#seen = new Map(
      accounts.map((account) => [account.device, { account, copies: [], highest: -1, partition: -1 }]),
    )
  }

  record(partition: number, value: Buffer): void {
    const found = this.#find(value, false)
    if (found === undefined) return
    const { name, seen } = found
    if (seen.partition === -1) seen.partition = partition
    const copies = seen.copies[name.n] ?? 0
    seen.copies[name.n] = copies + 1
    if (copies === 0 && (name.n < seen.highest || seen.partition !== partition)) this.#disorder.push(name)
    seen.highest = Math.max(seen.highest, name.n)
  }

  letter(value: Buffer): void {
    const found = this.#find(value, true)
    if (found === undefined) return
    const { name, seen } = found
    seen.copies[name.n] = (seen.copies[name.n] ?? 0) + 1
  }

  #find(value: Buffer, dead: boolean): { name: MessageName; seen: Seen } | undefined {
    this.#records += 1
    const name = identify(value)
    const seen = name === undefined ? undefined : this.#seen.get(name.device)
    const belongs = seen !== undefined && (seen.account.dead === true) === dead
    if (name !== undefined && belongs && this.#isWhatWasSent(seen, name, value)) return { name, seen }
    this.#altered += 1
    return undefined
  }

  /** `obligations` are the acknowledged numbers by device. */
  verdict(
    obligations: ReadonlyMap<string, readonly number[]>,
    disturbances: readonly Disturbance[],
  ): Verdict {
    const lost: MessageName[] = []
    const unacknowledged: MessageName[] = []
    let [published, acknowledged, duplicates, allowed, lastAt] = [0, 0, 0, 0, 0]
    for (const [device, { account, copies }] of this.#seen) {
      const owed = obligations.get(device) ?? []
      acknowledged += owed.length
      published += account.sentAt.length
      for (const n of owed) if (copies[n] === undefined) lost.push({ device, n })
      for (const count of account.resends.values()) allowed += count
      account.sentAt.forEach((sentAt, n) => {
        duplicates += Math.max(0, (copies[n] ?? 0) - 1)
        const at = account.acknowledgedAt[n] ?? 0
        if (at === 0) unacknowledged.push({ device, n })
        lastAt = Math.max(lastAt, at)
        for (const { start } of disturbances) if (sentAt <= start && (at === 0 || at >= start)) allowed += 1
      })
    }
    const lastEnd = Math.max(0, ...disturbances.map(({ end }) => end))
    return {
      ...{ published, acknowledged, records: this.#records, lost, altered: this.#altered },
      ...{ disorder: this.#disorder, duplicates, duplicatesAllowed: allowed, unacknowledged },
      settledAfter: unacknowledged.length > 0 ? Infinity : Math.max(0, lastAt - lastEnd),
    }
  }

  /** Copies beyond the first, by message. */
  *duplicated(): Generator<MessageName & { readonly more: number }> {
    for (const [device, { copies }] of this.#seen)
      for (const [n, count] of copies.entries()) if (count > 1) yield { device, n, more: count - 1 }
  }

  #isWhatWasSent(seen: Seen, { device, n }: MessageName, value: Buffer): boolean {
    return n < seen.account.sentAt.length && value.equals(payloadOf(device, n))
  }
}
