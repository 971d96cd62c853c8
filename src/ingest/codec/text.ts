import { isUtf8 } from 'node:buffer'

const PLUS = 0x2b
const HASH = 0x23

/**
 * Reads an MQTT UTF-8 string.
 * @returns undefined when the bytes are not well-formed UTF-8 or contain U+0000 (MQTT-1.5.4-1, MQTT-1.5.4-2).
 */
export function readText(bytes: Buffer, start: number, end: number): string | undefined {
  let ascii = true
  for (let at = start; at < end; at++) {
    const byte = bytes[at]!
    if (byte === 0) return undefined
    if (byte >= 0x80) ascii = false
  }
  if (ascii) return bytes.toString('latin1', start, end)
  return isUtf8(bytes.subarray(start, end)) ? bytes.toString('utf8', start, end) : undefined
}

/** True when the text has a wildcard character, which a topic name must not have (MQTT-3.3.2-2). */
export function hasWildcard(bytes: Buffer, start: number, end: number): boolean {
  for (let at = start; at < end; at++) {
    const byte = bytes[at]!
    if (byte === PLUS || byte === HASH) return true
  }
  return false
}

/** True when `+` and `#` stand only where MQTT 5.0 section 4.7.1 allows them. */
export function isTopicFilter(filter: string): boolean {
  if (filter.length === 0) return false
  const levels = filter.split('/')
  return levels.every((level, index) => {
    if (level === '+') return true
    if (level === '#') return index === levels.length - 1
    return !level.includes('+') && !level.includes('#')
  })
}
