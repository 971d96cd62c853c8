import { readdirSync, readFileSync, statSync } from 'node:fs'
import { extname, join } from 'node:path'
import { kafkaExtensions } from '../config/index.ts'
import { type Diagnostic } from '../errors.ts'
import { compileRule } from '../rule/index.ts'
import { protobufDirectory } from '../services/index.ts'
import { functionSpecs } from '../sql/index.ts'
import { readDocuments, type StoredDocument } from '../store/index.ts'
import { type CommandSpec, note, print } from './command.ts'
import { renderDocumentFault, renderFault } from './diagnostics.ts'
import { readConfig } from './read-config.ts'
import { type RuleSettings as Settings, ruleSettings } from './rule-settings.ts'

interface Result {
  readonly checked: Checked
  /** Absent when the text holds none. */
  readonly stored?: StoredDocument
}

interface Checked {
  readonly file: string
  readonly index: number
  /** Null where the document has no name, or cannot be read. */
  readonly rule: string | null
  /** AWS would create it. */
  readonly accepted: boolean
  /** This product runs all of its actions. */
  readonly deliverable: boolean
  readonly diagnostics: readonly Diagnostic[]
}

export const check: CommandSpec = {
  name: 'check',
  arguments: '<path...>',
  summary: 'Check rule documents: files, directories, or - for standard input.',
  options: [
    {
      flags: '-c, --config <file>',
      description: 'Check as a server with this configuration would; the options below add to it.',
    },
    { flags: '--format <format>', description: 'text or json.', default: 'text' },
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
  run(options, paths) {
    const format = options['format']
    if (format !== 'text' && format !== 'json') {
      note(`--format is ${String(format)}; it takes text or json.`)
      return Promise.resolve(2)
    }
    const extensions = (options['extension'] as string | undefined)?.split(',') ?? []
    const unknown = extensions.find((name) => !(kafkaExtensions as readonly string[]).includes(name))
    if (unknown !== undefined) {
      note(`--extension ${unknown} does not exist; there are ${kafkaExtensions.join(', ')}.`)
      return Promise.resolve(2)
    }
    const services = (options['service'] as string | undefined)?.toLowerCase().split(',') ?? []
    const local = services.find((name) => !asksService(name))
    if (local !== undefined) {
      note(`--service ${local}: there is no such function that calls a service.`)
      return Promise.resolve(2)
    }
    const directory = options['protobuf'] as string | undefined
    const protobuf = directory === undefined ? undefined : protobufDirectory(directory)
    const configured = settingsOf(options['config'])
    if (configured === undefined) return Promise.resolve(2)
    const settings: Settings = {
      ...configured,
      extensions: [...(configured.extensions ?? []), ...extensions],
      services: new Set([...(configured.services ?? []), ...services]),
      protobuf: protobuf ?? configured.protobuf,
    }
    const results: Result[] = []
    for (const path of paths) {
      try {
        for (const file of filesOf(path)) results.push(...checkFile(file, settings))
      } catch (error) {
        note(`Cannot read ${path}: ${(error as Error).message}.`)
        return Promise.resolve(2)
      }
    }
    const checked = results.map((result) => result.checked)
    if (format === 'json') print(JSON.stringify(checked, undefined, 2))
    else report(results)
    return Promise.resolve(checked.every(({ accepted }) => accepted) ? 0 : 1)
  },
}

/** AWS takes a rule's name apart from its document, so one without is checked all the same. */
const PLACEHOLDER = 'rule'

const nameMissing: Diagnostic = {
  code: 'RULE_NAME_REQUIRED',
  severity: 'warning',
  message: 'The rule has no name and the file gives it none, so it cannot be loaded from here.',
  path: 'ruleName',
  hint: 'Add ruleName beside topicRulePayload.',
}

function filesOf(path: string): string[] {
  if (path === '-' || !statSync(path).isDirectory()) return [path]
  const names = readdirSync(path).filter((name) => ['.json', '.yaml', '.yml'].includes(extname(name)))
  return names.sort().map((name) => join(path, name))
}

/** Undefined where the configuration has faults, which are told. */
function settingsOf(file: unknown): Settings | undefined {
  if (file === undefined) return {}
  const config = readConfig(file)
  return config && ruleSettings(config)
}

function asksService(name: string): boolean {
  return functionSpecs.some((spec) => spec.effect === 'remote' && spec.name === name)
}

function checkFile(path: string, settings: Settings): Result[] {
  const text = readFileSync(path === '-' ? 0 : path, 'utf8')
  const { documents, unread } = readDocuments(path, text)
  const refused = unread.map(({ index, diagnostics }): Result => {
    return { checked: { file: path, index, rule: null, accepted: false, deliverable: false, diagnostics } }
  })
  const read = documents.map((stored): Result => ({ checked: checkDocument(stored, settings), stored }))
  return [...refused, ...read].sort((a, b) => a.checked.index - b.checked.index)
}

function checkDocument(stored: StoredDocument, settings: Settings): Checked {
  const name = givenName(stored.document) ?? (stored.file === '-' ? undefined : stored.name)
  const result = compileRule(stored.document, { ...settings, name: name ?? PLACEHOLDER })
  const unnamed = name === undefined && stored.file !== '-' ? [nameMissing] : []
  const diagnostics = [...unnamed, ...(result.ok ? result.warnings : result.diagnostics)].map(
    (diagnostic) => ({
      ...diagnostic,
      ...stored.locate(diagnostic.path ?? ''),
    }),
  )
  return {
    file: stored.file,
    index: stored.index,
    rule: name ?? null,
    accepted: result.ok,
    deliverable: result.ok && result.rule.deliverable && unnamed.length === 0,
    diagnostics: diagnostics.sort(byPosition),
  }
}

function byPosition(a: Diagnostic, b: Diagnostic): number {
  return (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0)
}

/** The name that a faulty document gives itself. */
function givenName(document: unknown): string | undefined {
  const { ruleName, rule } = (document ?? {}) as { ruleName?: unknown; rule?: { ruleName?: unknown } }
  const name = ruleName ?? rule?.ruleName
  return typeof name === 'string' ? name : undefined
}

function report(results: readonly Result[]): void {
  for (const { checked, stored } of results) {
    for (const fault of checked.diagnostics)
      print(stored === undefined ? renderFault(fault, checked.file) : renderDocumentFault(fault, stored))
  }
  const faulty = results.filter(({ checked }) => !checked.accepted).length
  note(`${results.length} rule${results.length === 1 ? '' : 's'} checked, ${faulty} with errors.`)
}
