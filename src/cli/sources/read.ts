import { extname } from 'node:path'
import { readYaml } from '../../config/index.ts'
import { type Diagnostic } from '../../errors.ts'
import { formatPath } from '../../rule/index.ts'
import {
  fieldOf,
  JsonPlaces,
  locateField,
  type Position,
  readDocuments,
  type StoredDocument,
  type UnreadDocument,
} from '../../store/index.ts'
import { excerptOf, renderFault } from '../diagnostics.ts'
import { isCloudFormation, rulesOfTemplate } from './cloudformation.ts'
import { type ConvertedRule } from './converter.ts'
import { type Step } from './origins.ts'
import { plainData, writtenSteps } from './tagged-yaml.ts'
import { isTerraform, rulesOfTerraform } from './terraform.ts'

/** A rule in a file, whatever form the file has. */
export interface RuleSource {
  readonly file: string
  /** Counts from 0. */
  readonly index: number
  /** Of the document, else what the file gives it; undefined where neither does. */
  readonly name: string | undefined
  /** In a form that `compileRule` takes. */
  readonly document: unknown
  /** What is to be said of it before it is compiled. */
  readonly diagnostics: readonly Diagnostic[]
  /** The same rule where conditions of its template come out otherwise. */
  readonly variants: readonly RuleSource[]
  /** True for a path at which a stand-in lies for what is known at the deployment only. */
  isDeferred(path: string): boolean
  /** A diagnostic of the document with its place, and its path, in the file. */
  place(diagnostic: Diagnostic): Diagnostic
  /** The same as text, with the line of the statement or template that a fault is in and carets below it. */
  render(diagnostic: Diagnostic): string
}

export interface RuleSources {
  readonly rules: readonly RuleSource[]
  readonly unread: readonly UnreadDocument[]
  /** Whether the file is a template or plan, which may well hold no rule. */
  readonly isTemplate: boolean
}

/**
 * Reads the rules of a file's text: rule documents in JSON or YAML, CloudFormation and SAM templates, what `terraform
 * show -json` prints. Never throws.
 */
export function readRules(file: string, text: string): RuleSources {
  try {
    return readTemplate(file, text) ?? readPlain(file, text)
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    const message = `${file} is nested too deeply, or its aliases multiply.`
    return { rules: [], unread: [{ index: 0, diagnostics: [unreadable(message)] }], isTemplate: true }
  }
}

function unreadable(message: string): Diagnostic {
  return { code: 'STORE_UNREADABLE', severity: 'error', message }
}

function readPlain(file: string, text: string): RuleSources {
  const { documents, unread } = readDocuments(file, text)
  return { rules: documents.map(plainSource), unread, isTemplate: false }
}

function plainSource(stored: StoredDocument): RuleSource {
  const { file, index, document } = stored
  const place = (diagnostic: Diagnostic): Diagnostic => ({
    ...diagnostic,
    ...stored.locate(diagnostic.path ?? ''),
  })
  return {
    file,
    index,
    name: givenName(document) ?? (file === '-' ? undefined : stored.name),
    document,
    diagnostics: [],
    variants: [],
    isDeferred: () => false,
    place,
    render: (diagnostic) => rendered(place(diagnostic), file, document, diagnostic.path),
  }
}

function rendered(placed: Diagnostic, file: string, document: unknown, path: string | undefined): string {
  const field = path === undefined ? undefined : fieldOf(document, path)
  return renderFault(placed, file, typeof field === 'string' ? excerptOf(field, placed) : [])
}

/** The name that a faulty document gives itself. */
function givenName(document: unknown): string | undefined {
  const { ruleName, rule } = (document ?? {}) as { ruleName?: unknown; rule?: { ruleName?: unknown } }
  const name = ruleName ?? rule?.ruleName
  return typeof name === 'string' ? name : undefined
}

type Locate = (steps: readonly Step[]) => Position | undefined

/** Texts that may be a template: positions are looked for in these alone. */
const TEMPLATE = /["']?Resources["']?\s*:|"root_module"\s*:/

function readTemplate(file: string, text: string): RuleSources | undefined {
  if (!TEMPLATE.test(text)) return undefined
  const json = parsedJson(text)
  if (json === undefined && extname(file) === '.json') return undefined
  const yaml = json === undefined ? readYaml(text) : undefined
  const [document] = yaml?.documents ?? []
  if (json === undefined && (document === undefined || document.errors.length > 0)) return undefined
  const data = json ?? plainData(document!)
  const converted = convertedRules(data)
  if (converted === undefined) return undefined
  const places = new JsonPlaces(text.replace(/^\uFEFF/, ''))
  const locate: Locate = (steps) =>
    document === undefined
      ? places.locate(steps, 0)
      : locateField(document, yaml!.lines, writtenSteps(document, steps), 0)
  return {
    rules: converted.map((rule, index) => convertedSource(file, index, rule, locate)),
    unread: [],
    isTemplate: true,
  }
}

function convertedRules(data: unknown): ConvertedRule[] | undefined {
  if (isTerraform(data)) return rulesOfTerraform(data)
  return isCloudFormation(data) ? rulesOfTemplate(data) : undefined
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''))
  } catch {
    return undefined
  }
}

function convertedSource(file: string, index: number, rule: ConvertedRule, locate: Locate): RuleSource {
  const { name, document, diagnostics, origins, variants = [] } = rule
  const place = (diagnostic: Diagnostic): Diagnostic => {
    const { path = '', message } = diagnostic
    const steps = origins.sourceOf(path)
    const shown = formatPath(steps)
    return {
      ...diagnostic,
      path: shown,
      message: path === '' ? message : message.replaceAll(path, shown),
      ...locate(steps),
    }
  }
  return {
    file,
    index,
    name,
    document,
    diagnostics,
    variants: variants.map((variant) => convertedSource(file, index, variant, locate)),
    isDeferred: (path) => origins.isUnknown(path),
    place,
    render: (diagnostic) => rendered(place(diagnostic), file, document, diagnostic.path),
  }
}

const RULE_FIELDS = ['sql', 'topicRulePayload', 'rule', 'ruleName', 'awsIotSqlVersion']

/** Whether a file of a directory is about rules at all; one that cannot be read may be. */
export function holdsRules({ rules, unread, isTemplate }: RuleSources): boolean {
  if (unread.length > 0 || isTemplate) return unread.length + rules.length > 0
  return rules.some(({ document }) => {
    const isObject = typeof document === 'object' && document !== null
    return isObject && RULE_FIELDS.some((field) => field in document)
  })
}
