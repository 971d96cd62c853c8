import { type Command, type Help } from 'commander'
import { terminal } from './terminal.ts'

/** Room that a description needs beside its option; where there is less it goes below. */
const BESIDE = 40
const BELOW = '      '
const INDENT = '  '
const GAP = '  '

/** Lays the help of a command out for the width of the terminal; lines stay whole in a pipe. Subcommands inherit it. */
export function layOutHelp(program: Command): void {
  const width = (): number => terminal().width ?? Infinity
  program.configureOutput({ getOutHelpWidth: width, getErrHelpWidth: width })
  program.configureHelp({ minWidthToWrap: 20, formatItem })
}

function formatItem(
  this: Help,
  term: string,
  termWidth: number,
  description: string,
  { helpWidth = Infinity }: Help,
): string {
  if (description === '') return `${INDENT}${term}`
  const beside = helpWidth - termWidth - INDENT.length - GAP.length
  const [room, before, indent] =
    beside < BESIDE
      ? [helpWidth - BELOW.length, `\n${BELOW}`, BELOW]
      : [
          beside,
          ' '.repeat(termWidth - term.length) + GAP,
          ' '.repeat(INDENT.length + termWidth + GAP.length),
        ]
  return `${INDENT}${term}${before}${this.boxWrap(description, room).replaceAll('\n', `\n${indent}`)}`
}
