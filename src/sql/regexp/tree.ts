import { type CodePoints } from './code-points.ts'

/** What a position in the text must be; the text is not consumed. */
export type Assertion =
  /** `\A`, and `^` without the flag m */
  | 'begin'
  /** `\z` */
  | 'end'
  /** `$` and `\Z`: the end, or before the line terminator that ends the text */
  | 'lastLineEnd'
  | 'lastUnixLineEnd'
  /** `^` and `$` with the flag m, and with the flag d as well */
  | 'lineBegin'
  | 'lineEnd'
  | 'unixLineBegin'
  | 'unixLineEnd'
  | 'wordBoundary'
  | 'noWordBoundary'
  /** The same with the flag U. */
  | 'unicodeWordBoundary'
  | 'noUnicodeWordBoundary'
  /** `\G`: where the last match ended */
  | 'lastMatchEnd'

/** A regular expression as a tree. */
export type Node =
  | { readonly type: 'set'; readonly set: CodePoints }
  | { readonly type: 'assertion'; readonly assertion: Assertion }
  /** The next code point, if there is one, is not in the set. */
  | { readonly type: 'notNext'; readonly set: CodePoints }
  | { readonly type: 'sequence'; readonly items: readonly Node[] }
  | { readonly type: 'choice'; readonly options: readonly Node[] }
  | { readonly type: 'group'; readonly index: number; readonly body: Node }
  | {
      readonly type: 'repeat'
      readonly body: Node
      readonly min: number
      readonly max: number
      readonly greedy: boolean
    }
  /** Never tries another way through its body; `construct` says in words what it was written as. */
  | { readonly type: 'atomic'; readonly body: Node; readonly construct: string }

export const EMPTY: Node = { type: 'sequence', items: [] }

/** A parsed pattern. */
export interface Tree {
  readonly root: Node
  readonly groupCount: number
  readonly groupNames: ReadonlyMap<string, number>
}

/** Why a pattern has no tree: Java refuses it too, or it uses (in words) what does not run in linear time. */
export type Refusal = { readonly malformed: string } | { readonly unsupported: string }

export class RegexpError extends Error {
  readonly refusal: Refusal

  constructor(refusal: Refusal) {
    super('malformed' in refusal ? refusal.malformed : refusal.unsupported)
    this.refusal = refusal
  }
}
