import { CodePoints } from './code-points.ts'

/*
 * Case as java.lang.Character has it: one code point becomes one code point. JavaScript's full mappings (ß → SS) are
 * taken only where they are of one code point.
 */

const iotaBelow: readonly (readonly [number, number, number])[] = [
  [0x1f80, 0x1f87, 8],
  [0x1f90, 0x1f97, 8],
  [0x1fa0, 0x1fa7, 8],
  [0x1fb3, 0x1fb3, 9],
  [0x1fc3, 0x1fc3, 9],
  [0x1ff3, 0x1ff3, 9],
]

function toUpper(codePoint: number): number {
  const iota = iotaBelow.find(([first, last]) => codePoint >= first && codePoint <= last)
  return iota === undefined
    ? single(String.fromCodePoint(codePoint).toUpperCase(), codePoint)
    : codePoint + iota[2]
}

function toLower(codePoint: number): number {
  if (codePoint === 0x130) return 0x69
  const iota = iotaBelow.find(
    ([first, last, step]) => codePoint >= first + step && codePoint <= last + step && codePoint > 0x1f00,
  )
  return iota === undefined
    ? single(String.fromCodePoint(codePoint).toLowerCase(), codePoint)
    : codePoint - iota[2]
}

function single(text: string, otherwise: number): number {
  const codePoint = text.codePointAt(0)!
  return text.length === (codePoint > 0xffff ? 2 : 1) ? codePoint : otherwise
}

/** Code points that have another case, with their upper case and the lower case of that; read once. */
let cased: readonly (readonly [codePoint: number, upper: number, folded: number])[] | undefined

function casedCodePoints(): NonNullable<typeof cased> {
  if (cased !== undefined) return cased
  const found: [number, number, number][] = []
  for (let codePoint = 0; codePoint < 0x1f000; codePoint++) {
    if (codePoint >= 0x3400 && codePoint < 0xa000) continue
    if (codePoint >= 0xac00 && codePoint < 0xfb00) continue
    const upper = toUpper(codePoint)
    const folded = toLower(upper)
    if (upper !== codePoint || folded !== codePoint) found.push([codePoint, upper, folded])
  }
  cased = found
  return found
}

/** A code point in any case, as the flag i has it; with the flag u beyond ASCII too. */
export function anyCaseOf(codePoint: number, unicode: boolean): CodePoints {
  if (!unicode) return anyCaseOfRange(codePoint, codePoint, false)
  const upper = toUpper(codePoint)
  const folded = toLower(upper)
  if (upper === folded) return CodePoints.of(codePoint, codePoint)
  const same = casedCodePoints().filter(([, , other]) => other === folded)
  return CodePoints.of(codePoint, codePoint, folded, folded, ...same.flatMap(([other]) => [other, other]))
}

/** A range of code points in any case, as the flag i has it; with the flag u beyond ASCII too. */
export function anyCaseOfRange(first: number, last: number, unicode: boolean): CodePoints {
  const within = (codePoint: number): boolean => codePoint >= first && codePoint <= last
  const found = [first, last]
  if (unicode) {
    for (const [codePoint, upper, folded] of casedCodePoints()) {
      if (within(upper) || within(folded)) found.push(codePoint, codePoint)
    }
  } else {
    for (let upper = 0x41; upper <= 0x5a; upper++) {
      const lower = upper + 0x20
      if (within(upper)) found.push(lower, lower)
      if (within(lower)) found.push(upper, upper)
    }
  }
  return CodePoints.of(...found)
}
