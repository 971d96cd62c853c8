import { type CommandSpec, loadCommands } from '../../src/cli/index.ts'
import { cell, generatedNote } from './markdown.ts'

/** docs/reference/cli.md, from the commands' tables. */
export async function cliPage(): Promise<string> {
  return [
    generatedNote('src/cli'),
    '',
    '# Command line',
    '',
    'Results go to stdout, everything else to stderr. Exit codes: 0 fine, 1 findings (`check`: a rule has errors; `test`: a case failed; `kafka check`: a step failed; `serve`:',
    'messages were left unacknowledged at the deadline), 2 wrong usage or a start that failed.',
    '',
    ...(await loadCommands()).flatMap(section),
  ].join('\n')
}

function section({ name, arguments: given, summary, options, examples = [] }: CommandSpec): string[] {
  const usage = [
    'topicrule',
    name,
    ...(options.length > 0 ? ['[options]'] : []),
    ...(given === undefined ? [] : [given]),
  ]
  const rows = options.map(
    ({ flags, description, default: fallback, repeatable }) =>
      `| \`${cell(flags)}\` | ${fallback === undefined ? '' : `\`${fallback}\``} | ${cell(description)}${repeatable === true ? ' May be repeated.' : ''} |`,
  )
  return [
    `## ${name}`,
    '',
    '```sh',
    usage.join(' '),
    '```',
    '',
    summary,
    '',
    ...examples.flatMap(({ does, command }) => [`${does}:`, '', '```sh', command, '```', '']),
    ...(rows.length === 0 ? [] : ['| Option | Default | |', '|---|---|---|', ...rows, '']),
  ]
}
