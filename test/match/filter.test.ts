import { describe, expect, it } from 'vitest'
import { basicIngest, checkFilter, checkTopic, exceedsAwsLimits, TopicTrie } from '../../src/match/index.ts'

describe('checkFilter', () => {
  it.each(['a', 'a/b', '/', '+', '#', 'a/+/b', 'a/#', '+/+/#', '$aws/things/+/shadow', ' ', 'ä/ß'])(
    'accepts %s',
    (filter) => {
      expect(checkFilter(filter)).toBeUndefined()
    },
  )

  it.each([
    ['', 'the topic filter is empty'],
    ['a/#/b', "'#' must be the last level, but '/b' follows it"],
    ['#/', "'#' must be the last level, but '/' follows it"],
    ['a/b+', "'+' must stand alone in its level, not as in 'b+'"],
    ['a/b#', "'#' must stand alone in its level, not as in 'b#'"],
    ['++', "'+' must stand alone in its level, not as in '++'"],
    ['a\0b', 'the topic filter contains the character U+0000'],
    ['a\ud800', 'the topic filter contains a lone surrogate, which UTF-8 cannot carry'],
    ['ä'.repeat(40_000), 'the topic filter is longer than 65535 bytes'],
    ['+/'.repeat(200) + '+', 'the topic filter has 201 levels, the most is 128'],
  ])('refuses %j', (filter, reason) => {
    expect(checkFilter(filter)).toBe(reason)
  })

  it('accepts nothing that a lookup cannot descend', () => {
    const trie = new TopicTrie<string>()
    const deepest = Array.from({ length: 128 }, () => '+').join('/')
    expect(checkFilter(deepest)).toBeUndefined()
    trie.add(deepest, 'deep')
    expect(trie.match('x/'.repeat(127) + 'x')).toEqual(['deep'])
    expect(trie.match('x/'.repeat(32_000))).toEqual([])
  })
})

describe('checkTopic', () => {
  it('accepts what can be published', () => {
    expect(checkTopic('sensors/1/temperature')).toBeUndefined()
    expect(checkTopic('$aws/rules/r/x')).toBeUndefined()
  })

  it.each([
    ['', 'the topic is empty'],
    ['a/#', "a topic must not contain the wildcard '#'"],
    ['a/+', "a topic must not contain the wildcard '+'"],
    ['a\0', 'the topic contains the character U+0000'],
  ])('refuses %j', (topic, reason) => {
    expect(checkTopic(topic)).toBe(reason)
  })
})

describe('exceedsAwsLimits', () => {
  it('says which limit of AWS a filter exceeds', () => {
    expect(exceedsAwsLimits('a/b/c/d/e/f/g/h')).toBeUndefined()
    expect(exceedsAwsLimits('a/b/c/d/e/f/g/h/i')).toBe('it has 8 slashes, AWS IoT takes at most 7')
    expect(exceedsAwsLimits('ä'.repeat(129))).toBe('it has 258 bytes, AWS IoT takes at most 256')
  })
})

describe('basicIngest', () => {
  it('takes the rule and the topic out of a Basic Ingest topic', () => {
    expect(basicIngest('$aws/rules/BuildingManager/Buildings/1')).toEqual({
      ruleName: 'BuildingManager',
      topic: 'Buildings/1',
    })
    expect(basicIngest('$aws/rules/BuildingManager')).toEqual({ ruleName: 'BuildingManager', topic: '' })
    expect(basicIngest('$aws/rules/BuildingManager//a')).toEqual({ ruleName: 'BuildingManager', topic: '/a' })
  })

  it('leaves other topics alone', () => {
    for (const topic of [
      'Buildings/1',
      '$aws/rules',
      '$aws/things/rules/x',
      'a/$aws/rules/x/y',
      '$AWS/rules/x/y',
    ]) {
      expect(basicIngest(topic)).toBeUndefined()
    }
  })
})
