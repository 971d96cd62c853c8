import { describe, expect, it } from 'vitest'
import { readJson, type SqlObject } from '../../src/value/index.ts'
import { readCases } from './case.ts'
import { meets, type Outcome } from './compare.ts'
import { reportOf } from './report.ts'

const output = (text: string): Outcome => ({ kind: 'output', bytes: Buffer.from(text) })

function expectation(text: string): SqlObject {
  const json = readJson(text)
  if (!json.ok) throw new Error(json.reason)
  return json.value as SqlObject
}

describe('the conformance runner', () => {
  it.each([
    ['{"output":{"a":1,"b":[2.50]}}', output('{"b":[2.5],"a":1.0}'), true],
    ['{"output":{"a":1}}', output('{"a":1,"b":2}'), false],
    ['{"output":{"a":9007199254740993}}', output('{"a":9007199254740992}'), false],
    ['{"output":{"a":"1"}}', output('{"a":1}'), false],
    ['{"output":{}}', output(''), false],
    ['{"output":{}}', { kind: 'unmatched' }, false],
    ['{"outputText":"{\\"r\\":10.0}"}', output('{"r":10}'), false],
    ['{"outputText":"{\\"r\\":10.0}"}', output('{"r":10.0}'), true],
    ['{"outputBase64":"AP8="}', { kind: 'output', bytes: Buffer.from([0, 255]) }, true],
    ['{"matched":false}', { kind: 'unmatched' }, true],
    ['{"matched":false}', output('{}'), false],
    ['{"matched":false}', { kind: 'refused', reason: '' }, false],
    ['{"parseError":true}', { kind: 'refused', reason: '' }, true],
    ['{"parseError":true}', { kind: 'unmatched' }, false],
    ['{"rendered":"x"}', { kind: 'rendered', text: 'y' }, false],
    ['{"matches":{"r":"^\\"a+\\"$"}}', output('{"r":"aa"}'), true],
    ['{"matches":{"r":"^\\"a+\\"$"}}', output('{}'), false],
    ['{"matches":{"rendered":"^a+$"}}', { kind: 'rendered', text: 'aa' }, true],
  ] as const)('judges %s', (expect_, outcome, want) => {
    expect(meets(outcome, expectation(expect_), 0)).toBe(want)
  })

  it('allows the relative tolerance and no more', () => {
    const want = expectation('{"output":{"r":100}}')
    expect(meets(output('{"r":100.00000001}'), want, 1e-9)).toBe(true)
    expect(meets(output('{"r":100.0000002}'), want, 1e-9)).toBe(false)
  })

  it('keeps the number text of payloads', () => {
    const text =
      '[{"id":"a","group":"g","sql":"s","sqlVersion":"2016-03-23","topic":"t","payload":{"x":10.0,"y":12345678901234567890},"expect":{}}]'
    expect(readCases(text)[0]!.payload.toString()).toBe('{"x":10.0,"y":12345678901234567890}')
  })

  it('ends its report with the count and names alternatives and failures', () => {
    const result = { group: 'g', want: '{"output":{}}', got: 'not matched' }
    const report = reportOf([
      { ...result, id: 'one', verdict: 'passed' },
      { ...result, id: 'two', verdict: 'alternative' },
      { ...result, id: 'three', verdict: 'failed' },
    ])
    expect(report.split('\n').at(-1)).toBe('2 passed, 1 failed')
    expect(report).toContain('alternative two: not matched')
    expect(report).toContain('failed three\n  want {"output":{}}\n  got  not matched')
  })
})
