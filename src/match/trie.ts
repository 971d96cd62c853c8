/**
 * Topic filters by level. A lookup visits only the nodes that agree with the topic so far, so its cost depends on
 * the topic's levels and on how many filters match, not on how many there are.
 *
 *   root ─ sensors ─ + ─ temperature ●        'sensors/+/temperature'
 *        │         └ #●                       'sensors/#'
 *        └ + ─ state ●                        '+/state'
 *
 * Matching is AWS's: `sensors/#` does not match `sensors`, `+` stands for exactly one level (which may be empty),
 * and case counts. A leading `#` or `+` does not match a topic that begins with `$` (MQTT 5.0 section 4.7.2; AWS
 * does not say, and reports about `$aws/things` differ): name `$aws` to receive those.
 * Source: https://docs.aws.amazon.com/iot/latest/developerguide/topics.html#topicfilters
 */
interface Node<T> {
  children: Map<string, Node<T>> | undefined
  plus: Node<T> | undefined
  /** Items of filters that end here. */
  items: T[] | undefined
  /** Items of filters that go on with `#` from here. */
  rest: T[] | undefined
}

const DOLLAR = 36

/** Holds items under topic filters and finds those whose filter matches a topic. */
export class TopicTrie<T> {
  readonly #root: Node<T> = newNode()
  #size = 0

  /** Number of items added. */
  get size(): number {
    return this.#size
  }

  /** Adds an item; the filter must have passed `checkFilter`. The same filter may hold many items. */
  add(filter: string, item: T): void {
    this.#size += 1
    let node = this.#root
    for (const level of filter.split('/')) {
      if (level === '#') {
        ;(node.rest ??= []).push(item)
        return
      }
      node = level === '+' ? (node.plus ??= newNode()) : childOf(node, level)
    }
    ;(node.items ??= []).push(item)
  }

  /** Takes an item out again; false when the filter does not hold it. */
  remove(filter: string, item: T): boolean {
    const removed = removeFrom(this.#root, filter.split('/'), 0, item)
    if (removed) this.#size -= 1
    return removed
  }

  /** Returns the items whose filter matches, each filter's in the order of `add`. */
  match(topic: string): T[] {
    const found: T[] = []
    descend(this.#root, topic, 0, topic.charCodeAt(0) === DOLLAR, (item) => void found.push(item))
    return found
  }

  /** Calls `visit` for each item whose filter matches. */
  forEach(topic: string, visit: (item: T) => void): void {
    descend(this.#root, topic, 0, topic.charCodeAt(0) === DOLLAR, visit)
  }
}

/** `reserved`: wildcards at this level must not match, because the topic begins with `$`. */
function descend<T>(
  node: Node<T>,
  topic: string,
  start: number,
  reserved: boolean,
  visit: (item: T) => void,
): void {
  if (!reserved) visitAll(node.rest, visit)
  const slash = topic.indexOf('/', start)
  const child = node.children?.get(topic.slice(start, slash === -1 ? undefined : slash))
  const plus = reserved ? undefined : node.plus
  if (slash === -1) {
    visitAll(child?.items, visit)
    visitAll(plus?.items, visit)
    return
  }
  if (child !== undefined) descend(child, topic, slash + 1, false, visit)
  if (plus !== undefined) descend(plus, topic, slash + 1, false, visit)
}

function visitAll<T>(items: readonly T[] | undefined, visit: (item: T) => void): void {
  if (items !== undefined) for (const item of items) visit(item)
}

/** Removes nodes that hold nothing any more on the way back. */
function removeFrom<T>(node: Node<T>, levels: readonly string[], depth: number, item: T): boolean {
  const level = levels[depth]
  if (level === undefined) return takeOut(node, 'items', item)
  if (level === '#') return takeOut(node, 'rest', item)
  const next = level === '+' ? node.plus : node.children?.get(level)
  if (next === undefined || !removeFrom(next, levels, depth + 1, item)) return false
  if (isEmpty(next)) {
    if (level === '+') node.plus = undefined
    else node.children!.delete(level)
    if (node.children?.size === 0) node.children = undefined
  }
  return true
}

function takeOut<T>(node: Node<T>, list: 'items' | 'rest', item: T): boolean {
  const index = node[list]?.indexOf(item) ?? -1
  if (index === -1) return false
  node[list]!.splice(index, 1)
  if (node[list]!.length === 0) node[list] = undefined
  return true
}

function isEmpty<T>({ children, plus, items, rest }: Node<T>): boolean {
  return children === undefined && plus === undefined && items === undefined && rest === undefined
}

function childOf<T>(node: Node<T>, level: string): Node<T> {
  node.children ??= new Map()
  let child = node.children.get(level)
  if (child === undefined) {
    child = newNode()
    node.children.set(level, child)
  }
  return child
}

function newNode<T>(): Node<T> {
  return { children: undefined, plus: undefined, items: undefined, rest: undefined }
}
