import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checkFilter, TopicTrie } from '../../src/match/index.ts'
import { matchesNaively } from './naive.ts'

function matches(filter: string, topic: string): boolean {
  const trie = new TopicTrie<string>()
  trie.add(filter, 'it')
  return trie.match(topic).length === 1
}

describe('TopicTrie', () => {
  it.each([
    ['sensor/#', 'sensor', false],
    ['sensor/#', 'sensor/', true],
    ['sensor/#', 'sensor/temperature', true],
    ['sensor/#', 'sensor/temperature/room1', true],
    ['sensor/#', 'sensors/temperature', false],
    ['#', 'any/topic/here', true],
    ['#', '/', true],
    ['+', 'a', true],
    ['+', 'a/b', false],
    ['+', '/a', false],
    ['+/+', '/a', true],
    ['+/+', 'a/b', true],
    ['a/+/b', 'a//b', true],
    ['a/+', 'a/', true],
    ['a/+', 'a', false],
    ['/a/b', 'a/b', false],
    ['a/b', 'a/b/', false],
    ['Topic/Sub', 'topic/sub', false],
    ['+/x/#', 'a/y/b', false],
    ['+/x/#', 'a/x/b', true],
    ['+/x/#', 'a/x', false],
  ])('says that %s on %s is %s', (filter, topic, expected) => {
    expect(matches(filter, topic)).toBe(expected)
  })

  it.each([
    ['#', '$aws/things/t1/shadow/update', false],
    ['+/things/#', '$aws/things/t1', false],
    ['+', '$SYS', false],
    ['$aws/things/+/shadow/update/delta', '$aws/things/t1/shadow/update/delta', true],
    ['$aws/#', '$aws/things', true],
    ['a/+', 'a/$b', true],
    ['a/#', 'a/$b', true],
  ])('keeps topics that begin with $ from leading wildcards: %s on %s is %s', (filter, topic, expected) => {
    expect(matches(filter, topic)).toBe(expected)
  })

  it('gives every item of every filter that matches, and nothing else', () => {
    const trie = new TopicTrie<number>()
    for (const [index, filter] of ['a/b', 'a/+', 'a/#', '#', '+/b', 'a/b', 'b/#'].entries())
      trie.add(filter, index)
    expect(trie.match('a/b').sort()).toEqual([0, 1, 2, 3, 4, 5])
    expect(trie.size).toBe(7)
  })

  it('visits with forEach what match returns', () => {
    const trie = new TopicTrie<number>()
    for (const [index, filter] of ['a/b', 'a/+', '#'].entries()) trie.add(filter, index)
    const seen: number[] = []
    trie.forEach('a/b', (item) => seen.push(item))
    expect(seen).toEqual(trie.match('a/b'))
  })

  it('is not misled by levels that are names of object members', () => {
    expect(matches('constructor/__proto__', 'constructor/__proto__')).toBe(true)
    expect(matches('a', '__proto__')).toBe(false)
  })

  it('agrees with a naive matcher on any filters and topics', () => {
    const level = fc.constantFrom('', 'a', 'b', 'ab', '$a', '+')
    const filter = fc
      .tuple(fc.array(level, { minLength: 1, maxLength: 5 }), fc.boolean())
      .map(([levels, open]) => [...levels, ...(open ? ['#'] : [])].join('/'))
      .filter((text) => checkFilter(text) === undefined)
    const topic = fc
      .array(fc.constantFrom('', 'a', 'b', 'ab', '$a'), { minLength: 1, maxLength: 6 })
      .map((levels) => levels.join('/'))
    const property = fc.property(fc.array(filter, { maxLength: 30 }), topic, (filters, published) => {
      const trie = new TopicTrie<number>()
      for (const [index, text] of filters.entries()) trie.add(text, index)
      const expected = filters.flatMap((text, index) => (matchesNaively(text, published) ? [index] : []))
      expect(trie.match(published).sort((x, y) => x - y)).toEqual(expected)
    })
    fc.assert(property, { numRuns: 2000 })
  })

  it('looks at no more levels with 20,000 filters than with 20', () => {
    const reads = [20, 20_000].map((count) => {
      const trie = new TopicTrie<number>()
      for (let index = 0; index < count; index += 1) {
        trie.add(`plant${index}/line/+/state`, index)
        trie.add(`plant${index}/#`, index)
      }
      let visits = 0
      trie.forEach('plant7/line/3/state', () => (visits += 1))
      const started = performance.now()
      for (let round = 0; round < 20_000; round += 1) trie.forEach('plant7/line/3/state', () => (visits += 1))
      return { visits, milliseconds: performance.now() - started }
    })
    expect(reads[1]!.visits).toBe(reads[0]!.visits)
    // A scan would take a thousand times as long; the bound leaves room for a busy machine.
    expect(reads[1]!.milliseconds).toBeLessThan(reads[0]!.milliseconds * 50 + 50)
  })
})
