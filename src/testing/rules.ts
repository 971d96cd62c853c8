import { existsSync, readFileSync, statSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { compileRule, type CompileOptions, type Rule } from '../dryrun/index.ts'
import { type Diagnostic } from '../errors.ts'
import { nearest } from '../nearest.ts'
import { fieldOf, readDocuments, type StoredDocument } from '../store/index.ts'

/** A diagnostic in a file; `document` is what its path leads into. */
export interface FileFault extends Diagnostic {
  readonly file: string
  readonly document?: unknown
}

/** A rule that can be tested, or what is wrong with it. */
export interface TestedRule {
  readonly name: string
  readonly file: string
  /** Absent when it does not compile. */
  readonly rule?: Rule
  /** Absent for a statement that stands in a test file. */
  readonly stored?: StoredDocument
  readonly faults: readonly FileFault[]
}

export interface RuleFile {
  readonly rules: readonly TestedRule[]
  /** What cannot be read. */
  readonly faults: readonly FileFault[]
}

/** The endings of rule files, in the order in which the rule of a test is looked for. */
const ENDINGS = ['.json', '.yaml', '.yml']

/** Rule files, each read and compiled once. */
export class RuleLibrary {
  readonly #options: CompileOptions
  readonly #files = new Map<string, RuleFile>()

  constructor(options: CompileOptions) {
    this.#options = options
  }

  load(file: string): RuleFile {
    const key = resolve(file)
    const known = this.#files.get(key) ?? this.#read(file)
    this.#files.set(key, known)
    return known
  }

  /** A rule for a statement by itself. */
  compile(document: unknown, file: string, name: string): TestedRule {
    const compiled = compileRule(document, { ...this.#options, name })
    if (compiled.ok) return { name, file, rule: compiled.rule, faults: [] }
    return { name, file, faults: compiled.diagnostics.map((each) => ({ ...each, file, document })) }
  }

  #read(file: string): RuleFile {
    let text: string
    try {
      text = readFileSync(file, 'utf8')
    } catch (error) {
      return { rules: [], faults: [{ ...missing(`${file} cannot be read: ${String(error)}.`), file }] }
    }
    const { documents, unread } = readDocuments(file, text)
    return {
      rules: documents.map((stored) => this.#compileStored(stored)),
      faults: unread.flatMap(({ diagnostics }) => diagnostics.map((each) => ({ ...each, file }))),
    }
  }

  #compileStored(stored: StoredDocument): TestedRule {
    const { file, document } = stored
    const compiled = compileRule(document, { ...this.#options, name: stored.name ?? 'rule' })
    if (compiled.ok) return { name: compiled.rule.name, file, rule: compiled.rule, stored, faults: [] }
    const name = fieldOf(document, 'ruleName') ?? fieldOf(document, 'rule.ruleName') ?? stored.name
    const faults = compiled.diagnostics.map((each) => {
      return { ...each, ...stored.locate(each.path ?? ''), file, document }
    })
    return { name: typeof name === 'string' ? name : 'rule', file, stored, faults }
  }
}

export type RulesResult =
  | { readonly rules: readonly TestedRule[]; readonly files: readonly string[] }
  | { readonly faults: readonly FileFault[]; readonly files: readonly string[] }

/** The rules of a test file: those it names, else that of the same name beside it. */
export function rulesOf(file: string, named: readonly string[], library: RuleLibrary): RulesResult {
  const references = named.length > 0 ? named : besides(file)
  if (references.length === 0) {
    const stem = basename(file).replace(/\.test\.[a-z]+$/, '')
    const message = `${file} names no rule, and there is no ${stem}.json, ${stem}.yaml or ${stem}.yml beside it.`
    return { faults: [{ ...missing(message), file }], files: [] }
  }
  const rules: TestedRule[] = []
  const faults: FileFault[] = []
  const files: string[] = []
  for (const reference of references) {
    const [path = '', name] = reference.split('#')
    const ruleFile = join(dirname(file), path)
    files.push(ruleFile)
    const found = existsSync(ruleFile)
      ? library.load(ruleFile)
      : { rules: [], faults: [{ ...missing(`There is no rule file ${ruleFile}.`), file, path: 'rule' }] }
    faults.push(...found.faults)
    const chosen = name === undefined ? found.rules : found.rules.filter((each) => each.name === name)
    if (name !== undefined && chosen.length === 0 && found.faults.length === 0) {
      faults.push({ ...noSuchRule(name, found.rules, ruleFile), file, path: 'rule' })
    }
    rules.push(...chosen)
  }
  faults.push(...rules.flatMap((each) => each.faults))
  return faults.length > 0 ? { faults, files } : { rules, files }
}

/** What to say of a rule's name that is none of the rules. */
export function noSuchRule(name: string, rules: readonly TestedRule[], where: string): Diagnostic {
  const names = rules.map((each) => each.name)
  const guess = nearest(name, names)
  const hint = guess === undefined ? `It has ${names.join(', ')}.` : `Did you mean "${guess}"?`
  return { ...missing(`${where} has no rule "${name}".`), hint }
}

/** The rules in files of which some hold other things than rules; those are passed over. */
export function rulesIn(files: readonly string[], library: RuleLibrary): readonly TestedRule[] {
  return files
    .filter((file) => mayHoldRule(file))
    .flatMap((file) => library.load(file).rules)
    .filter(({ stored }) => stored !== undefined && isRuleDocument(stored.document))
}

const MAX_RULE_FILE = 1024 * 1024

function mayHoldRule(file: string): boolean {
  try {
    return statSync(file).size <= MAX_RULE_FILE && /\bsql\b/.test(readFileSync(file, 'utf8'))
  } catch {
    return false
  }
}

function isRuleDocument(document: unknown): boolean {
  return ['sql', 'topicRulePayload.sql', 'rule.sql'].some(
    (path) => typeof fieldOf(document, path) === 'string',
  )
}

function besides(file: string): string[] {
  const stem = file.replace(/\.test\.[a-z]+$/, '')
  if (stem === file) return []
  const found = ENDINGS.map((ending) => `${stem}${ending}`).find((path) => existsSync(path))
  return found === undefined ? [] : [basename(found)]
}

function missing(message: string): Diagnostic {
  return { code: 'TEST_RULE_MISSING', severity: 'error', message }
}
