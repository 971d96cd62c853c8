import {
  plainAction,
  type RuleResult,
  type RuleSet,
  Surroundings,
  servicesOf,
  textOfBytes,
} from '../dryrun/index.ts'
import { type CompileOptions } from '../dryrun/index.ts'
import { type CommandSpec, CONFIG_OPTION, note, print } from './command.ts'
import { MOCK_OPTIONS, mocksFrom } from './mocks.ts'
import { readConfig } from './read-config.ts'
import { differences } from './replay/compare.ts'
import { linesOf } from './replay/lines.ts'
import { type Differing, Replay } from './replay/replay.ts'
import { EVERYTHING, loadRules } from './replay/rules.ts'
import { differingText, summaryText } from './replay/text.ts'
import { terminal } from './terminal.ts'
import { FORMAT_OPTION, formatOf } from './format.ts'
import { Usage } from './usage.ts'

type Options = Readonly<Record<string, unknown>>

/** Bytes of the longest line: a payload as large as a broker takes, in base64, with its context. */
const LONGEST_LINE = 16 * 1024 * 1024
/** Lines without a message that are named. */
const NAMED_UNREADABLE = 5

export const replay: CommandSpec = {
  name: 'replay',
  arguments: '<capture...>',
  summary:
    'Put captured messages through the rules, or through two versions of them, and show what comes of it or what differs. Nothing is sent. Exit code 1: something differs, or a line is no message.',
  options: [
    {
      flags: '--rules <path>',
      description: 'Files or directories with the rules, in any form that check reads.',
      repeatable: true,
    },
    { flags: '--against <path>', description: 'The version to compare with.', repeatable: true },
    { flags: '--limit <number>', description: 'Differing messages that are shown.', default: '20' },
    FORMAT_OPTION,
    {
      flags: '--seed <text>',
      description: 'What rand() and newuuid() draw from, in both versions.',
      default: 'replay',
    },
    {
      flags: '--clock <time>',
      description: 'The time of messages that have none: ISO 8601, or milliseconds since the epoch.',
    },
    ...MOCK_OPTIONS,
    {
      flags: '--protobuf <directory>',
      description: "Directory of the descriptors for decode() with 'proto'.",
    },
    { ...CONFIG_OPTION, description: 'Take account, limits and descriptors from this configuration.' },
  ],
  examples: [
    {
      does: 'What a change of rules does to the messages of the last minutes',
      command: 'topicrule replay capture.ndjson --rules rules/ --against rules-before/',
    },
    {
      does: 'What the rules make of a capture',
      command: 'topicrule replay capture.ndjson.gz --rules rules/',
    },
  ],
  run,
}

async function run(options: Options, captures: readonly string[]): Promise<number> {
  const format = formatOf(options)
  const limit = Number(options['limit'])
  if (!Number.isInteger(limit) || limit < 0) throw new Usage('--limit takes a number of messages.')
  const versions = loadVersions(options)
  if (versions === undefined) return 2
  const { rules, against, compile } = versions
  const { paint } = terminal()
  const shown: Differing[] = []
  let unnamed = 0
  const replayed = new Replay({
    rules,
    against,
    surroundings: new Surroundings(
      compile.accountId ?? '000000000000',
      String(options['seed']),
      servicesOf(compile.services ?? {}),
    ),
    clock: clockOf(options['clock']),
    onDiffering(differing) {
      if (shown.length >= limit) return
      shown.push(differing)
      if (format === 'text') print(differingText(differing, paint))
    },
    onUnreadable(line, reason) {
      unnamed += 1
      if (unnamed <= NAMED_UNREADABLE) note(`line ${line} is no message: ${reason}`)
    },
  })
  const started = performance.now()
  for (const capture of captures) await feed(replayed, capture)
  if (format === 'json') print(JSON.stringify(report(replayed, shown, against !== undefined), undefined, 2))
  else print(summaryText(replayed, paint, against !== undefined))
  note(totals(replayed, shown.length, against !== undefined, performance.now() - started))
  return replayed.differing > 0 || replayed.unreadable > 0 ? 1 : 0
}

