import { describe, expect, it } from 'vitest'
import { type BookDocument, RuleBook } from '../../src/engine/index.ts'
import { TopicTrie } from '../../src/match/index.ts'
import { Bench, rule } from './harness.ts'

function document(source: string, ruleName: string, sql: string, more: object = {}): BookDocument {
  const value = { ruleName, topicRulePayload: { sql, actions: [], ...more } }
  return { source, name: undefined, document: value, text: JSON.stringify(value) }
}

describe('a book of rules', () => {
  it('tells of the rules that changed alone, and compiles no others', () => {
    const book = new RuleBook({})
    const all = Array.from({ length: 50 }, (_, index) =>
      document(`f${index}.json#0`, `r${index}`, `SELECT ${index} FROM 'a'`),
    )
    expect(book.change(all, []).rules.size).toBe(50)
    const before = book.ruleOf('f7.json#0')
    const { rules, reports } = book.change([document('f3.json#0', 'r3', "SELECT 1 FROM 'b'")], ['f4.json#0'])
    expect([...rules].map(([name, one]) => [name, one?.topicFilter])).toEqual([
      ['r4', undefined],
      ['r3', 'b'],
    ])
    expect(reports.map(({ source }) => source)).toEqual(['f3.json#0'])
    expect(book.ruleOf('f7.json#0')).toBe(before)
  })

  it('lets the second of two documents with one name run when the first goes or is disabled', () => {
    const book = new RuleBook({})
    const [first, second] = ["SELECT 1 FROM 'first'", "SELECT 1 FROM 'second'"]
    const begun = book.change([document('b.json#10', 'r', second), document('b.json#9', 'r', first)], [])
    expect(begun.rules.get('r')?.topicFilter).toBe('first')
    expect(
      begun.reports.filter(({ diagnostics }) => diagnostics[0]?.code === 'RULE_NAME_TAKEN'),
    ).toMatchObject([{ source: 'b.json#10' }])
    const disabled = book.change([document('b.json#9', 'r', first, { ruleDisabled: true })], [])
    expect(disabled.rules.get('r')?.topicFilter).toBe('second')
    expect(book.sourceOf('r')).toBe('b.json#10')
    const gone = book.change([], ['b.json#10'])
    expect([gone.rules.has('r'), gone.rules.get('r')]).toEqual([true, undefined])
  })

  it('keeps the last good version of a document that has faults now', () => {
    const book = new RuleBook({})
    book.change([document('a.json#0', 'r', "SELECT 1 FROM 'a'")], [])
    const { rules, reports } = book.change([document('a.json#0', 'r', 'SELECT')], [])
    expect([rules.size, reports[0]?.keptPrevious]).toEqual([0, true])
    expect(book.running().map(({ topicFilter }) => topicFilter)).toEqual(['a'])
  })
})

describe('a change of one rule', () => {
  it('leaves the other rules as they are', () => {
    const bench = new Bench([rule('a', "SELECT * FROM 't'"), rule('b', "SELECT * FROM 't'")])
    const { ruleset } = bench.engine
    const kept = ruleset.named('b')
    bench.publish('t', '{"n":1}')
    ruleset.set('a', undefined)
    bench.publish('t', '{"n":2}')
    expect(bench.sent.map(({ record }) => record.topic)).toEqual(['a-0', 'b-0', 'b-0'])
    expect(ruleset.named('b')).toBe(kept)
  })
})

describe('a trie of topic filters', () => {
  it('forgets what is taken out, and nothing else', () => {
    const trie = new TopicTrie<number>()
    const filters = ['a/b', 'a/+', 'a/#', '#', '+/b', 'a/b/c', 'a/b']
    for (const [item, filter] of filters.entries()) trie.add(filter, item)
    expect([trie.remove('a/x', 0), trie.remove('a/b', 5), trie.remove('a/b/c/d', 5)]).toEqual([
      false,
      false,
      false,
    ])
    const left = new Set(filters.keys())
    for (const [item, filter] of filters.entries()) {
      expect(trie.match('a/b').sort()).toEqual([...left].filter((each) => each !== 5))
      expect(trie.remove(filter, item)).toBe(true)
      left.delete(item)
    }
    expect([trie.match('a/b'), trie.match('a/b/c'), trie.size]).toEqual([[], [], 0])
  })
})

it('the answer for a topic is remembered, but not for long topics, which would fill the memory', () => {
  const bench = new Bench([rule('a', "SELECT * FROM 'a/#'")])
  const { ruleset } = bench.engine
  const [short, long] = [`a/${'x'.repeat(254)}`, `a/${'x'.repeat(255)}`]
  expect(ruleset.match(short)).toBe(ruleset.match(short))
  expect(ruleset.match(long)).not.toBe(ruleset.match(long))
  expect(ruleset.match(long).rules).toEqual(ruleset.match(short).rules)
})
