import { describe, expect, it } from 'vitest'
import { ConnectionRate, networkOf } from '../../src/ingest/connection-rate.ts'
import { Digest } from '../../src/ingest/digest.ts'
import { Pacer, PublishRate } from '../../src/ingest/publish-rate.ts'
import { Recent } from '../../src/ingest/recent.ts'
import { TokenBucket } from '../../src/ingest/token-bucket.ts'

describe('A token bucket', () => {
  it('holds what one second brings and fills at its rate', () => {
    const bucket = new TokenBucket(10, 0)
    expect(bucket.available(60_000)).toBe(10)
    bucket.take(10)
    expect(bucket.available(60_300)).toBeCloseTo(3)
  })

  it('says how long a debt takes to be paid', () => {
    const bucket = new TokenBucket(100, 0)
    bucket.take(150)
    expect(bucket.wait(0)).toBeCloseTo(500)
    expect(bucket.wait(400)).toBeCloseTo(100)
    expect(bucket.wait(501)).toBe(0)
  })

  it('takes no notice of a clock that stands still or steps back', () => {
    const bucket = new TokenBucket(10, 1_000)
    bucket.take(10)
    expect(bucket.available(500)).toBe(0)
    expect(bucket.available(1_100)).toBeCloseTo(1)
  })
})

describe('What is remembered of clients', () => {
  it('is bounded; the one unused for longest is forgotten', () => {
    const recent = new Recent<object>(100)
    const first = recent.use('first', () => ({}))
    for (let index = 0; index < 99; index += 1) recent.use(`a${index}`, () => ({}))
    expect(recent.use('first', () => ({}))).toBe(first)
    for (let index = 0; index < 99; index += 1) recent.use(`b${index}`, () => ({}))
    expect(recent.size).toBe(100)
    expect(recent.use('first', () => ({}))).toBe(first)
    for (let index = 0; index < 20_000; index += 1) recent.use(`c${index}`, () => ({}))
    expect(recent.size).toBe(100)
    expect(recent.use('first', () => ({}))).not.toBe(first)
  })
})

describe('The rate of connections', () => {
  it('counts all, and each address; what is refused does not count', () => {
    const rate = new ConnectionRate({ connectionsPerSecond: 6, connectionsPerSecondPerAddress: 2 }, 0)
    const come = (address: string, times: number, now: number): number =>
      Array.from({ length: times }, () => rate.admits(address, now)).filter(Boolean).length
    expect(come('10.0.0.1', 50, 0)).toBe(2)
    expect(come('10.0.0.2', 50, 0)).toBe(2)
    expect(come('10.0.0.3', 50, 0)).toBe(2)
    expect(come('10.0.0.4', 50, 0)).toBe(0)
    expect(come('10.0.0.4', 50, 1_000)).toBe(2)
  })

  it('takes the host of an IPv6 address for one, whatever its lower half', () => {
    expect(networkOf('2001:db8::1')).toBe(networkOf('2001:db8:0:0:1:2:3:4'))
    expect(networkOf('2001:db8:0:1::1')).not.toBe(networkOf('2001:db8:0:2::1'))
    expect(networkOf('::1')).toBe('0:0:0:0::/64')
    expect(networkOf('10.1.2.3')).toBe('10.1.2.3')
  })
})

describe('Paced publishers', () => {
  it('get equal shares while all together are over the rate, whatever each of them wants', async () => {
    const pacer = new Pacer(new PublishRate({ messagesPerSecond: 500 }, performance.now()))
    const taken = [0, 0, 0]
    const wants = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, 20]
    let over = 0
    await new Promise<void>((resolve) => {
      taken.forEach((_, index) => {
        const publisher = {
          onPace: (): void => {
            while (taken[index]! < wants[index]!) {
              taken[index]! += 1
              if (!pacer.take(pace, 100)) break
            }
            over = taken[0]! + taken[1]! + taken[2]!
            if (over > 900) resolve()
          },
        }
        const pace = pacer.enter(publisher, `client-${index}`)!
        publisher.onPace()
      })
    })
    pacer.close()
    expect(taken[2]).toBe(20)
    // The first had the whole burst of one second; from there on both had the same.
    expect(taken[0]! - 500).toBeLessThan(taken[1]! + 30)
    expect(taken[0]! - 500).toBeGreaterThan(taken[1]! - 30)
  })

  it('are not counted where nothing is bounded', () => {
    const pacer = new Pacer(new PublishRate({}, 0))
    expect(pacer.enter({ onPace: () => undefined }, 'client')).toBeUndefined()
  })
})

describe('A digest', () => {
  it('tells the first at once and the others together, later', () => {
    const digest = new Digest()
    expect(digest.add(0)).toBe(1)
    for (let now = 1; now < 10_000; now += 1) expect(digest.add(now)).toBe(0)
    expect(digest.add(10_000)).toBe(10_000)
    expect(digest.add(10_001)).toBe(0)
  })
})
