import { basename, extname } from 'node:path'
import { type TestDocument } from './document.ts'
import { type FileFault, type RuleLibrary } from './rules.ts'
import { type TestCase, type TestFile } from './test-file.ts'

/** A case of AWS's validation tool for rules (aws-iot-builder-tools/validation-tool-for-aws-iot-rules). */
interface AwsCase {
  readonly sqlVersion?: string
  readonly topic: string
  readonly inputPayload: unknown
  readonly inputSql: string
  readonly expectedOutput: unknown
}

const REQUIRED = ['topic', 'inputPayload', 'inputSql', 'expectedOutput'] as const

/** Whether a document is meant as such a case: its statement has a key that nothing else has. */
export function isAwsCase(data: unknown): data is AwsCase {
  return typeof data === 'object' && data !== null && Object.hasOwn(data, 'inputSql')
}

/**
 * Runs as the tool does: a payload that is no text is sent as JavaScript writes it, so numbers are doubles; the
 * output must be the expected text character by character, or that of the expected JSON in JavaScript's form.
 */
export function loadAwsCases(file: string, document: TestDocument, library: RuleLibrary): TestFile {
  const given = document.plain
  const list = Array.isArray(given)
  const cases: TestCase[] = []
  const faults: FileFault[] = []
  for (const [index, each] of ((list ? given : [given]) as AwsCase[]).entries()) {
    const steps = list ? [index] : []
    const found = [...missingKeys(each), ...wrongKeys(each)]
    const place = { ...document.locate(steps), file }
    faults.push(...found.map((fault) => ({ ...fault, ...place })))
    if (found.length > 0) continue
    const { sqlVersion = '2016-03-23', topic, inputSql, inputPayload, expectedOutput } = each
    const compiled = library.compile(
      { sql: inputSql, awsIotSqlVersion: sqlVersion, actions: [] },
      file,
      'rule',
    )
    faults.push(
      ...compiled.faults.map((fault) => ({
        ...fault,
        ...document.locate([...steps, fault.path === 'sql' ? 'inputSql' : 'sqlVersion']),
      })),
    )
    if (compiled.rule === undefined) continue
    cases.push({
      name: list ? `${index + 1}: ${topic}` : basename(file, extname(file)),
      index,
      position: document.locate(steps),
      rule: compiled,
      message: { topic, payload: textOf(inputPayload), clientId: 'test-client' },
      seed: 0,
      accountId: undefined,
      secrets: new Map(),
      answers: new Map(),
      failing: [],
      skip: false,
      expect: undefined,
      expectText: textOf(expectedOutput),
    })
  }
  return { file, cases, rules: cases.map((each) => each.rule), faults, sources: [file], isList: list }
}

function textOf(data: unknown): string {
  return typeof data === 'string' ? data : JSON.stringify(data)
}

function missingKeys(given: AwsCase): Omit<FileFault, 'file'>[] {
  return REQUIRED.filter((key) => !Object.hasOwn(given, key)).map((key) => ({
    code: 'TEST_INVALID',
    severity: 'error',
    message: `A case of AWS's validation tool needs ${key}.`,
  }))
}

/** Other keys are notes of whoever wrote the case. */
function wrongKeys(given: AwsCase): Omit<FileFault, 'file'>[] {
  const texts = (['topic', 'inputSql', 'sqlVersion'] as const).filter(
    (key) => given[key] !== undefined && typeof given[key] !== 'string',
  )
  return texts.map((key) => ({ code: 'TEST_INVALID', severity: 'error', message: `${key} must be a text.` }))
}
