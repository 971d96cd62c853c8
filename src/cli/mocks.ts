import { readFileSync } from 'node:fs'
import { cannedSecrets, cannedService, type ServiceFunction } from '../dryrun/index.ts'
import { functionSpecs } from '../sql/index.ts'
import { type OptionSpec } from './command.ts'
import { Usage } from './usage.ts'

/** Options with which a command answers what rules ask of services. */
export const MOCK_OPTIONS: readonly OptionSpec[] = [
  {
    flags: '--service <name=answer>',
    description:
      'Answer calls of a function such as get_thing_shadow with JSON, given here or in a file; {"answers": [{"args": […], "result" | "error": …}], "otherwise": …} answers by the arguments.',
    repeatable: true,
  },
  {
    flags: '--secret <id=value>',
    description: 'The value of a secret for get_secret(); @FILE reads it from a file.',
    repeatable: true,
  },
]

/**
 * What stands in for the services of a server: every function that calls one is there, those without an answer fail.
 * @throws Usage when an option is not as it should be
 */
export function mocksFrom(options: Readonly<Record<string, unknown>>): Record<string, ServiceFunction> {
  const services: Record<string, ServiceFunction> = {}
  for (const { name, effect } of functionSpecs) {
    if (effect === 'remote') services[name.toLowerCase()] = unanswered(name)
  }
  const secrets = entriesOf(options, 'secret').map(([id, value]) => [id, secretOf(id, value)] as const)
  services['get_secret'] = cannedSecrets(new Map(secrets))
  for (const [given, answer] of entriesOf(options, 'service')) {
    const name = given.toLowerCase()
    if (!Object.hasOwn(services, name))
      throw new Usage(`--service ${given}: there is no such function that calls a service.`)
    services[name] = cannedService(answerOf(given, answer))
  }
  return services
}

function unanswered(name: string): ServiceFunction {
  return () => {
    throw new Error(`there is no answer for it; give one with --service ${name}=ANSWER`)
  }
}

function entriesOf(options: Readonly<Record<string, unknown>>, option: string): [string, string][] {
  return ((options[option] ?? []) as string[]).map((entry) => splitEntry(entry, option))
}

/** `name=value` in two. */
export function splitEntry(entry: string, option: string): [name: string, value: string] {
  const equals = entry.indexOf('=')
  if (equals < 1) throw new Usage(`--${option} takes NAME=VALUE.`)
  return [entry.slice(0, equals), entry.slice(equals + 1)]
}

function secretOf(id: string, value: string): string {
  return value.startsWith('@') ? readInput(value.slice(1), `--secret ${id}`).toString('utf8') : value
}

function answerOf(name: string, answer: string): unknown {
  const isJson = /^\s*(?:[{["]|-?\d|(?:true|false|null)\s*$)/.test(answer)
  const text = isJson ? answer : readInput(answer.replace(/^@/, ''), `--service ${name}`).toString('utf8')
  try {
    return JSON.parse(text)
  } catch {
    throw new Usage(`--service ${name}: ${isJson ? 'the answer' : answer} is not JSON.`)
  }
}

/** Largest file that an option may name. */
const MAX_FILE = 256 * 1024 * 1024

/** The bytes of a file that an option names, or of standard input for `-`. */
export function readInput(file: string, option: string): Buffer {
  try {
    const bytes = readFileSync(file === '-' ? 0 : file)
    if (bytes.length <= MAX_FILE) return bytes
  } catch (error) {
    throw new Usage(`${option}: cannot read ${file} (${(error as NodeJS.ErrnoException).code}).`)
  }
  throw new Usage(`${option}: ${file} is larger than 256 MiB.`)
}
