const BASIC = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/

/** `20150830T123600Z` → milliseconds since 1970; undefined for anything else. */
export function readTime(text: string): number | undefined {
  const match = BASIC.exec(text)
  if (match === null) return undefined
  const [year, month, day, hour, minute, second] = match.slice(1).map(Number)
  const time = Date.UTC(year!, month! - 1, day, hour, minute, second)
  return writeTime(time) === text ? time : undefined
}

/** Milliseconds since 1970 → `20150830T123600Z`. */
export function writeTime(time: number): string {
  return new Date(time).toISOString().replaceAll(/[-:]|\.\d{3}/g, '')
}

/** The value of a Date header: the basic form, or `Sun, 30 Aug 2015 12:36:00 GMT`; as the basic form. */
export function readDateHeader(text: string): string | undefined {
  if (BASIC.test(text)) return readTime(text) === undefined ? undefined : text
  if (!/^[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT$/.test(text)) return undefined
  const time = Date.parse(text)
  return Number.isNaN(time) ? undefined : writeTime(time)
}
