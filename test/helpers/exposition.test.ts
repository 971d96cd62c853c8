import { describe, expect, it } from 'vitest'
import { parseExposition, sampleValue } from './exposition.ts'

const page = (...lines: string[]): string => `${lines.join('\n')}\n`
const counter = ['# HELP a b', '# TYPE a counter']

describe('the reader of metrics pages', () => {
  it('reads names, labels with escapes, and values', () => {
    const families = parseExposition(
      page(...counter, String.raw`a{x="q\"\\\n",y="2"} 3`, 'a{x="z",y=""} 1e2'),
    )
    expect(sampleValue(families, 'a', { x: 'q"\\\n' })).toBe(3)
    expect(sampleValue(families, 'a', { x: 'z' })).toBe(100)
    expect(sampleValue(families, 'a', { x: 'none' })).toBeUndefined()
  })

  it.each([
    ['a sample without a type', ['a 1']],
    ['a series twice', [...counter, 'a 1', 'a 1']],
    ['a value that is none', [...counter, 'a one']],
    ['a label that is not closed', [...counter, 'a{x="} 1']],
    ['a counter below zero', [...counter, 'a -1']],
    [
      'buckets that fall',
      [
        '# HELP h x',
        '# TYPE h histogram',
        'h_bucket{le="1"} 2',
        'h_bucket{le="+Inf"} 1',
        'h_sum 1',
        'h_count 1',
      ],
    ],
  ])('refuses %s', (_, lines) => {
    expect(() => parseExposition(page(...lines))).toThrow()
  })
})
