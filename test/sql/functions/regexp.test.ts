import { describe, expect, it } from 'vitest'
import { call, constant, dynamic, evaluate, exceededBy, problems } from './call.ts'

describe('regular expressions', () => {
  it.each([
    ['back-reference', '(a)\\1'],
    ['lookahead', '(?=a)b'],
    ['lookbehind', '(?<!a)b'],
    ['back-reference by name', '(?<n>a)\\k<n>'],
    ['atomic group', '(?>a|ab)c'],
    ['possessive quantifier', '(?:ab)++abc'],
    ['Unicode block', '\\p{InGreek}'],
    ['too many steps', '(?:a{1000}){1000}'],
  ])('refuses a constant pattern with a %s by name', (construct, pattern) => {
    const [problem] = problems('regexp_matches', [...dynamic('x'), ...constant(pattern)])
    expect(problem).toMatchObject({ code: 'SQL_REGEX_UNSUPPORTED', severity: 'error', argument: 1 })
    expect(problem!.message).toContain(construct)
  })

  it('warns of a malformed constant pattern and is Undefined', () => {
    expect(problems('regexp_matches', constant('x', '('))).toMatchObject([
      { code: 'SQL_REGEX_INVALID', severity: 'warning' },
    ])
    expect(call('regexp_matches', 'x', '(')).toBeUndefined()
  })

  it.each([
    ['\\u0041', 'A', true],
    ['^\\p{Alpha}+$', 'abc', true],
    ['^[\\p{Digit}x]+$', '1x2', true],
    ['^\\h+$', ' \t', true],
    ['^a\\Rb$', 'a\r\nb', true],
    ['end\\Z', 'the end', true],
    ['^[^/]*\\+$', 'a+', true],
    ['[]]', ']', true],
    ['^.€$', '😀€', true],
    ['\\Qa.b\\E', 'a.b', true],
    ['\\Qa.b\\E', 'axb', false],
    ['[(?=]', '?', true],
    ['a++b', 'aab', true],
    ['a++ab', 'aab', false],
    ['(?x)a b # both', 'ab', true],
    ['^[a-z&&[^b]]$', 'b', false],
    ['[a[bc]]', 'c', true],
    ['end$', 'the end\r\n', true],
    ['^.$', '\u0085', false],
    ['(?m)^b$', 'a\rb\nc', true],
  ])('reads the Java pattern %s', (pattern, text, matches) => {
    expect(call('regexp_matches', text, pattern)).toBe(matches)
  })

  it('takes linear time for a pattern that backtracking takes exponential time for', () => {
    const started = performance.now()
    expect(call('regexp_matches', 'a'.repeat(20_000) + 'b', '^(a+)+$')).toBe(false)
    expect(performance.now() - started).toBeLessThan(2_000)
  })

  it('takes no pattern of more than 1,000 characters from a message', () => {
    expect(evaluate('regexp_matches', dynamic('x', 'x?'.repeat(501)))).toBeUndefined()
  })
})

describe('regexp_replace', () => {
  it.each([
    ['$0$0', 'aXXXXb'],
    ['😀', 'a😀b'],
    ['\\$1', 'a$1b'],
    ['$1!', 'aX!b'],
    ['$12', 'aX2b'],
    ['${first}', 'aXb'],
    ['${nosuch}', undefined],
    ['$', undefined],
    ['\\', undefined],
  ])('puts %s in the place of a match', (replacement, want) => {
    expect(call('regexp_replace', 'aXXb', '(?<first>X)X', replacement)).toBe(want)
  })

  it('takes too much work when its result would be very large', () => {
    const args = dynamic('a'.repeat(100_000), 'a+', '$0'.repeat(1000))
    expect(exceededBy(() => evaluate('regexp_replace', args))).toBe('work')
  })

  it('gives up on a pattern that searches the whole text again for every match', () => {
    const started = performance.now()
    expect(evaluate('regexp_replace', dynamic('x'.repeat(1000), 'x*?y|x', '_'))).toBe('_'.repeat(1000))
    const args = dynamic('x'.repeat(131_072), 'x*?y|x', '_')
    expect(exceededBy(() => evaluate('regexp_replace', args))).toBe('work')
    expect(performance.now() - started).toBeLessThan(1_000)
  })
})
