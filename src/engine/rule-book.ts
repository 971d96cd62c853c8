import { type Diagnostic } from '../errors.ts'
import { compileRule, type CompiledRule, type CompileOptions, type CompileResult } from '../rule/index.ts'

/** A rule document as the store holds it. */
export interface BookDocument {
  /** Identifies the document over edits: file, `#` and position in it. */
  readonly source: string
  /** Name for a document that has none. */
  readonly name: string | undefined
  readonly document: unknown
  /** The document's text: unchanged text is not compiled again. */
  readonly text: string
}

interface Entry {
  readonly source: string
  readonly text: string
  readonly rule: CompiledRule | undefined
  readonly diagnostics: readonly Diagnostic[]
  /** The last version that compiled; stays active while a newer one is faulty. */
  readonly good: CompiledRule | undefined
}

export interface BookReport {
  readonly source: string
  readonly rule: string | undefined
  readonly diagnostics: readonly Diagnostic[]
  /** True when an older version of the rule stays active because this one is faulty. */
  readonly keptPrevious: boolean
}

/** What a change of documents means. */
export interface BookChange {
  /** Rules to run from here on, by name; undefined: none of that name runs any more. */
  readonly rules: ReadonlyMap<string, CompiledRule | undefined>
  /** One for each document that changed, and for each whose name another has. */
  readonly reports: readonly BookReport[]
}

const MAX_PREPARED = 1_000

/** Compiles rule documents and remembers the last good version of each: a bad document never takes a good rule down. */
export class RuleBook {
  readonly #options: CompileOptions
  readonly #entries = new Map<string, Entry>()
  /** Sources of the documents of a name, in the order of their files. */
  readonly #sources = new Map<string, string[]>()
  /** The rule that runs, by name. */
  readonly #running = new Map<string, Entry>()
  readonly #prepared = new Map<string, CompileResult>()

  constructor(options: CompileOptions) {
    this.#options = options
  }

  /** The source of the rule that runs under a name. */
  sourceOf(name: string): string | undefined {
    return this.#running.get(name)?.source
  }

  /** The rule of a document, also one that does not run; undefined while none of its versions was good. */
  ruleOf(source: string): CompiledRule | undefined {
    return this.#entries.get(source)?.good
  }

  /** Every rule that runs. */
  running(): readonly CompiledRule[] {
    return [...this.#running.values()].map(({ good }) => good!)
  }

  /** Compiles a document ahead of the change that will bring it, which then costs nothing more. */
  prepare(document: Omit<BookDocument, 'source'>): CompileResult {
    const result = this.#compile(document)
    if (this.#prepared.size >= MAX_PREPARED) this.#prepared.clear()
    if (result.ok) this.#prepared.set(keyOf(document), result)
    return result
  }

  /** Takes documents that are new or different, and the sources of those that are gone. */
  change(changed: readonly BookDocument[], removed: readonly string[]): BookChange {
    const reports: BookReport[] = []
    const names = new Set<string>()
    for (const source of removed) this.#drop(source, names)
    for (const document of changed) {
      const previous = this.#entries.get(document.source)
      if (previous?.text === document.text) continue
      const entry = this.#entryOf(document, previous?.good)
      this.#drop(document.source, names)
      this.#add(entry, names)
      reports.push(report(entry))
    }
    const rules = new Map<string, CompiledRule | undefined>()
    for (const name of names) {
      const before = this.#running.get(name)
      const entry = this.#choose(name, reports)
      if (entry === undefined) this.#running.delete(name)
      else this.#running.set(name, entry)
      if (entry?.good !== before?.good) rules.set(name, entry?.good)
    }
    return { rules, reports }
  }

  #entryOf(document: BookDocument, good: CompiledRule | undefined): Entry {
    const { source, text } = document
    const key = keyOf(document)
    const result = this.#prepared.get(key) ?? this.#compile(document)
    this.#prepared.delete(key)
    return result.ok
      ? { source, text, rule: result.rule, diagnostics: result.warnings, good: result.rule }
      : { source, text, rule: undefined, diagnostics: result.diagnostics, good }
  }

  #compile({ name, document }: Omit<BookDocument, 'source'>): CompileResult {
    return compileRule(document, name === undefined ? this.#options : { ...this.#options, name })
  }

  #add(entry: Entry, names: Set<string>): void {
    this.#entries.set(entry.source, entry)
    const name = entry.good?.name
    if (name === undefined) return
    names.add(name)
    this.#sources.set(name, [...(this.#sources.get(name) ?? []), entry.source].sort(bySource))
  }

  #drop(source: string, names: Set<string>): void {
    const name = this.#entries.get(source)?.good?.name
    this.#entries.delete(source)
    if (name === undefined) return
    names.add(name)
    const left = this.#sources.get(name)!.filter((each) => each !== source)
    if (left.length === 0) this.#sources.delete(name)
    else this.#sources.set(name, left)
  }

  /** Of documents with one rule name the first that is enabled runs, and the others are reported. */
  #choose(name: string, reports: BookReport[]): Entry | undefined {
    const enabled = (this.#sources.get(name) ?? [])
      .map((source) => this.#entries.get(source)!)
      .filter(({ good }) => !good!.disabled)
    for (const { source } of enabled.slice(1)) {
      const message = `Another document already defines rule "${name}"; this one is not active. Rename one of them.`
      const fault: Diagnostic = { code: 'RULE_NAME_TAKEN', severity: 'error', message, path: 'ruleName' }
      reports.push({ source, rule: name, diagnostics: [fault], keptPrevious: false })
    }
    return enabled[0]
  }
}

function keyOf({ name, text }: Omit<BookDocument, 'source'>): string {
  return `${name ?? ''}\0${text}`
}

/** Files by name, documents of one file by position. */
function bySource(a: string, b: string): number {
  const [fileA, fileB] = [a.slice(0, a.lastIndexOf('#')), b.slice(0, b.lastIndexOf('#'))]
  if (fileA !== fileB) return fileA < fileB ? -1 : 1
  return Number(a.slice(fileA.length + 1)) - Number(b.slice(fileB.length + 1))
}

function report({ source, rule, good, diagnostics }: Entry): BookReport {
  return {
    source,
    rule: (rule ?? good)?.name,
    diagnostics,
    keptPrevious: rule === undefined && good !== undefined,
  }
}
