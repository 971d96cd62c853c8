import { RE2JS } from 're2js'
import { type CodePoints, LAST } from './code-points.ts'
import { isTerminator } from './assertions.ts'
import { type Assertion, type Node, type Tree } from './tree.ts'

/** Longest pattern for RE2; longer ones are left to the machine. */
const LONGEST = 20_000

/** Texts to which the RE2 form of a pattern gives the same answer as Java. */
type Needs = 'noLastTerminator' | 'noTerminator' | 'ascii'

/** A pattern for RE2, which is faster than the machine but knows no line terminator other than the line feed. */
export class Re2 {
  readonly #regexp: RE2JS
  readonly #needs: ReadonlySet<Needs>

  private constructor(regexp: RE2JS, needs: ReadonlySet<Needs>) {
    this.#regexp = regexp
    this.#needs = needs
  }

  /** Undefined for a pattern that RE2 cannot have. */
  static of({ root }: Tree): Re2 | undefined {
    const needs = new Set<Needs>()
    const source = textOf(root, needs)
    if (source === undefined || source.length > LONGEST) return undefined
    try {
      return new Re2(RE2JS.compile(source), needs)
    } catch {
      return undefined
    }
  }

  /** True for a text with which RE2 agrees with Java. */
  takes(text: string): boolean {
    const needs = this.#needs
    if (needs.size === 0) return true
    if (needs.has('ascii') && /[^\0-\x7f]/.test(text)) return false
    if (needs.has('noTerminator')) return text !== '' && !/[\n\r\x85\u2028\u2029]/.test(text)
    return !needs.has('noLastTerminator') || text === '' || !isTerminator(text.charCodeAt(text.length - 1))
  }

  test(text: string): boolean {
    return this.#regexp.test(text)
  }

  first(text: string): string | undefined {
    const matcher = this.#regexp.matcher(text)
    return matcher.find() ? (matcher.group() ?? undefined) : undefined
  }
}

const spellings: Readonly<Partial<Record<Assertion, readonly [string, Needs?]>>> = {
  begin: ['\\A'],
  end: ['\\z'],
  lastLineEnd: ['\\z', 'noLastTerminator'],
  lastUnixLineEnd: ['\\z', 'noLastTerminator'],
  lineBegin: ['\\A', 'noTerminator'],
  unixLineBegin: ['\\A', 'noTerminator'],
  lineEnd: ['\\z', 'noTerminator'],
  unixLineEnd: ['\\z', 'noTerminator'],
  wordBoundary: ['\\b', 'ascii'],
  noWordBoundary: ['\\B', 'ascii'],
}

function textOf(node: Node, needs: Set<Needs>): string | undefined {
  switch (node.type) {
    case 'set':
      return setText(node.set)
    case 'assertion': {
      const [text, need] = spellings[node.assertion] ?? []
      if (need !== undefined) needs.add(need)
      return text
    }
    case 'notNext':
    case 'atomic':
      return undefined
    case 'sequence':
      return joined(node.items, '', needs)
    case 'choice':
      return wrapped(joined(node.options, '|', needs))
    case 'group':
      return wrapped(textOf(node.body, needs))
    case 'repeat': {
      const body = wrapped(textOf(node.body, needs))
      const max = node.max === Infinity ? '' : node.max
      return body === undefined ? undefined : `${body}{${node.min},${max}}${node.greedy ? '' : '?'}`
    }
  }
}

function wrapped(text: string | undefined): string | undefined {
  return text === undefined ? undefined : `(?:${text})`
}

function joined(nodes: readonly Node[], separator: string, needs: Set<Needs>): string | undefined {
  let length = 0
  const texts: string[] = []
  for (const node of nodes) {
    const text = textOf(node, needs)
    length += text?.length ?? LONGEST
    if (text === undefined || length > LONGEST) return undefined
    texts.push(text)
  }
  return texts.join(separator)
}

function setText({ bounds }: CodePoints): string | undefined {
  if (bounds.length > LONGEST / 10) return undefined
  if (bounds.length === 0) return `[^\\x{0}-\\x{${LAST.toString(16)}}]`
  let text = ''
  for (let at = 0; at < bounds.length; at += 2) text += `${hex(bounds[at]!)}-${hex(bounds[at + 1]!)}`
  return `[${text}]`
}

function hex(codePoint: number): string {
  return `\\x{${codePoint.toString(16)}}`
}
