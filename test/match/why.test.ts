import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { whyUnmatched } from '../../src/match/index.ts'
import { matchesNaively } from './naive.ts'

describe('whyUnmatched', () => {
  it.each([
    [
      'sensors/+/temperature',
      'sensors/7/humidity',
      "level 3 is 'humidity' in the topic and 'temperature' in the filter",
    ],
    ['Sensors/#', 'sensors/7', "level 1 is 'sensors' in the topic and 'Sensors' in the filter: case counts"],
    [
      '/a/#',
      'a/7',
      "the filter begins with /, the topic does not: level 1 is 'a' in the topic and '' in the filter",
    ],
    [
      'a/#',
      '/a/7',
      "the topic begins with /, the filter does not: level 1 is '' in the topic and 'a' in the filter",
    ],
    ['sensor/#', 'sensor', "the topic ends after level 1, the filter wants a level 2: '#'"],
    ['a/+/c', 'a/b', "the topic ends after level 2, the filter wants a level 3: 'c'"],
    ['a/+', 'a/b/c', "the filter ends after level 2, the topic goes on with 'c'"],
    [
      '#',
      '$aws/things/t',
      "the topic begins with $, which '#' at the first level of the filter does not match",
    ],
  ])('says why %s does not match %s', (filter, topic, reason) => {
    expect(whyUnmatched(filter, topic)).toBe(reason)
  })

  it('has a reason exactly where the filter does not match', () => {
    const level = fc.constantFrom('a', 'b', '', '$x')
    const levels = fc.array(level, { minLength: 1, maxLength: 4 })
    const filters = fc
      .tuple(
        fc.array(fc.oneof(level, fc.constant('+')), { maxLength: 3 }),
        fc.constantFrom('#', '+', 'a', ''),
      )
      .map(([start, last]) => [...start, last].join('/'))
    fc.assert(
      fc.property(filters, levels, (filter, topic) => {
        const text = topic.join('/')
        expect(whyUnmatched(filter, text) === undefined).toBe(matchesNaively(filter, text))
      }),
      { numRuns: 500 },
    )
  })
})
