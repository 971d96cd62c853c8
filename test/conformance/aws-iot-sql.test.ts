import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { readCases } from './case.ts'
import { runCase } from './run-case.ts'

const read = (name: string): string => readFileSync(new URL(name, import.meta.url), 'utf8')
const cases = readCases(read('aws-iot-sql.json'))
const knownFailures = JSON.parse(read('known-failures.json')) as Record<string, string>

describe('the AWS IoT SQL cases', () => {
  for (const each of cases) {
    const reason = knownFailures[each.id]
    it(reason === undefined ? `${each.id}: ${each.sql}` : `${each.id} still fails: ${reason}`, async () => {
      const { verdict, want, got } = await runCase(each)
      if (reason === undefined) expect(verdict, `want ${want}, got ${got}`).not.toBe('failed')
      else expect(verdict, `passes now; remove it from known-failures.json`).toBe('failed')
    })
  }

  it('lists no unknown case among the known failures', () => {
    const ids = new Set(cases.map((each) => each.id))
    expect(Object.keys(knownFailures).filter((id) => !ids.has(id))).toEqual([])
  })
})
