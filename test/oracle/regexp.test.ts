import { describe, expect, it } from 'vitest'
import { Regexp } from '../../src/sql/regexp/index.ts'
import { evaluate, constant } from '../sql/functions/call.ts'
import { type Recorded, recorded } from './recorded.ts'

const cases = recorded('regexp')

const compiled = (each: Recorded): Regexp | undefined => {
  const regexp = Regexp.compile(each.args[0]!)
  return regexp instanceof Regexp ? regexp : undefined
}
const refusalOf = (each: Recorded): string | undefined => {
  const regexp = Regexp.compile(each.args[0]!)
  return regexp instanceof Regexp || !('unsupported' in regexp) ? undefined : regexp.unsupported
}
const isValid = (each: Recorded): boolean => each.answers[0] === 'ok'

/** Patterns of Java that are refused for what an engine of linear time has not, and how many of the cases they are. */
const refused = {
  'a Unicode block': 4,
  'a back-reference': 62,
  'a back-reference by name': 8,
  'a lookahead': 134,
  'a lookbehind': 118,
  'a possessive quantifier of more than one character at a time': 68,
  'an atomic group': 33,
  'the boundary \\b{g}': 2,
  'the flag c': 2,
  'the grapheme cluster \\X': 68,
}

/** Groups whose last round within a repetition is empty: Java gives that round, here the round before stays. */
const emptyRounds = ['(a*)*', '((a*)b?)*']

/** Java puts a replacement for nothing between the halves of a surrogate pair; the pair stays whole here. */
const splitsPair = (text: string | null): boolean => text !== null && /\p{Surrogate}/u.test(text)

describe('regular expressions as java.util.regex has them', () => {
  it('refuses what Java refuses', () => {
    const found = cases.filter((each) => !isValid(each) && compiled(each) !== undefined)
    expect(found.map(({ args }) => args[0])).toEqual([])
  })

  it('refuses what Java has by name alone', () => {
    const found = cases.filter(
      (each) => isValid(each) && compiled(each) === undefined && refusalOf(each) === undefined,
    )
    expect(found.map(({ args }) => [args[0], Regexp.compile(args[0]!)])).toEqual([])
    const counts: Record<string, number> = {}
    for (const each of cases.filter(isValid)) {
      const refusal = refusalOf(each)
      if (refusal !== undefined) counts[refusal] = (counts[refusal] ?? 0) + 1
    }
    expect(counts).toEqual(refused)
  })

  it('finds, cuts out and replaces what Java does', () => {
    const found = cases.flatMap((each) => {
      const [pattern, text, replacement] = each.args
      const regexp = compiled(each)
      if (regexp === undefined || !isValid(each)) return []
      const machine = regexp.search(text!)
      const match = machine.find()
      const [, first, replaced] = each.answers
      const skips =
        emptyRounds.includes(pattern!) || (splitsPair(replaced!) && !splitsPair(text! + replacement!))
      const got = {
        test: regexp.test(text!),
        first: regexp.first(text!) ?? null,
        machine: match === undefined ? null : text!.slice(match[0], match[1]),
        replaced: skips
          ? replaced!
          : (evaluate('regexp_replace', constant(text!, pattern!, replacement!)) ?? null),
      }
      const want = { test: first !== null, first, machine: first, replaced }
      return JSON.stringify(got) === JSON.stringify(want)
        ? []
        : [JSON.stringify({ args: each.args, got, want })]
    })
    expect(found).toEqual([])
    expect(cases.filter((each) => compiled(each) !== undefined).length).toBeGreaterThan(4000)
  })
})
