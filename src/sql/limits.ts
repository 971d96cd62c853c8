/** Bounds on what is read from rule documents; each is far above what AWS itself takes. */
export const limits = {
  /** Characters of a statement or expression. AWS bounds the whole rule at 256 KB (CreateTopicRule). */
  length: 256 * 1024,
  tokens: 50_000,
  /** Open brackets and CASE at one time. */
  nesting: 128,
  /** Depth of the syntax tree, chains of one operator included. */
  depth: 1000,
  /** Tokens of a faulty text up to which its sound parts are looked at too. */
  recovered: 2000,
  /** Findings reported for one text. */
  findings: 20,
} as const
