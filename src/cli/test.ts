import { type CommandSpec, print } from './command.ts'

export const test: CommandSpec = {
  name: 'test',
  arguments: '[path...]',
  summary:
    'Run tests of rules: `*.test.json` and `*.test.yaml` beside them, and cases of the validation tool of AWS.',
  options: [
    {
      flags: '-c, --config <file>',
      description:
        'Compile rules as a server with this configuration would, and test its rules directory where no path is given.',
    },
    { flags: '--filter <text>', description: 'Run the cases whose file, rule or name contains this.' },
    {
      flags: '--reporter <name[=file]>',
      description: 'pretty, junit or json; with a file, it is written there. Without any, pretty.',
      repeatable: true,
    },
    {
      flags: '--update',
      description:
        'Write what rules make of the messages into the test files: expectations that are missing, and those that are not met.',
    },
    { flags: '--watch', description: 'Run what a change of a file concerns, again and again.' },
    {
      flags: '--coverage',
      description:
        'Show what no test has seen: WHERE true and false, branches, templates, error actions, rules.',
    },
    { flags: '--coverage-min <percent>', description: 'Fail when less than this is covered.' },
    { flags: '--schema', description: 'Print the JSON Schema of test files, for editors.' },
  ],
  examples: [
    { does: 'Run every test below the working directory', command: 'topicrule test' },
    {
      does: 'Write a report for a CI server as well',
      command: 'topicrule test rules --reporter pretty --reporter junit=report.xml',
    },
  ],
  async run(options, paths) {
    if (options['schema'] === true) {
      const { testFileJsonSchema } = await import('../testing/index.ts')
      print(JSON.stringify(testFileJsonSchema(), undefined, 2))
      return 0
    }
    const { testCommand } = await import('./testing/command.ts')
    return testCommand(options, paths)
  },
}
