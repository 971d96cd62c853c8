import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { painter } from '../../explain/index.ts'
import { nearest } from '../../nearest.ts'
import { print } from '../command.ts'
import { terminal } from '../terminal.ts'
import { json } from './json.ts'
import { junit } from './junit.ts'
import { pretty } from './pretty.ts'
import { type Reporter, type RunReport } from './report.ts'

const reporters: Readonly<Record<string, Reporter>> = { pretty, junit, json }

/** A report and where it goes: a file, or standard output. */
export interface Output {
  readonly reporter: Reporter
  readonly file?: string
}

/** Reads `--reporter name` and `--reporter name=file`; a text says what is wrong with them. */
export function outputsFrom(given: readonly string[]): readonly Output[] | string {
  const outputs: Output[] = []
  for (const each of given) {
    const [name = '', ...rest] = each.split('=')
    if (!Object.hasOwn(reporters, name)) {
      const guess = nearest(name, Object.keys(reporters))
      const hint = guess === undefined ? 'there are pretty, junit and json' : `did you mean ${guess}?`
      return `--reporter ${name} does not exist; ${hint}`
    }
    const reporter = reporters[name]!
    const file = rest.join('=')
    outputs.push(rest.length === 0 ? { reporter } : { reporter, file })
    if (rest.length > 0 && file === '') return `--reporter ${name}= names no file.`
  }
  if (outputs.filter(({ file }) => file === undefined).length > 1) {
    return 'Only one reporter can write to standard output; give the others a file, as in junit=report.xml.'
  }
  return given.length === 0 ? [{ reporter: pretty }] : outputs
}

const FILE_WIDTH = 120
const STREAM_WIDTH = 100

export function writeReports(report: RunReport, outputs: readonly Output[]): void {
  for (const { reporter, file } of outputs) {
    if (file === undefined) {
      const { paint, width = STREAM_WIDTH } = terminal()
      print(reporter(report, { paint, width }))
    } else {
      mkdirSync(dirname(file), { recursive: true })
      writeFileSync(file, `${reporter(report, { paint: painter(false), width: FILE_WIDTH })}\n`)
    }
  }
}
