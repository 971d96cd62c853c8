import { Command, CommanderError } from 'commander'
import { errorCatalogue, type ErrorCode } from '../errors.ts'
import { type CommandSpec, type Example, note, type OptionSpec } from './command.ts'
import { layOutHelp } from './help.ts'
import { Usage } from './usage.ts'
import { version } from './version.ts'

/** Every command, in the order of the help. A command is loaded when it is run, so that each starts quickly. */
const commands: Readonly<Record<string, () => Promise<CommandSpec>>> = {
  serve: async () => (await import('./serve.ts')).serve,
  check: async () => (await import('./check.ts')).check,
  test: async () => (await import('./test.ts')).test,
  'kafka check': async () => (await import('./kafka-check.ts')).kafkaCheck,
  eval: async () => (await import('./eval.ts')).evaluate,
  config: async () => (await import('./config.ts')).config,
  functions: async () => (await import('./functions.ts')).functions,
  'rules list': async () => (await import('./rules/index.ts')).rulesList,
  'rules get': async () => (await import('./rules/index.ts')).rulesGet,
  'rules put': async () => (await import('./rules/index.ts')).rulesPut,
  'rules delete': async () => (await import('./rules/index.ts')).rulesDelete,
  'rules enable': async () => (await import('./rules/index.ts')).rulesEnable,
  'rules disable': async () => (await import('./rules/index.ts')).rulesDisable,
  'rules apply': async () => (await import('./rules/index.ts')).rulesApply,
  'deadletter list': async () => (await import('./dead-letters.ts')).deadLetterList,
  'deadletter show': async () => (await import('./dead-letters.ts')).deadLetterShow,
  'deadletter resend': async () => (await import('./dead-letter-resend.ts')).deadLetterResend,
  tap: async () => (await import('./tap.ts')).tap,
  replay: async () => (await import('./replay.ts')).replay,
  init: async () => (await import('./init.ts')).init,
  simulate: async () => (await import('./simulate.ts')).simulate,
  password: async () => (await import('./password.ts')).password,
  demo: async () => (await import('./demo.ts')).demo,
}

/** The specs of all commands, in the order of the help. */
export function loadCommands(): Promise<CommandSpec[]> {
  return Promise.all(Object.values(commands).map((load) => load()))
}

/** Words that stand before the name of a command, as in `kafka check`. */
const groups: Readonly<Record<string, string>> = {
  deadletter: 'Look at messages that nothing took, and send them again.',
  rules: 'Look at the rules of a server, or of AWS IoT, and change them.',
  kafka: 'Look at the Kafka that rules deliver to.',
}

/** Runs the command line and returns the exit code: 0 fine, 1 findings, 2 usage or a start that failed. */
export async function runCli(argv: readonly string[]): Promise<number> {
  let exitCode = 0
  const program = new Command('topicrule')
    .description('Self-hosted AWS IoT rules engine: MQTT in, AWS IoT SQL, Apache Kafka out.')
    .version(version())
    .exitOverride()
  layOutHelp(program)
  for (const spec of await commandsFor(argv)) {
    addCommand(program, spec, (code) => (exitCode = code))
  }
  try {
    await program.parseAsync(argv, { from: 'user' })
    return exitCode
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
    const text = error instanceof Usage ? error.message : describe(error)
    if (text !== '') note(text)
    return 2
  }
}

/** The one command that is run; all of them for the help and for a name that is none. */
async function commandsFor([first = '', second = '']: readonly string[]): Promise<readonly CommandSpec[]> {
  if (first === '--version') return []
  const name = [`${first} ${second}`, first].find((each) => Object.hasOwn(commands, each))
  return name === undefined ? loadCommands() : [await commands[name]!()]
}

function addCommand(program: Command, spec: CommandSpec, ended: (exitCode: number) => void): void {
  const [name = '', group] = spec.name.split(' ').reverse()
  const command = within(program, group).command(name).description(spec.summary).exitOverride()
  if (spec.arguments !== undefined) command.argument(spec.arguments)
  for (const option of spec.options) addOption(command, option)
  const { examples = [] } = spec
  if (examples.length > 0)
    command.addHelpText('after', `\nExamples:\n${examples.map(shownExample).join('\n')}`)
  command.action(async (...given: unknown[]) => {
    const args = spec.arguments === undefined ? [] : [given[0]].flat().filter((arg) => arg !== undefined)
    ended(await spec.run({ ...emptyLists(command, spec), ...command.opts() }, args as string[]))
  })
}

/** What `run` sees of options that may be repeated and are not given. */
function emptyLists(command: Command, { options }: CommandSpec): Readonly<Record<string, readonly string[]>> {
  const repeatable = new Set(options.filter((each) => each.repeatable === true).map(({ flags }) => flags))
  const given = command.options.filter(({ flags }) => repeatable.has(flags))
  return Object.fromEntries(given.map((option) => [option.attributeName(), []]))
}

function addOption(
  command: Command,
  { flags, description, default: fallback, repeatable }: OptionSpec,
): void {
  if (repeatable !== true) command.option(flags, description, fallback)
  else command.option(flags, `${description} May be repeated.`, collected)
}

function collected(value: string, before: readonly string[] = []): string[] {
  return [...before, value]
}

function shownExample({ command, does }: Example): string {
  return `  # ${does}\n  ${command}`
}

/** The command of a group, made when it is first asked for; the program itself for a command that is in none. */
function within(program: Command, group: string | undefined): Command {
  if (group === undefined) return program
  const known = program.commands.find((command) => command.name() === group)
  return (
    known ??
    program
      .command(group)
      .description(groups[group] ?? '')
      .exitOverride()
  )
}

/** A fault with a code of the catalogue is the user's to mend and gets no stack trace. */
function describe(error: unknown): string {
  const { code, message, stack } = error as { code?: string; message?: string; stack?: string }
  if (code !== undefined && Object.hasOwn(errorCatalogue, code))
    return `error ${code}: ${message}\n    ${errorCatalogue[code as ErrorCode].remedy}`
  return `An unexpected fault; please report it.\n${stack ?? String(error)}`
}
