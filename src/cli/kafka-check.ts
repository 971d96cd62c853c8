import { readFileSync } from 'node:fs'
import { type Config, kafkaExtensions, parseDuration } from '../config/index.ts'
import { compileRule, type CompiledRule } from '../rule/index.ts'
import { functionSpecs } from '../sql/index.ts'
import { readDocuments, type StoredDocument } from '../store/index.ts'
import { CONFIG_OPTION, type CommandSpec, note } from './command.ts'
import { renderDocumentFault, renderFault } from './diagnostics.ts'
import { type KafkaCheckOptions, loadChecker, printer } from './kafka-check-text.ts'
import { readConfig } from './read-config.ts'
import { type RuleSettings, ruleSettings } from './rule-settings.ts'
import { FORMAT_OPTION, formatOf } from './format.ts'
import { Usage } from './usage.ts'

export const kafkaCheck: CommandSpec = {
  name: 'kafka check',
  arguments: '<rule>',
  summary:
    "Connect with the client properties of a rule's Kafka actions and say step by step how far it goes: properties, name, TCP, TLS, Kerberos, SASL, brokers, topic. Nothing is produced unless asked for.",
  options: [
    CONFIG_OPTION,
    {
      flags: '--extension <names>',
      description: `Allow Kafka beyond AWS's, besides what the configuration allows, separated by commas: ${kafkaExtensions.join(', ')}.`,
    },
    {
      flags: '--topic <topic>',
      description: 'Topic to look for in place of those of the actions, which may depend on the message.',
    },
    {
      flags: '--ask-write',
      description:
        'Ask whether the user may write: by a request with an impossible number of acknowledgements, which Apache Kafka refuses after it has looked at the permission.',
    },
    { flags: '--produce', description: 'Produce one record to each topic and say where it is.' },
    { flags: '--key <text>', description: 'Key of that record in place of the key of the action.' },
    { flags: '--timeout <duration>', description: 'Longest time for one step.', default: '15s' },
    FORMAT_OPTION,
  ],
  async run(options, [path = '']) {
    const given = readOptions(options)
    const config = readConfig(options['config'], process.env, { warn: false })
    if (config === undefined) return 2
    const rules = readRules(path, config, given.extensions)
    if (typeof rules === 'number') return rules
    const unnamed = rules.find((rule) => lacksTopic(rule, given))
    if (unnamed !== undefined) {
      note(`A topic of rule ${unnamed.name} depends on the message; name one with --topic.`)
      return 2
    }
    const checkKafka = await loadChecker()
    const out = printer(given.format)
    for (const rule of rules) out.checks.push(...(await checkKafka(config, rule, given, out)))
    out.end()
    return out.checks.every(({ ok }) => ok) ? 0 : 1
  },
}

interface Given extends KafkaCheckOptions {
  readonly format: 'text' | 'json'
  readonly extensions: readonly string[]
}

/** @throws Usage when one is not as it should be */
function readOptions(options: Readonly<Record<string, unknown>>): Given {
  const format = formatOf(options)
  const { extension, topic, key, timeout } = options as Readonly<Record<string, string | undefined>>
  const extensions = extension?.split(',') ?? []
  const unknown = extensions.find((name) => !(kafkaExtensions as readonly string[]).includes(name))
  if (unknown !== undefined)
    throw new Usage(`--extension ${unknown} does not exist; there are ${kafkaExtensions.join(', ')}.`)
  const milliseconds = parseDuration(timeout ?? '')
  if (milliseconds === undefined || milliseconds < 1)
    throw new Usage(`--timeout is ${String(timeout)}; it takes a time such as 15s.`)
  return {
    ...{ format, extensions, topic, key, timeout: milliseconds },
    askWrite: options['askWrite'] === true,
    produce: options['produce'] === true,
  }
}

/** The rules of a file, or the exit code. */
function readRules(
  path: string,
  config: Config,
  extensions: readonly string[],
): readonly CompiledRule[] | number {
  const configured = ruleSettings(config)
  if (configured === undefined) return 2
  let text: string
  try {
    text = readFileSync(path === '-' ? 0 : path, 'utf8')
  } catch (error) {
    note(`Cannot read ${path}: ${(error as Error).message}.`)
    return 2
  }
  const { documents, unread } = readDocuments(path, text)
  for (const { diagnostics } of unread) for (const fault of diagnostics) note(renderFault(fault, path))
  const settings: RuleSettings = {
    ...configured,
    extensions: [...config.kafka.extensions, ...extensions],
    services: servicesOf(config),
  }
  const rules = documents.flatMap((document) => compiled(document, settings) ?? [])
  const count = rules.reduce(
    (sum, { actions, errorAction }) => sum + actions.length + (errorAction ? 1 : 0),
    0,
  )
  if (unread.length > 0 || rules.length < documents.length) return 1
  if (count > 0) return rules
  note(`${path} has no Kafka action.`)
  return 1
}

function compiled(stored: StoredDocument, settings: RuleSettings): CompiledRule | undefined {
  const result = compileRule(stored.document, { ...settings, name: stored.name ?? 'rule' })
  for (const found of result.ok ? result.warnings : result.diagnostics)
    note(renderDocumentFault({ ...found, ...stored.locate(found.path ?? '') }, stored))
  return result.ok ? result.rule : undefined
}

/** The connection alone is looked at: other services than those of secrets need not be there. */
function servicesOf({ secrets }: Config): ReadonlySet<string> {
  const remote = functionSpecs.filter(({ effect }) => effect === 'remote').map(({ name }) => name)
  return new Set(remote.filter((name) => name !== 'get_secret' || secrets !== undefined))
}

function lacksTopic({ actions, errorAction }: CompiledRule, given: Given): boolean {
  if (given.topic !== undefined || !(given.produce || given.askWrite)) return false
  return [...actions, errorAction].some(
    (action) => action !== undefined && action.topic.constant === undefined,
  )
}
