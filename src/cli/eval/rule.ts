import { basename, extname } from 'node:path'
import { clientProperties } from '../../deliver/specs.ts'
import {
  compileRule,
  type CompileOptions,
  type Rule,
  seededChance,
  type ServiceFunction,
} from '../../dryrun/index.ts'
import { type Diagnostic } from '../../errors.ts'
import { renderDiagnostic } from '../../sql/index.ts'
import { note } from '../command.ts'
import { readInput } from '../mocks.ts'
import { Usage } from '../usage.ts'
import { clockFrom } from './message.ts'

type Options = Readonly<Record<string, unknown>>
type Services = Readonly<Record<string, ServiceFunction>>

/** A rule document and how its diagnostics are shown. */
interface Source {
  readonly document: unknown
  /** For a document without a name of its own. */
  readonly name: string | undefined
  show(diagnostic: Diagnostic): Promise<string>
}

/**
 * The rule that `--rule` or `--sql` gives; its warnings about SQL and templates, or its errors, go to stderr.
 * @returns undefined when it has errors
 * @throws Usage when an option is not as it should be
 */
export async function ruleFrom(options: Options, services: Services): Promise<Rule | undefined> {
  const source = await sourceFrom(options)
  const compiled = compileRule(source.document, {
    ...(await settingsFrom(options)),
    ...(source.name === undefined ? {} : { name: source.name }),
    services,
    extensions: EVERYTHING,
    ...clockAndChance(options),
  })
  const shown = compiled.ok
    ? compiled.warnings.filter(({ code }) => /^(?:SQL|TEMPLATE)_/.test(code))
    : compiled.diagnostics
  for (const diagnostic of shown) note(await source.show(diagnostic))
  return compiled.ok ? compiled.rule : undefined
}

function clockAndChance(options: Options): Partial<CompileOptions> {
  const { seed, accountId } = options as { seed?: string; accountId?: string }
  const now = clockFrom(options)
  return {
    ...(now === undefined ? {} : { now: () => now }),
    ...(seed === undefined ? {} : seededChance(seed)),
    ...(accountId === undefined ? {} : { accountId }),
  }
}

async function sourceFrom(options: Options): Promise<Source> {
  const { rule, sql } = options as { rule?: string; sql?: string }
  if ((rule === undefined) === (sql === undefined))
    throw new Usage('Give the rule either with --rule FILE or with --sql STATEMENT.')
  if (rule !== undefined) return fromFile(rule, options['name'] as string | undefined)
  return fromStatement(sql!, options['sqlVersion'] as string, options['name'] as string | undefined)
}

function fromStatement(sql: string, awsIotSqlVersion: string, name: string | undefined): Source {
  return {
    document: { sql, awsIotSqlVersion, actions: [] },
    name,
    show: (diagnostic) => Promise.resolve(renderDiagnostic(sql, diagnostic)),
  }
}

/** A file with one rule in JSON is read without the reader of all other forms, which takes longer to load. */
async function fromFile(file: string, wanted: string | undefined): Promise<Source> {
  const text = readInput(file, '--rule').toString('utf8')
  const document = onlyRuleOf(text)
  if (document === undefined || wanted !== undefined) return oneOf(file, text, wanted)
  return {
    document,
    name: nameOfFile(file),
    async show(diagnostic) {
      return (await oneOf(file, text, undefined)).show(diagnostic)
    },
  }
}

function onlyRuleOf(text: string): object | undefined {
  try {
    const document: unknown = JSON.parse(text)
    const isRule = isRecord(document) && ['sql', 'topicRulePayload', 'rule'].some((key) => key in document)
    return isRule ? document : undefined
  } catch {
    return undefined
  }
}

function isRecord(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function nameOfFile(file: string): string | undefined {
  const stem = basename(file, extname(file)).replaceAll('-', '_')
  return /^\w{1,128}$/.test(stem) ? stem : undefined
}

async function oneOf(file: string, text: string, wanted: string | undefined): Promise<Source> {
  const { readRules } = await import('../sources/index.ts')
  const { rules, unread } = readRules(file, text)
  const [fault] = unread.flatMap(({ diagnostics }) => diagnostics)
  const found = wanted === undefined ? rules : rules.filter(({ name }) => name === wanted)
  const [rule] = found
  if (rule === undefined || found.length > 1) {
    const names = rules.map(({ name }) => name ?? '(no name)').join(', ')
    if (fault !== undefined && rules.length === 0) throw new Usage(fault.message)
    throw new Usage(`${file} holds ${rules.length} rules: choose one with --name. There are ${names}.`)
  }
  return {
    document: rule.document,
    name: rule.name,
    show: (diagnostic) => Promise.resolve(rule.render(diagnostic)),
  }
}

/** What the configuration says of documents; nothing is delivered, so that its clusters do not matter. */
async function settingsFrom(options: Options): Promise<CompileOptions> {
  const directory = options['protobuf'] as string | undefined
  const own = directory === undefined ? {} : { protobufDirectory: directory }
  if (options['config'] === undefined) return own
  const { readConfig } = await import('../read-config.ts')
  const config = readConfig(options['config'])
  if (config === undefined) throw new Usage('The configuration has faults.')
  const { account, services, sql } = config
  const configured = services?.protobuf?.directory
  return {
    accountId: account.id,
    limits: sql.limits,
    ...(configured === undefined ? {} : { protobufDirectory: configured }),
    ...own,
  }
}

/** Every extension: nothing is delivered. */
const EVERYTHING: readonly string[] = [
  ...new Set(
    clientProperties.flatMap(({ extension, extensions = [], optionalWith }) =>
      [extension, ...extensions, optionalWith].filter((each) => each !== undefined),
    ),
  ),
]
