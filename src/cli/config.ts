import { configJsonSchema, printConfig } from '../config/index.ts'
import { CONFIG_OPTION, type CommandSpec, note, print } from './command.ts'
import { readConfig } from './read-config.ts'

export const config: CommandSpec = {
  name: 'config',
  summary: 'Check the configuration; print the effective one or its JSON Schema.',
  options: [
    CONFIG_OPTION,
    { flags: '--print', description: 'Print the effective configuration as YAML, secrets masked.' },
    { flags: '--schema', description: 'Print the JSON Schema of the configuration file, for editors.' },
  ],
  run(options) {
    if (options['schema'] === true) {
      print(JSON.stringify(configJsonSchema(), undefined, 2))
      return Promise.resolve(0)
    }
    const effective = readConfig(options['config'])
    if (effective === undefined) return Promise.resolve(1)
    if (options['print'] === true) process.stdout.write(printConfig(effective))
    else note('The configuration has no faults.')
    return Promise.resolve(0)
  },
}
