/** The flags of java.util.regex.Pattern that hold at a place of a pattern. */
export interface Flags {
  /** i */
  readonly anyCase: boolean
  /** u: case beyond ASCII */
  readonly unicodeCase: boolean
  /** U: classes beyond ASCII */
  readonly unicodeClasses: boolean
  /** m */
  readonly multiline: boolean
  /** s */
  readonly dotAll: boolean
  /** d */
  readonly unixLines: boolean
  /** x */
  readonly comments: boolean
}

export const NO_FLAGS: Flags = {
  anyCase: false,
  unicodeCase: false,
  unicodeClasses: false,
  multiline: false,
  dotAll: false,
  unixLines: false,
  comments: false,
}

/** The flags with one of them on or off; undefined for a letter that is no flag here. */
export function flagsOf(flags: Flags, letter: string, on: boolean): Flags | undefined {
  switch (letter) {
    case 'i':
      return { ...flags, anyCase: on }
    case 'u':
      return { ...flags, unicodeCase: on }
    case 'U':
      return { ...flags, unicodeClasses: on, unicodeCase: on }
    case 'm':
      return { ...flags, multiline: on }
    case 's':
      return { ...flags, dotAll: on }
    case 'd':
      return { ...flags, unixLines: on }
    case 'x':
      return { ...flags, comments: on }
    default:
      return undefined
  }
}
