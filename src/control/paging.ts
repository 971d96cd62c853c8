import { invalid } from './errors.ts'

export interface Page<T> {
  readonly items: readonly T[]
  readonly nextToken: string | undefined
}

/**
 * One page of what `keep` makes of the sorted `keys`, undefined leaving one out. A token names the last key before
 * the next page, so that pages stay right while others come and go.
 * @throws ControlError for a token that is none
 */
export function pageOf<T>(
  keys: readonly string[],
  token: string | undefined,
  most: number,
  keep: (key: string) => T | undefined,
): Page<T> {
  const after = token === undefined ? undefined : keyOf(token)
  const items: T[] = []
  let last: string | undefined
  for (let index = after === undefined ? 0 : above(keys, after); index < keys.length; index += 1) {
    const item = keep(keys[index]!)
    if (item === undefined) continue
    if (items.length === most) return { items, nextToken: tokenOf(last!) }
    items.push(item)
    last = keys[index]!
  }
  return { items, nextToken: undefined }
}

/** The first index whose key is greater. */
function above(keys: readonly string[], key: string): number {
  let [low, high] = [0, keys.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (keys[middle]! <= key) low = middle + 1
    else high = middle
  }
  return low
}

function tokenOf(key: string): string {
  return Buffer.from(`1:${key}`).toString('base64url')
}

function keyOf(token: string): string {
  const text = token.length > 1_000 ? '' : Buffer.from(token, 'base64url').toString('utf8')
  if (!text.startsWith('1:')) throw invalid('nextToken is not one that this server has given.')
  return text.slice(2)
}
