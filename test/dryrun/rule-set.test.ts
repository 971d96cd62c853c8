import { describe, expect, it } from 'vitest'
import { compileRule, RuleSet } from '../../src/dryrun/index.ts'

function ruleOf(
  name: string,
  sql: string,
  more: object = {},
): ConstructorParameters<typeof RuleSet>[0][number] {
  const compiled = compileRule({ sql, actions: [], awsIotSqlVersion: '2016-03-23', ...more }, { name })
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.diagnostics))
  return compiled.rule
}

const set = new RuleSet([
  ruleOf('a', "SELECT * FROM 'x/+'"),
  ruleOf('b', "SELECT * FROM 'x/#'"),
  ruleOf('off', "SELECT * FROM '#'", { ruleDisabled: true }),
  ruleOf('a', "SELECT * FROM 'second'"),
])

describe('a set of rules', () => {
  it.each([
    ['x/1', 'x/1', ['a', 'b']],
    ['x/1/2', 'x/1/2', ['b']],
    ['second', 'second', []],
    ['$aws/rules/a/any/thing', 'any/thing', ['a']],
    ['$aws/rules/off/x', 'x', []],
    ['$aws/rules/none/x', 'x', []],
  ])('gives %s, seen as %s, to %j', (topic, seen, names) => {
    const match = set.match(topic)
    expect(match.topic).toBe(seen)
    expect(match.rules.map(({ name }) => name).sort()).toEqual(names)
  })

  it('keeps the first of two rules with one name', () => {
    expect(set.rules.map(({ name }) => name)).toEqual(['a', 'b', 'off'])
  })
})
