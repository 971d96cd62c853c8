const tab = 0x09
const space = 0x20

/** Without leading tabs and spaces. */
export function trimStart(text: string): string {
  let start = 0
  while (isWhiteSpace(text.charCodeAt(start))) start += 1
  return start === 0 ? text : text.slice(start)
}

/** Without trailing tabs and spaces. */
export function trimEnd(text: string): string {
  let end = text.length
  while (isWhiteSpace(text.charCodeAt(end - 1))) end -= 1
  return end === text.length ? text : text.slice(0, end)
}

function isWhiteSpace(unit: number): boolean {
  return unit === space || unit === tab
}
