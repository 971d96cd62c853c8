import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { type CommandSpec, note, print } from './command.ts'
import { starter } from './init/starter.ts'

export const init: CommandSpec = {
  name: 'init',
  arguments: '[directory]',
  summary: 'Write a starter: a rule, its test, a configuration that serves it without a Kafka, and a README.',
  options: [],
  examples: [{ does: 'A new directory to begin in', command: 'topicrule init my-rules' }],
  run(_options, [directory = '.']) {
    const files = Object.keys(starter).map((name) => join(directory, name))
    const there = files.filter((file) => existsSync(file))
    if (there.length > 0) {
      note(`Nothing was written, because there is already ${there.join(', ')}.`)
      return Promise.resolve(1)
    }
    try {
      for (const [name, text] of Object.entries(starter)) write(join(directory, name), text)
    } catch (error) {
      note(`Cannot write to ${directory} (${(error as NodeJS.ErrnoException).code}).`)
      return Promise.resolve(2)
    }
    for (const file of files) print(file)
    note(`Go on with ${join(directory, 'README.md')}.`)
    return Promise.resolve(0)
  },
}

/** Never writes over a file that has come meanwhile. */
function write(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, text, { flag: 'wx' })
}
