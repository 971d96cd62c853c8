import { invalid } from './errors.ts'

/** Most tags of a resource. Source: https://docs.aws.amazon.com/iot/latest/developerguide/tagging-iot.html */
export const MAX_TAGS = 50
const MAX_KEY = 128
const MAX_VALUE = 256
const CHARACTERS = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u

export type Tags = Readonly<Record<string, string>>

/**
 * The tags of the header `x-amz-tagging`, `Key1=Value1&Key2=Value2`.
 * @throws ControlError where it is written in another way
 */
export function parseTagging(header: string): Tags {
  const tags = new Map<string, string>()
  for (const pair of header.split('&').filter((part) => part !== '')) {
    const split = pair.indexOf('=')
    const [key, value] = split === -1 ? [pair, ''] : [pair.slice(0, split), pair.slice(split + 1)]
    tags.set(decoded(key), decoded(value))
  }
  return Object.fromEntries(tags)
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    throw invalid('The header x-amz-tagging is not URL-encoded as Key1=Value1&Key2=Value2.')
  }
}

/** What is wrong with tags, if anything. */
export function tagLimits(tags: Tags): string | undefined {
  const entries = Object.entries(tags)
  if (entries.length > MAX_TAGS) return `There are ${entries.length} tags; the most is ${MAX_TAGS}.`
  for (const [key, value] of entries) {
    if (key.length === 0 || key.length > MAX_KEY) return `A tag's key must have 1 to ${MAX_KEY} characters.`
    if (value.length > MAX_VALUE) return `The value of tag ${key} has more than ${MAX_VALUE} characters.`
    if (!CHARACTERS.test(key) || !CHARACTERS.test(value))
      return `Tag ${JSON.stringify(key)} has characters other than letters, digits, spaces and _.:/=+-@.`
    if (key.toLowerCase().startsWith('aws:')) return `The key ${key} begins with aws:, which is reserved.`
  }
  return undefined
}
