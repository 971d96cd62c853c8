import { basename, extname } from 'node:path'
import { type Document, type LineCounter } from 'yaml'
import { readYaml } from '../config/index.ts'
import { type Diagnostic } from '../errors.ts'
import { readJson } from '../value/index.ts'
import { JsonPlaces } from './json-places.ts'
import { fieldSteps, locateField, type Position, positionAt } from './positions.ts'

/** A rule document at rest. */
export interface StoredDocument {
  /** File and, where it holds several documents, the position in it; stable over edits. */
  readonly source: string
  readonly file: string
  /** Counts from 0. */
  readonly index: number
  /** Name for a document without `ruleName`: the file's name without its ending. */
  readonly name: string | undefined
  /** Name of the rule, as the document or else its file has it. */
  readonly ruleName: string | undefined
  readonly document: unknown
  readonly text: string
  /** Line and column, from 1, of a field such as `actions[0].kafka.topic`; of its nearest parent when it is absent. */
  locate(path: string): Position | undefined
}

/** A document that is neither JSON nor YAML, or a file that holds none. */
export interface UnreadDocument {
  readonly index: number
  readonly diagnostics: readonly Diagnostic[]
}

export interface ReadResult {
  readonly documents: readonly StoredDocument[]
  readonly unread: readonly UnreadDocument[]
}

/** One document of a file, read or not, before it knows its place among the others. */
type Part =
  | {
      readonly value: unknown
      readonly text: string
      readonly locate: (path: string) => Position | undefined
    }
  | { readonly faults: readonly Diagnostic[] }

const RULE_NAME = /^[a-zA-Z0-9_]{1,128}$/
const MAX_ALIASES = 100

/**
 * Splits a file's text into rule documents: JSON or YAML, one document, an array of them, several YAML documents
 * separated by `---`, or one JSON document a line. What cannot be read is reported beside the rest. Never throws.
 */
export function readDocuments(file: string, text: string): ReadResult {
  const found = partsOf(file, text.replace(/^\uFEFF/, ''))
  const parts = found.length > 0 ? found : [{ faults: [fault(`${file} holds no rule document.`)] }]
  const stem = basename(file, extname(file)).replaceAll('-', '_')
  const name = parts.length === 1 && RULE_NAME.test(stem) ? stem : undefined
  const documents: StoredDocument[] = []
  const unread: UnreadDocument[] = []
  for (const [index, part] of parts.entries()) {
    if ('faults' in part) unread.push({ index, diagnostics: part.faults })
    else {
      const { value, ...rest } = part
      const source = `${file}#${index}`
      documents.push({
        source,
        file,
        index,
        name,
        ruleName: ownName(value) ?? name,
        document: value,
        ...rest,
      })
    }
  }
  return { documents, unread }
}

/** The payload of a document in any of its forms, without what the service adds; undefined when it is no object. */
export function payloadOf(document: unknown): Readonly<Record<string, unknown>> | undefined {
  if (!isRecord(document)) return undefined
  if (Object.hasOwn(document, 'topicRulePayload'))
    return isRecord(document['topicRulePayload']) ? document['topicRulePayload'] : undefined
  if (!Object.hasOwn(document, 'rule')) return document
  if (!isRecord(document['rule'])) return undefined
  const { ruleName: _ruleName, createdAt: _createdAt, ...payload } = document['rule']
  return payload
}

/** The same document, in its own form, with another payload. */
export function withPayload(document: unknown, payload: object): object {
  if (!isRecord(document)) return payload
  if (Object.hasOwn(document, 'topicRulePayload')) return { ...document, topicRulePayload: payload }
  if (!Object.hasOwn(document, 'rule')) return payload
  const { ruleName, createdAt } = isRecord(document['rule']) ? document['rule'] : {}
  const added = { ...(ruleName !== undefined && { ruleName }), ...(createdAt !== undefined && { createdAt }) }
  return { ...document, rule: { ...added, ...payload } }
}

function ownName(document: unknown): string | undefined {
  if (!isRecord(document)) return undefined
  const holder = Object.hasOwn(document, 'topicRulePayload') ? document : document['rule']
  const name = isRecord(holder) ? holder['ruleName'] : undefined
  return typeof name === 'string' && RULE_NAME.test(name) ? name : undefined
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function partsOf(file: string, text: string): Part[] {
  if (extname(file) !== '.json' && !/^\s*[{[]/.test(text)) return yamlParts(file, text)
  const whole = jsonParts(file, text, 0)
  if (whole !== undefined) return whole
  const lines = text.split('\n')
  const first = lines.findIndex((line) => line.trim() !== '')
  if (
    lines.filter((line) => line.trim() !== '').length > 1 &&
    jsonParts(file, lines[first]!, first) !== undefined
  )
    return lines.flatMap((line, index) =>
      line.trim() === ''
        ? []
        : (jsonParts(file, line, index) ?? [{ faults: [jsonFault(file, line, index)] }]),
    )
  return extname(file) === '.json' ? [{ faults: [jsonFault(file, text, 0)] }] : yamlParts(file, text)
}

/** The documents of a JSON text that begins `above` lines below the file's first; undefined when it is no JSON. */
function jsonParts(file: string, text: string, above: number): Part[] | undefined {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return undefined
  }
  const places = new JsonPlaces(text)
  return rootsOf(file, value, (steps) => places.locate(steps, above))
}

/** What is wrong with the text, by offset: a parser's own message may quote what the document keeps secret. */
function jsonFault(file: string, text: string, above: number): Diagnostic {
  const read = readJson(text)
  if (read.ok) return fault(`${file} cannot be read as JSON.`)
  return fault(`${file} is not JSON: ${read.reason}.`, positionAt(text, read.offset, above))
}

function yamlParts(file: string, text: string): Part[] {
  const yaml = readYaml(text)
  if (yaml === undefined) return [{ faults: [fault(`${file} is nested too deeply.`)] }]
  return yaml.documents.flatMap((document) => yamlPart(file, document, yaml.lines))
}

function yamlPart(file: string, document: Document, lines: LineCounter): Part[] {
  const faults = document.errors.map(({ message, pos }) => {
    const { line, col } = lines.linePos(pos[0])
    // What the parser quotes may be a secret.
    const reason = message.split('\n')[0]!.replace(/:? ?".*$/, '')
    return fault(`${file} is neither JSON nor YAML: ${reason}.`, { line, column: col })
  })
  if (faults.length > 0) return [{ faults }]
  try {
    const value: unknown = document.toJS({ maxAliasCount: MAX_ALIASES })
    return rootsOf(file, value, (steps) => locateField(document, lines, steps, 0))
  } catch {
    return [
      { faults: [fault(`${file} has aliases that refer to nothing or to themselves, or that multiply.`)] },
    ]
  }
}

type Locate = (steps: readonly (string | number)[]) => Position | undefined

function rootsOf(file: string, value: unknown, locate: Locate): Part[] {
  if (value === null) return []
  if (!Array.isArray(value)) return [root(file, value, [], locate)]
  return (value as unknown[]).map((item, index) => root(file, item, [index], locate))
}

function root(file: string, value: unknown, prefix: readonly number[], locate: Locate): Part {
  try {
    const text = JSON.stringify(value) ?? ''
    return { value, text, locate: (path) => locate([...prefix, ...fieldSteps(path)]) }
  } catch {
    return { faults: [fault(`${file} is nested too deeply, or refers to itself.`, locate(prefix))] }
  }
}

function fault(message: string, position?: Position): Diagnostic {
  return { code: 'STORE_UNREADABLE', severity: 'error', message, ...position }
}
