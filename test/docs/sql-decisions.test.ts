import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { run } from '../sql/evaluate-text.ts'

const page = readFileSync(new URL('../../docs/sql-decisions.md', import.meta.url), 'utf8')
const rows = [...page.matchAll(/^\| `(.+?)` +\| (?:`(.+?)`|Undefined) +\|/gm)]

describe('the page of decisions', () => {
  it('has no row that the tests do not read', () => {
    expect(rows.length).toBe(page.split('\n').filter((line) => line.startsWith('| `')).length)
  })

  it.each(rows.map(([, expression, value]) => [expression!, value] as const))(
    '%s is %s',
    (expression, value) => {
      const wrapped = `SELECT ${expression} AS r FROM 'a/b'`
      expect(run(wrapped, '{}')).toBe(value === undefined ? '{}' : `{"r":${value}}`)
    },
  )
})
