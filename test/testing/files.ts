import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { onTestFinished } from 'vitest'
import {
  type CaseResult,
  type FileFault,
  loadTestFile,
  RuleLibrary,
  runFile,
  serviceNames,
} from '../../src/testing/index.ts'

/** Writes files into a directory of their own, which goes when the test ends. */
export function directoryOf(files: Readonly<Record<string, string>>): string {
  const directory = mkdtempSync(join(tmpdir(), 'topicrule-test-'))
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }))
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(directory, name)), { recursive: true })
    writeFileSync(join(directory, name), text)
  }
  return directory
}

export function newLibrary(): RuleLibrary {
  const services = Object.fromEntries(serviceNames.map((name) => [name, () => null]))
  return new RuleLibrary({ extensions: ['PLAINTEXT'], services })
}

export const clientProperties = {
  acks: 'all',
  'bootstrap.servers': 'localhost:9092',
  'security.protocol': 'PLAINTEXT',
}

/** A rule document as JSON text. */
export function ruleText(sql: string, rest: Readonly<Record<string, unknown>> = {}): string {
  return JSON.stringify({ sql, awsIotSqlVersion: '2016-03-23', actions: [], ...rest }, undefined, 2)
}

export function kafka(fields: Readonly<Record<string, unknown>>): unknown {
  return { kafka: { topic: 'out', clientProperties, ...fields } }
}

export interface Ran {
  readonly results: readonly CaseResult[]
  readonly faults: readonly FileFault[]
  /** What was not met, case by case. */
  readonly messages: readonly (readonly string[])[]
}

/** Runs the test file `rule.test.yaml` (or another one) beside `rule.json`. */
export async function runTests(
  rule: string,
  tests: string,
  name = 'rule.test.yaml',
  others: Readonly<Record<string, string>> = {},
): Promise<Ran> {
  const directory = directoryOf({ 'rule.json': rule, [name]: tests, ...others })
  const report = await runFile(loadTestFile(join(directory, name), newLibrary()))
  const messages = report.results.map(({ mismatches }) => mismatches.map((each) => each.message))
  return { results: report.results, faults: report.faults, messages }
}

/** The messages of one case with this expectation (YAML, in flow style). */
export async function unmetOf(
  rule: string,
  message: string,
  expectation: string,
): Promise<readonly string[]> {
  const { messages, faults } = await runTests(rule, `cases:\n  - {${message}, expect: ${expectation}}\n`)
  if (faults.length > 0) throw new Error(JSON.stringify(faults))
  return messages[0]!
}
