/** What a piece of the text is, for colours. */
export type Tone = 'heading' | 'good' | 'bad' | 'undefined' | 'value' | 'quiet' | 'plain'

const codes: Readonly<Record<Tone, string | undefined>> = {
  heading: '1',
  good: '32',
  bad: '31',
  undefined: '33',
  value: '36',
  quiet: '2',
  plain: undefined,
}

export type Paint = (tone: Tone, text: string) => string

/** Colours text with ANSI codes, or not at all. */
export function painter(color: boolean): Paint {
  return (tone, text) => {
    const code = codes[tone]
    return !color || code === undefined || text === '' ? text : `\u001b[${code}m${text}\u001b[0m`
  }
}

/** Control characters, and those that change the direction of text; what a message holds must not steer a terminal. */
const INVISIBLE = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g

/** The text on one line, with everything that a terminal might obey written as an escape. */
export function visible(text: string): string {
  return text.replace(INVISIBLE, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

/** Breaks a text between words into lines of at most `width`; a longer word stays whole. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + word.length + 1 > width) {
      lines.push(line)
      line = word
    } else line = line === '' ? word : `${line} ${word}`
  }
  return [...lines, line]
}
