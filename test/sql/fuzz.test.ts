import { describe, expect, it } from 'vitest'
import { corpusOf, fuzzSql } from '../../scripts/fuzz/sql.ts'

describe('random and mutated statements', () => {
  it('are compiled, or refused with a position, within 100 ms each', { timeout: 60_000 }, () => {
    const corpus = corpusOf('test/conformance')
    expect(corpus.length).toBeGreaterThan(300)
    const { faults, accepted, refused } = fuzzSql({ count: 5_000, seed: 20260101, corpus })
    expect(faults).toEqual([])
    expect(accepted).toBeGreaterThan(200)
    expect(refused).toBeGreaterThan(1000)
  })
})
