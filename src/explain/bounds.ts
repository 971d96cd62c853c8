/** Bounds of an explanation, which is for people to read. */
export const bounds = {
  /** Elements of a nested SELECT that are shown. */
  elements: 20,
  /** Evaluations kept while a rule runs; more than a statement without nested SELECTs has. */
  recorded: 200_000,
  /** Sub-expressions shown. */
  nodes: 2000,
  /** Characters of all texts together. */
  characters: 512 * 1024,
  /** Characters of one value. */
  preview: 1000,
  /** Levels of a tree that are drawn as text. */
  levels: 24,
  /** Characters of one piece of source text. */
  source: 300,
} as const

/** What is left of the bounds for one explanation. */
export class Allowance {
  #nodes: number = bounds.nodes
  #characters: number = bounds.characters

  get isSpent(): boolean {
    return this.#nodes <= 0 || this.#characters <= 0
  }

  spend(characters: number): void {
    this.#nodes -= 1
    this.#characters -= characters
  }
}
