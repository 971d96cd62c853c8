import { readFileSync } from 'node:fs'
import { Command, CommanderError } from 'commander'
import { errorCatalogue, type ErrorCode } from '../errors.ts'
import { check } from './check.ts'
import { type CommandSpec, note } from './command.ts'
import { config } from './config.ts'
import { deadLetterResend } from './dead-letter-resend.ts'
import { deadLetterList, deadLetterShow } from './dead-letters.ts'
import { demo } from './demo.ts'
import { functions } from './functions.ts'
import { kafkaCheck } from './kafka-check.ts'
import { password } from './password.ts'
import { serve } from './serve.ts'
import { simulate } from './simulate.ts'

/** Every command, in the order of the help. */
export const commands: readonly CommandSpec[] = [
  serve,
  check,
  kafkaCheck,
  config,
  functions,
  deadLetterList,
  deadLetterShow,
  deadLetterResend,
  simulate,
  password,
  demo,
]

/** Words that stand before the name of a command, as in `kafka check`. */
const groups: Readonly<Record<string, string>> = {
  deadletter: 'Look at messages that nothing took, and send them again.',
  kafka: 'Look at the Kafka that rules deliver to.',
}

/** Runs the command line and returns the exit code: 0 fine, 1 findings, 2 usage or a start that failed. */
export async function runCli(argv: readonly string[]): Promise<number> {
  let exitCode = 0
  const program = new Command('topicrule')
    .description('Self-hosted AWS IoT rules engine: MQTT in, AWS IoT SQL, Apache Kafka out.')
    .version(version())
    .exitOverride()
  for (const spec of commands) {
    const [name = '', group] = spec.name.split(' ').reverse()
    const command = within(program, group).command(name).description(spec.summary).exitOverride()
    if (spec.arguments !== undefined) command.argument(spec.arguments)
    for (const { flags, description, default: fallback } of spec.options)
      command.option(flags, description, fallback)
    command.action(async (...given: unknown[]) => {
      const args = spec.arguments === undefined ? [] : [given[0]].flat().filter((arg) => arg !== undefined)
      exitCode = await spec.run(command.opts(), args as string[])
    })
  }
  try {
    await program.parseAsync(argv, { from: 'user' })
    return exitCode
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
    note(describe(error))
    return 2
  }
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

function version(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8')
  return (JSON.parse(text) as { version: string }).version
}
