import { describe, expect, it } from 'vitest'
import { constant, evaluate } from '../sql/functions/call.ts'
import { differences, recorded } from './recorded.ts'

const cases = recorded('time')
const answer = (value: unknown): string | null => (value === undefined ? null : String(value))

/** Identifiers that are links to others, which Joda-Time writes and js-joda has not. */
const links = /"(US\/Pacific|GMT|EST5EDT)"/
/** Names that several zones share: Java takes one of them, we the best known. */
const shared = /\b(BST|IST|GST|ACST|PT)\b|IST |IST$|BST$|GST$|British Summer Time/

describe('time patterns as Joda-Time and java.time have them', () => {
  it('writes times as Joda-Time does', () => {
    const found = differences(
      cases.filter(({ kind, args }) => kind === 'joda' && !links.test(JSON.stringify(args))),
      ({ args: [pattern, instant, zone] }) => [
        answer(evaluate('parse_time', constant(pattern!, Number(instant), zone!))),
      ],
    )
    expect(found).toEqual([])
    expect(cases.length).toBeGreaterThan(5000)
  })

  it('reads times as java.time does', () => {
    const found = differences(
      cases.filter(({ kind, args }) => kind === 'java' && !shared.test(args[0]!)),
      ({ args: [text, pattern] }) => [answer(evaluate('time_to_epoch', constant(text!, pattern!)))],
    )
    expect(found).toEqual([])
  })
})
