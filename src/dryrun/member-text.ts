const QUOTE = 34
const BACKSLASH = 92

/** The source text of a member of a JSON object, numbers as they are written; `json` must be valid. The last one of a name counts. */
export function memberText(json: string, name: string): string | undefined {
  let found: string | undefined
  let at = json.indexOf('{') + 1
  for (;;) {
    const open = json.indexOf('"', at)
    if (open === -1) return found
    const close = endOfString(json, open)
    const start = json.indexOf(':', close) + 1
    const end = endOfValue(json, start)
    if (isName(json.slice(open, close), name)) found = json.slice(start, end).trim()
    if (json[end] !== ',') return found
    at = end + 1
  }
}

function isName(quoted: string, name: string): boolean {
  return quoted.includes('\\') ? JSON.parse(quoted) === name : quoted === `"${name}"`
}

/** The offset behind a string that begins at `open`. */
function endOfString(json: string, open: number): number {
  let at = open + 1
  for (;;) {
    const code = json.charCodeAt(at)
    if (code === QUOTE) return at + 1
    at += code === BACKSLASH ? 2 : 1
  }
}

/** The offset of the comma or brace behind a value. */
function endOfValue(json: string, start: number): number {
  let depth = 0
  for (let at = start; at < json.length;) {
    const character = json[at]
    if (character === '"') {
      at = endOfString(json, at)
      continue
    }
    if (character === '{' || character === '[') depth += 1
    else if (character === '}' || character === ']') {
      if (depth === 0) return at
      depth -= 1
    } else if (character === ',' && depth === 0) return at
    at += 1
  }
  return json.length
}
