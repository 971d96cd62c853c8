import { type Diagnostic } from '../errors.ts'
import { compileRule, type CompiledRule, type CompileOptions } from '../rule/index.ts'

/** A rule document as the store holds it. */
export interface BookDocument {
  /** Identifies the document over edits: file and position in it. */
  readonly source: string
  /** Name for a document that has none. */
  readonly name: string | undefined
  readonly document: unknown
  /** The document's text: unchanged text is not compiled again. */
  readonly text: string
}

interface Entry {
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

/** Compiles rule documents and remembers the last good version of each: a bad document never takes a good rule down. */
export class RuleBook {
  readonly #options: CompileOptions
  #entries = new Map<string, Entry>()

  constructor(options: CompileOptions) {
    this.#options = options
  }

  /**
   * Takes the whole set of documents, returns the rules to run and a report for each document that changed.
   * `unreadable` tells sources whose file is there but cannot be read or parsed: their rules stay.
   */
  update(
    documents: readonly BookDocument[],
    unreadable: (source: string) => boolean = () => false,
  ): { rules: CompiledRule[]; reports: BookReport[] } {
    const entries = new Map<string, Entry>()
    const reports: BookReport[] = []
    for (const [source, entry] of this.#entries) if (unreadable(source)) entries.set(source, entry)
    for (const document of documents) {
      const previous = this.#entries.get(document.source)
      const entry = previous?.text === document.text ? previous : this.#compile(document, previous?.good)
      entries.set(document.source, entry)
      if (entry !== previous) reports.push(report(document.source, entry))
    }
    this.#entries = entries
    return { rules: this.#active(reports), reports }
  }

  #compile(document: BookDocument, good: CompiledRule | undefined): Entry {
    const options = document.name === undefined ? this.#options : { ...this.#options, name: document.name }
    const result = compileRule(document.document, options)
    return result.ok
      ? { text: document.text, rule: result.rule, diagnostics: result.warnings, good: result.rule }
      : { text: document.text, rule: undefined, diagnostics: result.diagnostics, good }
  }

  /** The rules that run; of two documents with one rule name the first wins and the second is reported. */
  #active(reports: BookReport[]): CompiledRule[] {
    const byName = new Map<string, CompiledRule>()
    for (const [source, { good }] of this.#entries) {
      if (good === undefined || good.disabled) continue
      if (!byName.has(good.name)) byName.set(good.name, good)
      else {
        const message = `Another document already defines rule "${good.name}"; this one is not active. Rename one of them.`
        const fault: Diagnostic = { code: 'RULE_NAME_TAKEN', severity: 'error', message, path: 'ruleName' }
        reports.push({ source, rule: good.name, diagnostics: [fault], keptPrevious: false })
      }
    }
    return [...byName.values()]
  }
}

function report(source: string, entry: Entry): BookReport {
  const { rule, good, diagnostics } = entry
  return {
    source,
    rule: (rule ?? good)?.name,
    diagnostics,
    keptPrevious: rule === undefined && good !== undefined,
  }
}
