const escapes: Readonly<Record<string, string>> = {
  n: '\n',
  r: '\r',
  t: '\t',
  '\\': '\\',
  "'": "'",
  '"': '"',
  '/': '/',
}

/**
 * The value of a string literal as written, quotes included. The reference shows no escapes: `\\ \' \" \/ \n \r \t`
 * and `\uXXXX` are read as in JSON, a doubled quote as one (`doubled` tells); any other backslash stays, so that
 * `'\d+'` and `'\\d+'` name the same pattern.
 */
export function unescapeString(written: string): { value: string; doubled: boolean } {
  const quote = written[0]!
  let doubled = false
  const value = written
    .slice(1, -1)
    .replace(/\\u([0-9a-fA-F]{4})|\\([\s\S])|''|""/g, (match, hex, escaped) => {
      if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex as string, 16))
      if (escaped !== undefined) return escapes[escaped as string] ?? match
      if (match[0] !== quote) return match
      doubled = true
      return quote
    })
  return { value, doubled }
}
