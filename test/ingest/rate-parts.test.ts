import { afterEach, describe, expect, it, vi } from 'vitest'
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
  afterEach(() => void vi.useRealTimers())

  it('get equal shares while all together are over the rate, whatever each of them wants', () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] })
    const pacer = new Pacer(new PublishRate({ messagesPerSecond: 500 }, performance.now()))
    const wants = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, 20]
    const taken = wants.map(() => 0)
    for (const [index, wanted] of wants.entries()) {
      const publisher = {
        onPace: (): void => {
          while (taken[index]! < wanted) {
            taken[index]! += 1
            if (!pacer.take(pace, 100)) break
          }
        },
      }
      const pace = pacer.enter(publisher, `client-${index}`)!
      publisher.onPace()
    }
    vi.advanceTimersByTime(2_000)
    pacer.close()
    const [first, second, third] = taken
    expect(third).toBe(20)
    // The first had the burst of one second, the rest is what two seconds bring.
    expect(first! + second! + third!).toBeGreaterThan(1_490)
    expect(first! + second! + third!).toBeLessThan(1_510)
    expect(Math.abs(first! - 500 - second!)).toBeLessThan(10)
  })

  it('wake when their own debt is paid, and no timer runs when nobody waits', () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] })
    const pacer = new Pacer(new PublishRate({ bytesPerSecondPerClient: 1_000 }, performance.now()))
    const woken: number[] = []
    const pace = pacer.enter({ onPace: () => void woken.push(performance.now()) }, 'client')!
    const began = performance.now()
    expect(pacer.take(pace, 900)).toBe(true)
    expect(vi.getTimerCount()).toBe(0)
    expect(pacer.take(pace, 2_100)).toBe(false)
    vi.advanceTimersByTime(1_990)
    expect(woken).toEqual([])
    vi.advanceTimersByTime(30)
    expect(woken.length).toBe(1)
    expect(woken[0]! - began).toBeGreaterThanOrEqual(2_000)
    expect(vi.getTimerCount()).toBe(0)
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
