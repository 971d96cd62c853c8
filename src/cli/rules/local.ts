import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { compileRule, unwrapDocument } from '../../rule/index.ts'
import { isRuleFile, readDocuments, type StoredDocument } from '../../store/index.ts'
import { note } from '../command.ts'
import { renderDocumentFault, renderFault } from '../diagnostics.ts'
import { type RuleSettings } from '../rule-settings.ts'
import { type Payload } from './remote.ts'

/** A rule as files have it. */
export interface LocalRule {
  readonly name: string
  readonly payload: Payload
  /** `key=value&…`, as `create-topic-rule --tags` takes them; only a rule that is created gets them. */
  readonly tags: string | undefined
  readonly file: string
}

export interface LocalRules {
  readonly rules: readonly LocalRule[]
  /** Documents with faults, which were told. */
  readonly faulty: number
}

/**
 * Reads rule documents as the rules directory of a server is read: files, the files of directories, `-` for standard
 * input. Faults and warnings go to standard error.
 * @param settings undefined: documents are not checked beyond having a name and a payload
 * @throws Error of node:fs for a path that cannot be read
 */
export function readLocalRules(paths: readonly string[], settings: RuleSettings | undefined): LocalRules {
  const rules = new Map<string, LocalRule>()
  let faulty = 0
  for (const file of paths.flatMap(filesOf)) {
    const { documents, unread } = readDocuments(file, readFileSync(file === '-' ? 0 : file, 'utf8'))
    for (const { diagnostics } of unread) for (const fault of diagnostics) note(renderFault(fault, file))
    faulty += unread.length
    for (const stored of documents) {
      const rule = readOne(stored, settings)
      if (rule === undefined) faulty += 1
      else if (rules.has(rule.name)) {
        note(`${file} and ${rules.get(rule.name)!.file} both have a rule ${rule.name}; it can be there once.`)
        faulty += 1
      } else rules.set(rule.name, rule)
    }
  }
  return { rules: [...rules.values()], faulty }
}

function filesOf(path: string): string[] {
  if (path === '-' || !statSync(path).isDirectory()) return [path]
  const names = readdirSync(path).filter(isRuleFile)
  return names.sort().map((name) => join(path, name))
}

function readOne(stored: StoredDocument, settings: RuleSettings | undefined): LocalRule | undefined {
  const { unwrapped } = unwrapDocument(stored.document)
  const name = unwrapped?.name ?? stored.name
  if (name === undefined) {
    const message = 'The rule has no name, and its file gives it none.'
    note(
      renderFault({ code: 'RULE_NAME_REQUIRED', severity: 'error', message, path: 'ruleName' }, stored.file),
    )
    return undefined
  }
  if (settings !== undefined && !isAccepted(stored, name, settings)) return undefined
  if (unwrapped === undefined) {
    note(`${stored.file} has no rule document for ${name}.`)
    return undefined
  }
  const { tags } = stored.document as { tags?: unknown }
  return {
    name,
    payload: unwrapped.payload,
    tags: typeof tags === 'string' ? tags : undefined,
    file: stored.file,
  }
}

function isAccepted(stored: StoredDocument, name: string, settings: RuleSettings): boolean {
  const result = compileRule(stored.document, { ...settings, name })
  for (const found of result.ok ? result.warnings : result.diagnostics)
    note(renderDocumentFault({ ...found, ...stored.locate(found.path ?? '') }, stored))
  return result.ok
}
