import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { readCases } from './case.ts'
import { runCase } from './run-case.ts'

const read = (name: string): string => readFileSync(new URL(name, import.meta.url), 'utf8')
const cases = readCases(read('documentation.json'))

/** Derived by hand from the sentences, tables and examples of the pages that each case names as its source. */
describe('the AWS IoT SQL documentation', () => {
  for (const each of cases) {
    it(`${each.id}: ${each.sql}`, async () => {
      const { verdict, want, got } = await runCase(each)
      expect(verdict, `want ${want}, got ${got}`).toBe('passed')
    })
  }

  it('has an identifier of its own for every case', () => {
    expect(new Set(cases.map(({ id }) => id)).size).toBe(cases.length)
  })
})
