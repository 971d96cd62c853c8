import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import {
  CoverageCollector,
  type CoverageReport,
  coverageReport,
  loadTestFile,
  rulesIn,
  runFile,
} from '../../src/testing/index.ts'
import { clientProperties, directoryOf, kafka, newLibrary, ruleText } from './files.ts'

async function coverageOf(rule: string, cases: string): Promise<CoverageReport> {
  const directory = directoryOf({ 'rule.json': rule, 'rule.test.yaml': `cases:\n${cases}` })
  const collector = new CoverageCollector()
  const file = loadTestFile(join(directory, 'rule.test.yaml'), newLibrary())
  for (const each of file.rules) collector.add(each)
  await runFile(file, { watch: (result) => collector.observe(result) })
  return coverageReport(collector.rules)
}

async function gapsOf(rule: string, ...messages: string[]): Promise<string[]> {
  const cases = messages.map((each) => `  - {topic: a, ${each}, expect: {}}\n`).join('')
  const { rules } = await coverageOf(rule, cases)
  return rules[0]!.uncovered.map(({ message, sqlLine, sqlColumn }) => `${sqlLine}:${sqlColumn} ${message}`)
}

describe('coverage', () => {
  it('asks for WHERE true and false', async () => {
    const rule = ruleText("SELECT * FROM 'a' WHERE t > 1")
    expect(await gapsOf(rule, 'payload: {t: 2}')).toEqual(['1:25 WHERE is never false'])
    expect(await gapsOf(rule, 'payload: {t: 1}')).toEqual(['1:25 WHERE is never true'])
    expect(await gapsOf(rule, 'payload: {}')).toEqual(['1:25 WHERE is never true'])
    expect(await gapsOf(rule, 'payload: {t: 2}', 'payload: {t: 1}')).toEqual([])
  })

  it('asks for a message that is selected, where there is no WHERE', async () => {
    const rule = ruleText("SELECT * FROM 'a'")
    expect(await gapsOf(rule, 'payload: 1')).toEqual([])
    const { rules } = await coverageOf(rule, '  - {topic: b, expect: {}}\n')
    expect(rules[0]!.uncovered).toMatchObject([{ kind: 'select', message: 'no message is selected' }])
  })

  it('asks for each part of AND and OR, true and false', async () => {
    const rule = ruleText("SELECT * FROM 'a' WHERE x > 1 AND (y OR z)")
    expect(await gapsOf(rule, 'payload: {x: 2, y: true, z: false}')).toEqual([
      '1:25 WHERE is never false',
      '1:25 this part of AND is never false',
      '1:36 this part of AND is never false',
      '1:36 this part of OR is never false',
      '1:41 this part of OR is never true',
    ])
    const all = ['{x: 2, y: true, z: false}', '{x: 1, y: false, z: false}', '{x: 2, y: false, z: true}']
    expect(await gapsOf(rule, ...all.map((each) => `payload: ${each}`))).toEqual([])
  })

  it('asks for every branch of CASE, also of one inside another', async () => {
    const rule = ruleText(
      "SELECT CASE n WHEN 1 THEN 'one' WHEN 2 THEN CASE ok WHEN true THEN 'good' ELSE 'bad' END ELSE 'many' END AS w FROM 'a'",
    )
    expect(await gapsOf(rule, 'payload: {n: 1}')).toEqual([
      '1:38 WHEN 2 is never taken',
      '1:95 ELSE is never taken',
      '1:58 WHEN true is never taken',
      '1:80 ELSE is never taken',
    ])
    const all = ['{n: 1}', '{n: 2, ok: true}', '{n: 2, ok: false}', '{n: 3}']
    expect(await gapsOf(rule, ...all.map((each) => `payload: ${each}`))).toEqual([])
  })

  it('asks for the WHERE of nested SELECT, and for what stands in SET', async () => {
    const rule = ruleText(
      "SET @x = CASE t WHEN 1 THEN 2 END SELECT (SELECT * FROM l WHERE v > @x) AS l FROM 'a'",
    )
    expect(await gapsOf(rule, 'payload: {t: 2, l: [{v: 1}]}')).toEqual([
      '1:22 WHEN 1 is never taken',
      '1:65 WHERE is never true',
    ])
    expect(await gapsOf(rule, 'payload: {t: 1, l: [{v: 3}, {v: 1}]}')).toEqual([])
  })

  it('asks for a value of every tag of a template', async () => {
    const rule = ruleText("SELECT * FROM 'a'", {
      actions: [kafka({ key: '${k}-${CASE n WHEN 1 THEN 2 ELSE 3 END}' })],
    })
    expect(await gapsOf(rule, 'payload: {n: 1}')).toEqual([
      '1:1 ${k} never has a value',
      '1:34 ELSE is never taken',
    ])
    expect(await gapsOf(rule, 'payload: {n: 1, k: x}', 'payload: {n: 2}')).toEqual([])
  })

  it('asks for the error action to run, and for its templates then', async () => {
    const rule = ruleText("SELECT * FROM 'a'", {
      actions: [kafka({})],
      errorAction: { kafka: { topic: 'errors', key: '${sourceip()}', clientProperties } },
    })
    expect(await gapsOf(rule, 'payload: 1')).toEqual([
      'undefined:undefined the error action never runs',
      '1:1 ${sourceip()} never has a value',
    ])
    expect(await gapsOf(rule, 'failing: [0]')).toEqual(['1:1 ${sourceip()} never has a value'])
    expect(await gapsOf(rule, 'failing: [0], sourceIp: 192.0.2.1')).toEqual([])
  })

  it('tells the place in the file, and counts', async () => {
    const rule = JSON.stringify(
      {
        ruleName: 'r',
        topicRulePayload: {
          sql: "SELECT * FROM 'a'\nWHERE t > 1",
          awsIotSqlVersion: '2016-03-23',
          actions: [],
        },
      },
      undefined,
      2,
    )
    const report = await coverageOf(rule, '  - {topic: a, payload: {t: 2}, expect: {}}\n')
    expect(report).toMatchObject({ covered: 1, total: 2, percent: 50 })
    expect(report.rules[0]!.uncovered).toEqual([
      {
        kind: 'where',
        message: 'WHERE is never false',
        path: 'topicRulePayload.sql',
        line: 4,
        column: 5,
        sqlLine: 2,
        sqlColumn: 7,
        sqlEndLine: 2,
        sqlEndColumn: 12,
      },
    ])
  })

  it('knows rules without tests, among files that hold other things', () => {
    const directory = directoryOf({
      'a.json': ruleText("SELECT * FROM 'a' WHERE t"),
      'message.json': '{"topic": "a", "sql": 5}',
      'big.yaml': 'sqlite: true',
    })
    const library = newLibrary()
    const files = ['a.json', 'message.json', 'big.yaml'].map((each) => join(directory, each))
    const collector = new CoverageCollector()
    for (const rule of rulesIn(files, library)) collector.add(rule)
    expect(coverageReport(collector.rules)).toMatchObject({
      percent: 0,
      rules: [{ rule: 'a', cases: 0, covered: 0, total: 2, uncovered: [] }],
    })
  })
})
