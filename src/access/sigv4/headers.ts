/** Headers as they came: lower-case name → values in their order. */
export type Headers = ReadonlyMap<string, readonly string[]>

/** @param raw names and values in turns, as `IncomingMessage.rawHeaders` has them */
export function readHeaders(raw: readonly string[]): Headers {
  const headers = new Map<string, string[]>()
  for (let index = 0; index + 1 < raw.length; index += 2) {
    const name = raw[index]!.toLowerCase()
    const values = headers.get(name)
    if (values === undefined) headers.set(name, [raw[index + 1]!])
    else values.push(raw[index + 1]!)
  }
  return headers
}
