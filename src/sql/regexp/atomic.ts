import { type CodePoints } from './code-points.ts'
import { type Node, RegexpError } from './tree.ts'

/** The code points behind a node that always consumes exactly one; undefined for any other node. */
function singleSet(node: Node): CodePoints | undefined {
  switch (node.type) {
    case 'set':
      return node.set
    case 'group':
      return singleSet(node.body)
    case 'sequence':
      return node.items.length === 1 ? singleSet(node.items[0]!) : undefined
    case 'choice':
      return node.options.map(singleSet).reduce((a, b) => (a && b ? a.union(b) : undefined))
    default:
      return undefined
  }
}

/**
 * A possessive quantifier: it never gives back what it took. Over single code points that is a quantifier that no
 * further code point of the set may follow.
 */
export function possessive(body: Node, min: number, max: number): Node {
  const set = singleSet(body)
  if (set === undefined) {
    const construct = 'a possessive quantifier of more than one character at a time'
    return { type: 'atomic', body: { type: 'repeat', body, min, max, greedy: true }, construct }
  }
  const notNext: Node = { type: 'notNext', set }
  if (max === min) return { type: 'repeat', body, min, max, greedy: true }
  const longest = max === Infinity ? max : max - 1
  const open: Node = {
    type: 'sequence',
    items: [{ type: 'repeat', body, min, max: longest, greedy: true }, notNext],
  }
  if (max === Infinity) return open
  return { type: 'choice', options: [{ type: 'repeat', body, min: max, max, greedy: true }, open] }
}

/**
 * The tree without atomic nodes, where that makes no difference: nothing comes behind them that could fail, or there is
 * no other way through them. Throws a RegexpError for any other.
 * @param last whether nothing comes behind the node
 */
export function withoutAtomic(node: Node, last: boolean): Node {
  switch (node.type) {
    case 'atomic':
      if (last || !hasChoice(node.body)) return withoutAtomic(node.body, last)
      throw new RegexpError({ unsupported: node.construct })
    case 'sequence': {
      const end = node.items.length - 1
      return { ...node, items: node.items.map((item, index) => withoutAtomic(item, last && index === end)) }
    }
    case 'choice':
      return { ...node, options: node.options.map((option) => withoutAtomic(option, last)) }
    case 'group':
      return { ...node, body: withoutAtomic(node.body, last) }
    case 'repeat':
      return { ...node, body: withoutAtomic(node.body, last && node.max === 1) }
    default:
      return node
  }
}

/** True when backtracking could find another way through a node, one that ends elsewhere or sets other groups. */
function hasChoice(node: Node): boolean {
  switch (node.type) {
    case 'sequence':
      return node.items.some(hasChoice)
    case 'choice':
      return singleSet(node) === undefined
    case 'group':
      return hasChoice(node.body)
    case 'repeat':
      return hasChoice(node.body) || (node.min !== node.max && !isAssertion(node.body))
    default:
      return false
  }
}

function isAssertion(node: Node): boolean {
  return node.type === 'assertion' || (node.type === 'sequence' && node.items.every(isAssertion))
}
