import { readFileSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { type Diagnostic } from '../errors.ts'
import { isAwsCase, loadAwsCases } from './aws-cases.ts'
import { type CaseContext, makeCase } from './cases.ts'
import { readTestDocument, type TestDocument, valueAt } from './document.ts'
import { checkTestFile } from './issues.ts'
import { type FileFault, type RuleLibrary, rulesOf, type TestedRule } from './rules.ts'
import { type TestFileData } from './schema.ts'
import { type TestCase, type TestFile } from './test-file.ts'

const MAX_TEST_FILE = 64 * 1024 * 1024

/** Reads a test file and the rules it is for; what is wrong is told in `faults`. Never throws. */
export function loadTestFile(file: string, library: RuleLibrary): TestFile {
  const read = textOf(file)
  if (typeof read !== 'string') return broken(file, [{ ...read, file }])
  const parsed = readTestDocument(file, read)
  if (!parsed.ok)
    return broken(
      file,
      parsed.faults.map((each) => ({ ...each, file })),
    )
  const { document } = parsed
  const { plain } = document
  if (isAwsCase(plain) || (Array.isArray(plain) && plain.length > 0 && plain.every(isAwsCase))) {
    return loadAwsCases(file, document, library)
  }
  return loadCases(file, document, library)
}

/** The text of a file, or what is wrong with it. */
export function textOf(file: string): string | Diagnostic {
  try {
    if (statSync(file).size > MAX_TEST_FILE) return unreadable(`${file} is larger than 64 MiB.`)
    return readFileSync(file, 'utf8')
  } catch (error) {
    return unreadable(`${file} cannot be read: ${(error as Error).message}.`)
  }
}

function loadCases(file: string, document: TestDocument, library: RuleLibrary): TestFile {
  const isList = Array.isArray(document.plain)
  const prefix = isList ? ['cases'] : []
  const checked = checkTestFile(isList ? { cases: document.plain } : document.plain, document, prefix)
  if (!('data' in checked))
    return broken(
      file,
      checked.faults.map((each) => ({ ...each, file })),
    )
  const { data } = checked
  const found = rulesFor(file, data, document, library)
  const sources = [file, ...found.files]
  if ('faults' in found) return { ...broken(file, found.faults), sources }
  const context: CaseContext = {
    file,
    rules: found.rules,
    defaults: data.defaults ?? {},
    exactDefaults: valueAt(document.value, ['defaults']),
  }
  const faults: FileFault[] = []
  const cases = data.cases.flatMap((each, index): TestCase[] => {
    const steps = isList ? [index] : ['cases', index]
    const made = makeCase(each, valueAt(document.value, steps), index, document.locate(steps), context)
    if (each.payloadFile !== undefined) sources.push(join(dirname(file), each.payloadFile))
    if (made.ok) return [made.case]
    faults.push(...made.faults.map((fault) => located(fault, file, steps, document)))
    return []
  })
  return { file, cases, rules: found.rules, faults, sources, isList }
}

function rulesFor(
  file: string,
  { sql, awsIotSqlVersion = '2016-03-23', rule = [] }: TestFileData,
  document: TestDocument,
  library: RuleLibrary,
): ReturnType<typeof rulesOf> {
  if (sql === undefined) {
    const found = rulesOf(file, [rule].flat(), library)
    if (!('faults' in found)) return found
    const faults = found.faults.map((fault) =>
      fault.file === file ? located(fault, file, [], document) : fault,
    )
    return { ...found, faults }
  }
  if ([rule].flat().length > 0) {
    const fault = invalid('sql and rule exclude each other: a file is for one of them.')
    return { faults: [{ ...fault, ...document.locate(['sql']), file }], files: [] }
  }
  const compiled = library.compile({ sql, awsIotSqlVersion, actions: [] }, file, 'rule')
  if (compiled.rule !== undefined) return { rules: [compiled], files: [] }
  const faults = compiled.faults.map((fault) => ({ ...fault, ...document.locate([fault.path ?? 'sql']) }))
  return { faults, files: [] }
}

function located(
  fault: Diagnostic,
  file: string,
  steps: readonly (string | number)[],
  document: TestDocument,
): FileFault {
  const key = fault.path === undefined || fault.path === '' ? [] : fault.path.split('.')
  return { ...fault, ...document.locate([...steps, ...key]), file }
}

export function broken(
  file: string,
  faults: readonly FileFault[],
  rules: readonly TestedRule[] = [],
): TestFile {
  return { file, cases: [], rules, faults, sources: [file], isList: false }
}

export function invalid(message: string, path?: string): Diagnostic {
  return { code: 'TEST_INVALID', severity: 'error', message, ...(path !== undefined && { path }) }
}

function unreadable(message: string): Diagnostic {
  return { code: 'TEST_UNREADABLE', severity: 'error', message }
}
