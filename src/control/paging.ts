import { z } from 'zod'
import { invalid } from './errors.ts'

export interface Page<T> {
  readonly items: readonly T[]
  readonly nextToken: string | undefined
}

/**
 * One page of what `keep` makes of the sorted `keys`, undefined leaving one out. A token names the list, `of`, and the
 * last key before the next page, so that pages stay right while others come and go.
 * @throws ControlError for a token that is none of this list
 */
export function pageOf<T>(
  of: string,
  keys: readonly string[],
  token: string | undefined,
  most: number,
  keep: (key: string) => T | undefined,
): Page<T> {
  const after = token === undefined ? undefined : keyOf(of, token)
  const items: T[] = []
  let last: string | undefined
  for (let index = after === undefined ? 0 : above(keys, after); index < keys.length; index += 1) {
    const item = keep(keys[index]!)
    if (item === undefined) continue
    if (items.length === most) return { items, nextToken: tokenOf(of, last!) }
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

/** `maxResults` of a query, a whole number in digits. */
export function pageSize(most: number, usual: number): z.ZodType<number> {
  const digits = (given: unknown): unknown =>
    typeof given === 'string' && /^[0-9]{1,9}$/.test(given) ? Number(given) : given
  return z.preprocess(digits, z.number().int().min(1).max(most)).default(usual)
}

function tokenOf(list: string, key: string): string {
  return Buffer.from(`${list}:${key}`).toString('base64url')
}

function keyOf(list: string, token: string): string {
  const text = token.length > 1_000 ? '' : Buffer.from(token, 'base64url').toString('utf8')
  const key = text.slice(list.length + 1)
  // What decodes to the same text but is written in another way was not given here.
  if (key === '' || tokenOf(list, key) !== token)
    throw invalid('nextToken is not one that this server has given.')
  return key
}
