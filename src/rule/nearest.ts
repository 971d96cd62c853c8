const MAX_LENGTH = 64
const MAX_DISTANCE = 3

/** The name that `given` was most likely meant to be, or undefined when none is near. */
export function nearest(given: string, names: readonly string[]): string | undefined {
  if (given.length > MAX_LENGTH) return undefined
  const wanted = given.toLowerCase()
  let best: string | undefined
  let least = Math.min(MAX_DISTANCE, Math.floor(given.length / 2)) + 1
  for (const name of names) {
    const steps = distance(wanted, name.toLowerCase())
    if (steps < least) [best, least] = [name, steps]
  }
  return best
}

/** Edits (insert, delete, replace) between two texts. */
function distance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, column) => column)
  for (let row = 1; row <= a.length; row += 1) {
    const current = [row]
    for (let column = 1; column <= b.length; column += 1) {
      const replace = previous[column - 1]! + (a[row - 1] === b[column - 1] ? 0 : 1)
      current.push(Math.min(replace, previous[column]! + 1, current[column - 1]! + 1))
    }
    previous = current
  }
  return previous[b.length]!
}
