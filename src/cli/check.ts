import { kafkaExtensions } from '../config/index.ts'
import { protobufDirectory } from '../services/index.ts'
import { functionSpecs } from '../sql/index.ts'
import { filesOf, type FoundFile, sourcesOf } from './check/files.ts'
import { type Checked, type CheckOptions, checkRule, type Result } from './check/rule.ts'
import { sarifOf } from './check/sarif.ts'
import { type CommandSpec, note, print } from './command.ts'
import { renderFault } from './diagnostics.ts'
import { readConfig } from './read-config.ts'
import { type RuleSettings as Settings, ruleSettings } from './rule-settings.ts'
import { holdsRules, type RuleSources } from './sources/index.ts'
import { oneOf, Usage } from './usage.ts'
import { version } from './version.ts'

type Options = Readonly<Record<string, unknown>>

export const check: CommandSpec = {
  name: 'check',
  arguments: '<path...>',
  summary:
    'Check rules: files, directories and what is below them, or - for standard input. Takes rule documents in JSON, NDJSON and YAML, what aws iot get-topic-rule prints, CloudFormation and SAM templates, and what terraform show -json prints. Exit code 1: a rule has errors.',
  options: [
    {
      flags: '-c, --config <file>',
      description: 'Check as a server with this configuration would; the options below add to it.',
    },
    { flags: '--format <format>', description: 'text, json or sarif.', default: 'text' },
    {
      flags: '--extension <names>',
      description: `Allow Kafka beyond AWS's, separated by commas: ${kafkaExtensions.join(', ')}.`,
    },
    {
      flags: '--service <names>',
      description: 'Functions, separated by commas, that the server has a service for, such as aws_lambda.',
    },
    {
      flags: '--protobuf <directory>',
      description: "Directory of the descriptors for decode() with 'proto'.",
    },
  ],
  examples: [
    { does: 'All rules and templates of a repository', command: 'topicrule check .' },
    {
      does: 'What Terraform is about to create',
      command: 'terraform show -json plan.out | topicrule check -',
    },
    { does: 'For code scanning', command: 'topicrule check --format sarif rules > rules.sarif' },
  ],
  run: (options, paths) => Promise.resolve(run(options, paths)),
}

function run(options: Options, paths: readonly string[]): number {
  const format = oneOf('--format', options['format'], 'text', 'json', 'sarif')
  const how = { settings: settingsFrom(options), forAws: options['config'] === undefined }
  const results: Result[] = []
  let passedOver = 0
  for (const file of paths.flatMap((path) => reading(path, () => filesOf(path)))) {
    const sources = reading(file.path, () => sourcesOf(file))
    if (file.found && !holdsRules(sources)) passedOver += 1
    else results.push(...checkSources(file, sources, how))
  }
  const checked = results.map((result) => result.checked)
  if (format === 'json') print(JSON.stringify(checked, undefined, 2))
  else if (format === 'sarif') print(JSON.stringify(sarifOf(checked, version()), undefined, 2))
  else report(results, passedOver)
  if (options['config'] === undefined && checked.some(wantsExtension))
    note('--config FILE checks as a server with this configuration would, with its kafka.extensions.')
  return checked.every(({ accepted }) => accepted) ? 0 : 1
}

function wantsExtension({ diagnostics }: Checked): boolean {
  return diagnostics.some(({ code }) => code === 'KAFKA_EXTENSION_NOT_ALLOWED')
}

function reading<Read>(path: string, read: () => Read): Read {
  try {
    return read()
  } catch (error) {
    if (error instanceof Usage) throw error
    throw new Usage(`Cannot read ${path}: ${(error as Error).message}.`)
  }
}

function settingsFrom(options: Options): Settings {
  const extensions = namesIn(options, 'extension')
  const unknown = extensions.find((name) => !(kafkaExtensions as readonly string[]).includes(name))
  if (unknown !== undefined)
    throw new Usage(`--extension ${unknown} does not exist; there are ${kafkaExtensions.join(', ')}.`)
  const services = namesIn(options, 'service').map((name) => name.toLowerCase())
  const local = services.find((name) => !asksService(name))
  if (local !== undefined)
    throw new Usage(`--service ${local}: there is no such function that calls a service.`)
  const directory = options['protobuf'] as string | undefined
  const configured = configuredSettings(options['config'])
  return {
    ...configured,
    extensions: [...(configured.extensions ?? []), ...extensions],
    services: new Set([...(configured.services ?? []), ...services]),
    protobuf: directory === undefined ? configured.protobuf : protobufDirectory(directory),
  }
}

function namesIn(options: Options, name: string): string[] {
  return (options[name] as string | undefined)?.split(',') ?? []
}

/** Faults of the configuration are told. */
function configuredSettings(file: unknown): Settings {
  if (file === undefined) return {}
  const config = readConfig(file)
  const settings = config && ruleSettings(config)
  if (settings === undefined) throw new Usage('')
  return settings
}

function asksService(name: string): boolean {
  return functionSpecs.some((spec) => spec.effect === 'remote' && spec.name === name)
}

function checkSources({ path }: FoundFile, { rules, unread }: RuleSources, how: CheckOptions): Result[] {
  const refused = unread.map(({ index, diagnostics }): Result => {
    const checked: Checked = {
      ...{ file: path, index, rule: null, accepted: false, deliverable: false },
      diagnostics,
    }
    return { checked, texts: diagnostics.map((fault) => renderFault(fault, path)) }
  })
  const read = rules.map((source) => checkRule(source, how))
  return [...refused, ...read].sort((a, b) => a.checked.index - b.checked.index)
}

function report(results: readonly Result[], passedOver: number): void {
  for (const { texts } of results) for (const text of texts) print(text)
  const faulty = results.filter(({ checked }) => !checked.accepted).length
  const others =
    passedOver === 0 ? '' : ` ${passedOver} file${passedOver === 1 ? '' : 's'} without rules passed over.`
  note(`${results.length} rule${results.length === 1 ? '' : 's'} checked, ${faulty} with errors.${others}`)
}
