import { readFileSync } from 'node:fs'
import { type CommandSpec, note, print } from './command.ts'

export const password: CommandSpec = {
  name: 'password',
  arguments: '<user>',
  summary: 'Read a password from standard input and print its line for the users file.',
  options: [],
  async run(_options, [user = '']) {
    if (!/^[^#:\r\n][^:\r\n]*$/.test(user)) {
      note('A user name must not be empty, begin with #, or contain a colon or a line break.')
      return 2
    }
    const text = readFileSync(0, 'utf8').replace(/\r?\n$/, '')
    if (text === '') {
      note(
        'No password on standard input. Example: printf %s "$PASSWORD" | topicrule password alice >> users',
      )
      return 2
    }
    const { hashPassword } = await import('../app.ts')
    print(`${user}:${await hashPassword(text)}`)
    return 0
  },
}
