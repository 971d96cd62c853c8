import { type Document, isAlias, isMap, isScalar, isSeq } from 'yaml'

/** Nodes of a template, aliases followed. */
const MAX_NODES = 500_000

/**
 * A YAML document as plain data, in which the short forms of CloudFormation's functions (`!Sub`) are written out
 * (`{"Fn::Sub": …}`).
 * @throws RangeError when aliases make it larger than any template is
 */
export function plainData(document: Document): unknown {
  let left = MAX_NODES
  const read = (node: unknown): unknown => {
    left -= 1
    if (left < 0) throw new RangeError('aliases multiply')
    if (isAlias(node)) return read(node.resolve(document))
    if (isScalar(node)) return untagged(node.tag, node.value)
    if (isSeq(node)) return untagged(node.tag, node.items.map(read))
    if (!isMap(node)) return null
    const members = node.items.map(({ key, value }) => [String(isScalar(key) ? key.value : key), read(value)])
    return untagged(node.tag, Object.fromEntries(members))
  }
  return read(document.contents)
}

/** The steps to a place in plain data as the document has them: the name of a function that is a tag is no step. */
export function writtenSteps(
  document: Document,
  steps: readonly (string | number)[],
): readonly (string | number)[] {
  let node: unknown = document.contents
  return steps.filter((step) => {
    if (isSeq(node) && typeof step === 'string' && node.tag === `!${step.replace('Fn::', '')}`) return false
    node = isMap(node) || isSeq(node) ? node.get(step, true) : undefined
    return true
  })
}

function untagged(tag: string | undefined, value: unknown): unknown {
  if (tag === undefined || !/^!\w/.test(tag)) return value
  const name = tag.slice(1)
  return name === 'Ref' || name === 'Condition' ? { [name]: value } : { [`Fn::${name}`]: value }
}
