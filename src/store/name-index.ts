import { type StoredDocument } from './documents.ts'

/** Finds documents by the name of their rule. */
export class NameIndex {
  readonly #documents = new Map<string, StoredDocument[]>()
  /** Undefined when it has to be made again. */
  #sorted: readonly string[] | undefined

  named(name: string): readonly StoredDocument[] {
    return this.#documents.get(name) ?? []
  }

  /** Every name, in order. */
  sorted(): readonly string[] {
    return (this.#sorted ??= [...this.#documents.keys()].sort())
  }

  /** Takes the documents that a file has now in place of those that it had. */
  change(before: readonly StoredDocument[], now: readonly StoredDocument[]): void {
    for (const document of before) this.#drop(document)
    for (const document of now) this.#add(document)
  }

  #add(document: StoredDocument): void {
    const { ruleName } = document
    if (ruleName === undefined) return
    const known = this.#documents.get(ruleName)
    if (known === undefined) this.#sorted = undefined
    this.#documents.set(ruleName, [...(known ?? []), document].sort(byPlace))
  }

  #drop(document: StoredDocument): void {
    const { ruleName } = document
    if (ruleName === undefined) return
    const left = this.named(ruleName).filter(({ source }) => source !== document.source)
    if (left.length > 0) this.#documents.set(ruleName, left)
    else if (this.#documents.delete(ruleName)) this.#sorted = undefined
  }
}

function byPlace(a: StoredDocument, b: StoredDocument): number {
  if (a.file !== b.file) return a.file < b.file ? -1 : 1
  return a.index - b.index
}
