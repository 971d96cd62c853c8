import { beforeEach, describe, expect, it } from 'vitest'
import { type Failure } from '../../src/errors.ts'
import { Content, type Fetched, secretFailure } from '../../src/secrets/backend.ts'
import { SecretCache } from '../../src/secrets/cache.ts'

const outage = secretFailure('SECRET_UNREACHABLE', 'environment', 'id', 'away.')
const refused = secretFailure('SECRET_ACCESS_DENIED', 'rule', 'id', 'no.')

let now: number
let fetches: number
let answer: Fetched
let stale: Failure[]
let cache: SecretCache
beforeEach(() => {
  now = 1_000_000
  fetches = 0
  stale = []
  answer = value('one')
  cache = new SecretCache({
    cacheTime: 900_000,
    onStale: (failure) => stale.push(failure),
    now: () => now,
    random: () => 1,
  })
})

function value(text: string): Fetched {
  return { ok: true, content: Content.ofText(text) }
}

async function get(maxAge?: number): Promise<string> {
  const fetched = await cache.get('id', maxAge, () => {
    fetches += 1
    return Promise.resolve(answer)
  })
  return fetched.ok ? fetched.content.text! : fetched.failure.code
}

describe('the cache of secrets', () => {
  it('has one request in flight for each secret', async () => {
    expect(await Promise.all([get(), get(), get()])).toEqual(['one', 'one', 'one'])
    expect(fetches).toBe(1)
  })

  it('uses a value for its time, fetches beside the last uses, and then anew', async () => {
    await get()
    answer = value('two')
    now += 800_000
    expect(await get()).toBe('one')
    expect(fetches).toBe(1)
    now += 20_000
    expect(await get()).toBe('one')
    expect(await get()).toBe('two')
    answer = value('three')
    now += 900_000
    expect(await get()).toBe('three')
  })

  it('fetches at once what is older than a caller takes', async () => {
    await get()
    answer = value('two')
    now += 5_000
    expect(await get(10_000)).toBe('one')
    expect(await get(5_000)).toBe('two')
  })

  it('keeps a value while its store cannot be reached, and asks again after growing waits', async () => {
    await get()
    answer = outage
    now += 900_000
    expect(await get()).toBe('one')
    expect(await get()).toBe('one')
    expect(fetches).toBe(2)
    now += 1_000
    expect(await get()).toBe('one')
    now += 1_000
    expect(await get()).toBe('one')
    expect(fetches).toBe(3)
    expect(stale.map(({ code }) => code)).toEqual(['SECRET_UNREACHABLE', 'SECRET_UNREACHABLE'])
    answer = value('two')
    now += 1_000
    expect(await get()).toBe('two')
  })

  it('tells an outage where no value is known', async () => {
    answer = outage
    expect(await get()).toBe('SECRET_UNREACHABLE')
    expect(await get()).toBe('SECRET_UNREACHABLE')
    expect(fetches).toBe(1)
    expect(stale).toEqual([])
  })

  it('remembers a refusal for ten seconds and does not keep the value against it', async () => {
    await get()
    answer = refused
    now += 900_000
    expect(await get()).toBe('SECRET_ACCESS_DENIED')
    answer = value('two')
    now += 9_999
    expect(await get()).toBe('SECRET_ACCESS_DENIED')
    now += 1
    expect(await get()).toBe('two')
  })

  it('does not grow without bound', async () => {
    for (let index = 0; index < 2_001; index += 1) {
      await cache.get(`id-${index}`, undefined, () => Promise.resolve(answer))
      await cache.get('in-use', undefined, () => Promise.resolve(answer))
    }
    await cache.get('in-use', undefined, () => Promise.reject(new Error('fetched again')))
    await cache.get('id-2000', undefined, () => Promise.reject(new Error('fetched again')))
    let again = false
    await cache.get('id-0', undefined, () => {
      again = true
      return Promise.resolve(answer)
    })
    expect(again).toBe(true)
  })
})
