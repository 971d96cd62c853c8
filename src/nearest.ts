/** Shorter names are near to everything; longer ones are not worth comparing. */
const SHORTEST = 3
const LONGEST = 80

/**
 * The candidate that a misspelled name most likely means, ignoring case, or undefined when none is near.
 * `most` is the number of edits allowed (insert, delete, replace, exchange of neighbours); by default one for a
 * short name, a third of a long one.
 */
export function nearest(
  name: string,
  candidates: readonly string[],
  most = editsAllowed(name),
): string | undefined {
  if (name.length < SHORTEST || name.length > LONGEST) return undefined
  const wanted = name.toLowerCase()
  let best: string | undefined
  let least = most + 1
  for (const candidate of candidates) {
    const distance = editDistance(wanted, candidate.toLowerCase())
    if (distance < least) [best, least] = [candidate, distance]
  }
  return best
}

/** All candidates that are equally near, at most three, as `nearest` judges it. */
export function allNearest(name: string, candidates: readonly string[]): readonly string[] {
  const best = nearest(name, candidates)
  if (best === undefined) return []
  const wanted = name.toLowerCase()
  const least = editDistance(wanted, best.toLowerCase())
  return candidates.filter((each) => editDistance(wanted, each.toLowerCase()) === least).slice(0, 3)
}

function editsAllowed({ length }: string): number {
  return length <= 4 ? 1 : Math.max(2, Math.floor(length / 3))
}

/** Edits between two words; exchanging two neighbours is one edit. */
function editDistance(a: string, b: string): number {
  let older: number[] = []
  let previous = Array.from({ length: b.length + 1 }, (_, column) => column)
  for (let row = 1; row <= a.length; row += 1) {
    const current = [row]
    for (let column = 1; column <= b.length; column += 1) {
      const replace = previous[column - 1]! + (a[row - 1] === b[column - 1] ? 0 : 1)
      let edits = Math.min(replace, previous[column]! + 1, current[column - 1]! + 1)
      const exchanged = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1]
      if (exchanged) edits = Math.min(edits, older[column - 2]! + 1)
      current.push(edits)
    }
    older = previous
    previous = current
  }
  return previous[b.length]!
}