async function feed(replayed: Replay, capture: string): Promise<void> {
  try {
    for await (const lines of linesOf(capture, LONGEST_LINE)) {
      for (const line of lines) {
        const waiting = replayed.take(line)
        if (waiting !== undefined) await waiting
      }
    }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === undefined) throw error
    throw new Usage(`Cannot read ${capture} (${code}).`)
  }
}

interface Versions {
  readonly rules: RuleSet
  readonly against: RuleSet | undefined
  readonly compile: CompileOptions
}

/** Undefined, and told, where a rule or the configuration has faults. */
function loadVersions(options: Options): Versions | undefined {
  const paths = options['rules'] as readonly string[]
  const againstPaths = options['against'] as readonly string[]
  if (paths.length === 0) throw new Usage('Name the rules with --rules.')
  const compile = compileOptions(options)
  const rules = compile && loadRules(paths, compile)
  if (compile === undefined || rules === undefined) return undefined
  if (againstPaths.length === 0) return { rules, against: undefined, compile }
  const against = loadRules(againstPaths, compile)
  return against && { rules, against, compile }
}

function compileOptions(options: Options): CompileOptions | undefined {
  const directory = options['protobuf'] as string | undefined
  const own = {
    services: mocksFrom(options),
    extensions: EVERYTHING,
    ...(directory !== undefined && { protobufDirectory: directory }),
  }
  if (options['config'] === undefined) return own
  const config = readConfig(options['config'])
  if (config === undefined) return undefined
  const { account, services, sql } = config
  const configured = services?.protobuf?.directory
  return {
    accountId: account.id,
    limits: sql.limits,
    ...(configured !== undefined && { protobufDirectory: configured }),
    ...own,
  }
}

function clockOf(text: unknown): number {
  if (text === undefined) return Date.now()
  const time = /^\d+$/.test(String(text)) ? Number(text) : Date.parse(String(text))
  if (!Number.isSafeInteger(time)) throw new Usage(`--clock is ${String(text)}; it takes a time.`)
  return time
}

function report(replayed: Replay, shown: readonly Differing[], isComparison: boolean): object {
  const { lines, messages, unreadable, unmatched, differing } = replayed
  const rules = replayed
    .reports()
    .map(({ rule, new: now, old, differing: differed }) =>
      isComparison ? { rule, old: old ?? null, new: now ?? null, differing: differed } : { rule, ...now },
    )
  return {
    lines,
    messages,
    unreadable,
    unmatched,
    ...(isComparison && { differing }),
    rules,
    ...(isComparison && { differences: shown.map(plainDiffering) }),
  }
}

function plainDiffering({ line, message, rule, old, new: now }: Differing): object {
  return {
    line,
    topic: message.topic,
    timestamp: message.receivedAt,
    ...(message.client.clientId !== undefined && { clientId: message.client.clientId }),
    rule,
    old: plainResult(old),
    new: plainResult(now),
    differences: differences(old, now),
  }
}

function plainResult({ matched, selected, output, actions, error }: RuleResult): object {
  return {
    matched,
    selected,
    ...(output !== undefined && bytesPart(output)),
    actions: actions.map(plainAction),
    ...(error !== undefined && { error }),
  }
}

function bytesPart(output: Buffer): object {
  const text = textOfBytes(output)
  return text === undefined ? { outputBase64: output.toString('base64') } : { output: text }
}

function totals(replayed: Replay, shown: number, isComparison: boolean, elapsed: number): string {
  const { messages, unmatched, unreadable, differing } = replayed
  const rate = Math.round(messages / Math.max(elapsed / 1000, 0.001))
  const parts = [`${count(messages, 'message')}, ${unmatched} that no rule takes`]
  if (unreadable > 0) parts.push(`${count(unreadable, 'line')} without a message`)
  if (isComparison)
    parts.push(differing === 0 ? 'nothing differs' : `${count(differing, 'message')} with another result`)
  const hidden = isComparison && differing > 0 && shown < differing ? ' (raise --limit to see more)' : ''
  return `${parts.join('; ')}${hidden}. ${rate} messages/s.`
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`
}
