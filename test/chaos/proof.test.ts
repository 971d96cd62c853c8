import { describe, expect, it } from 'vitest'
import { recoveries } from './measure.ts'
import { payloadOf } from './payload.ts'
import { type Account, Proof, type Verdict } from './proof.ts'

/** A device that sent a message each 10 ms from time 0, each acknowledged `wait` ms later. */
function account(count: number, wait: number | ((n: number) => number) = 5, device = 'd'): Account {
  const sentAt = Array.from({ length: count }, (_, n) => 10 * n + 1)
  const waits = typeof wait === 'number' ? () => wait : wait
  const acknowledgedAt = sentAt.map((at, n) => at + waits(n))
  return { device, sentAt, acknowledgedAt, resends: new Map(), steady: true }
}

function prove(
  of: Account,
  records: readonly (number | Buffer)[],
  partitions: readonly number[] = [],
): Verdict {
  const proof = new Proof([of])
  records.forEach((record, index) =>
    proof.record(partitions[index] ?? 0, typeof record === 'number' ? payloadOf('d', record) : record),
  )
  const owed = of.acknowledgedAt.flatMap((at, n) => (at > 0 ? [n] : []))
  return proof.verdict(new Map([['d', owed]]), [{ title: 'fault', start: 0, end: 0 }])
}

describe('the proof', () => {
  it('finds nothing where everything is there once and in order', () => {
    const verdict = prove(account(3), [0, 1, 2])
    expect(verdict).toMatchObject({ lost: [], disorder: [], altered: 0, duplicates: 0, unacknowledged: [] })
  })

  it('finds a message that was acknowledged and is not in Kafka', () => {
    expect(prove(account(3), [0, 2]).lost).toEqual([{ device: 'd', n: 1 }])
  })

  it('asks nothing of a message that was never acknowledged, and names it', () => {
    const of = account(3)
    const verdict = prove({ ...of, acknowledgedAt: [6, 16, 0] }, [0, 1])
    expect(verdict.lost).toEqual([])
    expect(verdict.unacknowledged).toEqual([{ device: 'd', n: 2 }])
    expect(verdict.settledAfter).toBe(Infinity)
  })

  it('finds changed bytes, and bytes that nobody sent', () => {
    const spaced = Buffer.from(payloadOf('d', 1).toString().replace('10.0', '10'))
    expect(prove(account(3), [0, 1, 2, spaced]).altered).toBe(1)
    expect(prove(account(3), [0, 1, 2, payloadOf('d', 3)]).altered).toBe(1)
    expect(prove(account(3), [0, 1, 2, payloadOf('other', 0)]).altered).toBe(1)
  })

  it('looks at first copies alone for the order, and at one partition', () => {
    expect(prove(account(4), [0, 1, 2, 1, 2, 3]).disorder).toEqual([])
    expect(prove(account(4), [0, 2, 1, 2, 3]).disorder).toEqual([{ device: 'd', n: 1 }])
    expect(prove(account(2), [0, 1], [0, 1]).disorder).toEqual([{ device: 'd', n: 1 }])
  })

  it('looks for dead letters and records where they belong, and at no order of letters', () => {
    const of = { ...account(3), dead: true }
    const proof = new Proof([of, account(1, 5, 'other')])
    for (const n of [0, 2, 1]) proof.letter(payloadOf('d', n))
    proof.record(0, payloadOf('d', 2))
    proof.letter(payloadOf('other', 0))
    const verdict = proof.verdict(
      new Map([
        ['d', [0, 1, 2]],
        ['other', [0]],
      ]),
      [],
    )
    expect(verdict).toMatchObject({ records: 5, altered: 2, disorder: [], lost: [{ device: 'other', n: 0 }] })
  })

  it('explains copies by what was sent again and what was in flight at a fault', () => {
    const of = { ...account(3), resends: new Map([[1, 2]]) }
    const proof = new Proof([of])
    for (const n of [0, 1, 1, 1, 2]) proof.record(0, payloadOf('d', n))
    const verdict = proof.verdict(new Map(), [{ title: 'fault', start: 23, end: 24 }])
    expect(verdict.duplicates).toBe(2)
    expect(verdict.duplicatesAllowed).toBe(3)
    expect([...proof.duplicated()]).toEqual([{ device: 'd', n: 1, more: 2 }])
  })
})

describe('the recovery', () => {
  it('begins with messages sent after the end, not with the burst of those that waited', () => {
    // Nothing is acknowledged between 10 s and 20 s; at 20 s all of it is; from 23 s on the path is quick again.
    const of = account(4_000, (n) => {
      const at = 10 * n + 1
      if (at < 10_000) return 5
      return at < 23_000 ? Math.max(20_000 - at, 4_000) : 5
    })
    const fault = { title: 'fault', start: 10_000, end: 20_000 }
    const [measured] = recoveries([of], [fault], 100, 40_000)
    // The second from 2.9 s on has 90 % of the rate.
    expect(measured!.recovery).toBeGreaterThanOrEqual(2_900)
    expect(measured!.recovery).toBeLessThanOrEqual(4_000)
    expect(measured!.longestWait).toBeGreaterThan(9_900)
    expect(measured!.calmShare).toBeCloseTo(1, 1)
  })

  it('is undefined where the rate does not come back', () => {
    const of = account(4_000, (n) => (n < 1_000 ? 5 : 100_000))
    const [measured] = recoveries([of], [{ title: 'fault', start: 10_000, end: 11_000 }], 100, 40_000)
    expect(measured).toMatchObject({ recovery: undefined, calmShare: 0 })
  })
})
