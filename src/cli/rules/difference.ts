/** One line of a text that became another. */
export interface LineChange {
  readonly kind: 'same' | 'removed' | 'added'
  readonly text: string
}

/** Texts with more lines are shown whole, the old one before the new one. */
const MOST_LINES = 400

/** The lines of two texts: what both have once, removed ones before added ones. */
export function lineChanges(before: string, after: string): LineChange[] {
  const [old, now] = [before.split('\n'), after.split('\n')]
  if (old.length > MOST_LINES || now.length > MOST_LINES)
    return [...old.map((text) => change('removed', text)), ...now.map((text) => change('added', text))]
  const longest = commonLengths(old, now)
  const changes: LineChange[] = []
  let [i, j] = [0, 0]
  while (i < old.length || j < now.length) {
    if (i < old.length && j < now.length && old[i] === now[j]) {
      changes.push(change('same', old[i]!))
      i += 1
      j += 1
    } else if (j === now.length || (i < old.length && longest[i + 1]![j]! >= longest[i]![j + 1]!)) {
      changes.push(change('removed', old[i]!))
      i += 1
    } else {
      changes.push(change('added', now[j]!))
      j += 1
    }
  }
  return changes
}

function change(kind: LineChange['kind'], text: string): LineChange {
  return { kind, text }
}

/** `[i][j]`: lines that the rests from `i` and `j` have in common, in order. */
function commonLengths(old: readonly string[], now: readonly string[]): number[][] {
  const lengths = Array.from({ length: old.length + 1 }, () => new Array<number>(now.length + 1).fill(0))
  for (let i = old.length - 1; i >= 0; i -= 1)
    for (let j = now.length - 1; j >= 0; j -= 1)
      lengths[i]![j] =
        old[i] === now[j] ? lengths[i + 1]![j + 1]! + 1 : Math.max(lengths[i + 1]![j]!, lengths[i]![j + 1]!)
  return lengths
}
