/** Longer parts are looked for in time linear in the text, whatever both hold; for short ones the engine's own is. */
const LONG_PART = 32

/** Finds a part in texts, as `String.indexOf` does. */
export type Search = (text: string, from: number) => number

/** Prepares the search for one part; the engine's own search is quadratic for some long parts. */
export function searchFor(part: string): Search {
  if (part.length <= LONG_PART) return (text, from) => text.indexOf(part, from)
  const borders = bordersOf(part)
  return (text, from) => find(text, part, borders, from)
}

/**
 * For each prefix the length of its longest proper border: what it begins and ends with.
 * Source: Knuth, Morris and Pratt, "Fast pattern matching in strings" (1977)
 */
function bordersOf(part: string): Int32Array {
  const borders = new Int32Array(part.length)
  for (let index = 1, length = 0; index < part.length; index++) {
    const unit = part.charCodeAt(index)
    while (length > 0 && part.charCodeAt(length) !== unit) length = borders[length - 1]!
    if (part.charCodeAt(length) === unit) length += 1
    borders[index] = length
  }
  return borders
}

function find(text: string, part: string, borders: Int32Array, from: number): number {
  let matched = 0
  for (let index = from; index < text.length; index++) {
    const unit = text.charCodeAt(index)
    while (matched > 0 && part.charCodeAt(matched) !== unit) matched = borders[matched - 1]!
    if (part.charCodeAt(matched) === unit) matched += 1
    if (matched === part.length) return index - matched + 1
  }
  return -1
}
