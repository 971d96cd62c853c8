import { type Paint, painter, wrap } from '../explain/index.ts'

/** How to write for whoever reads standard output. */
export interface Terminal {
  readonly paint: Paint
  /** Whether `paint` colours. */
  readonly color: boolean
  /** Columns: what COLUMNS says, else those of the terminal; undefined in a pipe. */
  readonly width: number | undefined
}

/**
 * Colours where standard output is a terminal, unless NO_COLOR is set (https://no-color.org) or TERM is `dumb`;
 * FORCE_COLOR asks for them in a pipe as well.
 */
export function terminal(
  stream: { readonly isTTY?: boolean; readonly columns?: number } = process.stdout,
  environment: NodeJS.ProcessEnv = process.env,
): Terminal {
  const { NO_COLOR = '', FORCE_COLOR = '', TERM, COLUMNS = '' } = environment
  const wanted = FORCE_COLOR !== '' && FORCE_COLOR !== '0' ? true : stream.isTTY === true && TERM !== 'dumb'
  const color = NO_COLOR === '' && wanted
  return {
    paint: painter(color),
    color,
    width: /^[1-9]\d{0,4}$/.test(COLUMNS) ? Number(COLUMNS) : columnsOf(stream),
  }
}

/** A terminal that does not know its size says 0. */
function columnsOf(stream: { readonly isTTY?: boolean; readonly columns?: number }): number | undefined {
  return stream.isTTY === true && stream.columns !== 0 ? stream.columns : undefined
}

/** Least room for text behind what stands before it; where there is less, lines are longer than the terminal. */
const LEAST = 16

/** A text behind `before`, in lines that fit in the terminal; the others begin with as many blanks, or with `others`. */
export function hanging(before: string, text: string, others = ' '.repeat(before.length)): string {
  const { width = Infinity } = terminal()
  const room = Math.max(LEAST, width - Math.max(before.length, others.length))
  return before + wrap(text, room).join(`\n${others}`)
}
