import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { changesFor, edited, loadTestFile, runFile } from '../../src/testing/index.ts'
import { clientProperties, directoryOf, kafka, newLibrary, ruleText } from './files.ts'

/** The text of a test file after an update; it must pass then. */
async function updated(rule: string, text: string, name = 'rule.test.yaml'): Promise<string> {
  const directory = directoryOf({ 'rule.json': rule, [name]: text })
  const file = join(directory, name)
  const report = await runFile(loadTestFile(file, newLibrary()))
  expect(report.faults).toEqual([])
  const edits = report.results.flatMap((result) =>
    changesFor(result).map(({ steps, value }) => ({
      steps: [...(report.isList ? [] : ['cases']), result.testCase.index, ...steps],
      value,
    })),
  )
  const after = edited(file, text, edits)
  writeFileSync(file, after)
  const again = await runFile(loadTestFile(file, newLibrary()))
  expect(again.faults).toEqual([])
  expect(again.results.flatMap(({ mismatches }) => mismatches)).toEqual([])
  return readFileSync(file, 'utf8')
}

const rule = ruleText("SELECT t, s FROM 'a' WHERE t > 1", {
  actions: [kafka({ key: '${k}', headers: [{ key: 'h', value: '${s}' }] })],
  errorAction: { kafka: { topic: 'errors', clientProperties } },
})

describe('an update', () => {
  it('fills in what a rule makes of messages, and leaves comments, order and numbers as they are', async () => {
    const before = [
      '# What the rule is for',
      'defaults: {topic: a}   # for all',
      '',
      'cases:',
      '  # the first',
      '  - payload: { t: 2.50, s: x, k: key }  # hot',
      '    name: hot',
      '',
      '  - name: cold',
      '    payload: {t: 1e0}',
      '  - {payload: {t: 12345678901234567890.10, s: "true", k: ""}}',
      '# the end',
      '',
    ].join('\n')
    expect(await updated(rule, before)).toBe(
      [
        '# What the rule is for',
        'defaults: {topic: a}   # for all',
        '',
        'cases:',
        '  # the first',
        '  - payload: { t: 2.50, s: x, k: key }  # hot',
        '    name: hot',
        '    expect:',
        '      output: { t: 2.50, s: x }',
        '      kafka:',
        '        topic: out',
        '        key: key',
        '        headers: { h: x }',
        '',
        '  - name: cold',
        '    payload: {t: 1e0}',
        '    expect: { noMatch: where }',
        '  - {payload: {t: 12345678901234567890.10, s: "true", k: ""}, expect: { output: { t: 12345678901234567890.10, s: "true" }, kafka: { topic: out, key: "", headers: { h: "true" } } }}',
        '# the end',
        '',
      ].join('\n'),
    )
  })

  it('changes what is not met, and only that', async () => {
    const before = [
      'cases:',
      '  - topic: a',
      '    payload: {t: 2, s: x, k: key}',
      '    expect:',
      '      output: {t: 3} # the output',
      '      kafka:',
      '        key: other',
      '        value:',
      '          t: 5',
      '    clientId: c',
      '  - topic: a',
      '    payload: {t: 2, s: x, k: key}',
      '    expect: {noMatch: true}',
    ].join('\n')
    expect(await updated(rule, before)).toBe(
      [
        'cases:',
        '  - topic: a',
        '    payload: {t: 2, s: x, k: key}',
        '    expect:',
        '      output: { t: 2, s: x } # the output',
        '      kafka:',
        '        key: key',
        '        value: { t: 2, s: x }',
        '    clientId: c',
        '  - topic: a',
        '    payload: {t: 2, s: x, k: key}',
        '    expect:',
        '      output: { t: 2, s: x }',
        '      kafka:',
        '        topic: out',
        '        key: key',
        '        headers: { h: x }',
      ].join('\n'),
    )
  })

  it('writes JSON into JSON', async () => {
    const before =
      '[\n  {\n    "topic": "a",\n    "payload": {"t": 2.0, "k": "k"}\n  },\n  {"topic": "b"}\n]\n'
    expect(await updated(rule, before, 'rule.test.json')).toBe(
      [
        '[',
        '  {',
        '    "topic": "a",',
        '    "payload": {"t": 2.0, "k": "k"},',
        '    "expect": {',
        '      "output": {',
        '        "t": 2',
        '      },',
        '      "kafka": {',
        '        "topic": "out",',
        '        "key": "k",',
        '        "headers": {',
        '          "h": ""',
        '        }',
        '      }',
        '    }',
        '  },',
        '  {"topic": "b", "expect": {"noMatch": "topic"}}',
        ']',
        '',
      ].join('\n'),
    )
  })

  it('records failures, the error action, bytes that are no JSON, and several actions', async () => {
    const failing = ruleText("SELECT * FROM 'a'", {
      actions: [kafka({ topic: '${t}' }), kafka({ topic: 'x' })],
      errorAction: { kafka: { topic: 'errors', clientProperties } },
    })
    const text = await updated(failing, 'cases:\n  - topic: a\n    payloadBase64: /wA=\n')
    expect(text).toContain('outputBase64: "/wA="')
    expect(text).toContain('error: KAFKA_FIELD_UNDEFINED')
    expect(text).toContain('kafka:\n        - null\n        - { topic: x }')
    expect(text).toContain('errorAction:\n        kafka: { topic: errors }')
  })

  it('leaves alone what it cannot mend: an answer that is missing, a text of an explanation', async () => {
    const asking = ruleText("SELECT get_thing_shadow('x', 'arn:aws:iam::000000000000:role/r') AS s FROM 'a'")
    const directory = directoryOf({ 'rule.json': asking, 'rule.test.yaml': 'cases: [{topic: a}]' })
    const report = await runFile(loadTestFile(join(directory, 'rule.test.yaml'), newLibrary()))
    expect(report.results.flatMap(changesFor)).toEqual([])
  })
})
