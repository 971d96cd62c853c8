import { type Diagnostic } from '../../errors.ts'
import { readDocuments, type UnreadDocument } from '../../store/index.ts'

/** A rule in a file, whatever form the file has. */
export interface RuleSource {
  readonly file: string
  /** Counts from 0. */
  readonly index: number
  /** Of the document, else what the file gives it; undefined where neither does. */
  readonly name: string | undefined
  /** In a form that `compileRule` takes. */
  readonly document: unknown
  /** What is to be said of it before it is compiled. */
  readonly diagnostics: readonly Diagnostic[]
  /** The diagnostic with its place, and its path, in the file; undefined where it does not apply. */
  place(diagnostic: Diagnostic): Diagnostic
}

export interface RuleSources {
  readonly rules: readonly RuleSource[]
  readonly unread: readonly UnreadDocument[]
}

/** Reads the rules of a file's text. Never throws. */
export function readRules(file: string, text: string): RuleSources {
  const { documents, unread } = readDocuments(file, text)
  const rules = documents.map(({ index, name, document, locate }): RuleSource => ({
    file,
    index,
    name: givenName(document) ?? (file === '-' ? undefined : name),
    document,
    diagnostics: [],
    place: (diagnostic) => ({ ...diagnostic, ...locate(diagnostic.path ?? '') }),
  }))
  return { rules, unread }
}

/** The name that a faulty document gives itself. */
function givenName(document: unknown): string | undefined {
  const { ruleName, rule } = (document ?? {}) as { ruleName?: unknown; rule?: { ruleName?: unknown } }
  const name = ruleName ?? rule?.ruleName
  return typeof name === 'string' ? name : undefined
}
