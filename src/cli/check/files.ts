import { isUtf8 } from 'node:buffer'
import { type Dirent, readdirSync, readFileSync, statSync } from 'node:fs'
import { extname, join } from 'node:path'
import { type Diagnostic } from '../../errors.ts'
import { readRules, type RuleSources } from '../sources/index.ts'
import { Usage } from '../usage.ts'

/** Largest file; a plan of Terraform may be long. */
const MAX_BYTES = 64 * 1024 * 1024
const MAX_FILES = 20_000
const ENDINGS = new Set(['.json', '.yaml', '.yml', '.template'])

/** A file to check. */
export interface FoundFile {
  readonly path: string
  /** Found in a directory: it may be something else than rules. */
  readonly found: boolean
}

/**
 * The files of a path: itself, or those with a known ending in a directory and below it. Hidden ones, node_modules,
 * tests of rules, links to directories and what is no file are left out; a directory below it that cannot be listed
 * stands for itself.
 * @throws Error when it cannot be read, Usage when there are too many
 */
export function filesOf(path: string): FoundFile[] {
  if (path === '-' || !statSync(path).isDirectory()) return [{ path, found: false }]
  const files: FoundFile[] = []
  const directories = [path]
  for (let directory = directories.pop(); directory !== undefined; directory = directories.pop()) {
    const inside: string[] = []
    for (const entry of entriesOf(directory, directory === path)) {
      if (entry === undefined) files.push({ path: directory, found: true })
      else if (entry.name.startsWith('.') || entry.name === 'node_modules') continue
      else if (entry.isDirectory()) inside.push(join(directory, entry.name))
      else if (isRuleFile(directory, entry)) files.push({ path: join(directory, entry.name), found: true })
    }
    directories.push(...inside.reverse())
    if (files.length > MAX_FILES) throw new Usage(`${path} holds more than ${MAX_FILES} files.`)
  }
  return files
}

/** Undefined in place of what cannot be listed. */
function entriesOf(directory: string, isGiven: boolean): (Dirent | undefined)[] {
  try {
    const entries = readdirSync(directory, { withFileTypes: true })
    return entries.sort((a, b) => (a.name < b.name ? -1 : 1))
  } catch (error) {
    if (isGiven) throw error
    return [undefined]
  }
}

function isRuleFile(directory: string, entry: Dirent): boolean {
  const { name } = entry
  if (!ENDINGS.has(extname(name)) || /\.test\.(?:json|ya?ml)$/.test(name)) return false
  if (!entry.isSymbolicLink()) return entry.isFile()
  try {
    return statSync(join(directory, name)).isFile()
  } catch {
    // Reading it tells what is wrong with the link.
    return true
  }
}

/**
 * The rules of a file. One that was found and cannot be read, that is too large, or that is not UTF-8, is a document
 * that is not read, so that the others are.
 * @throws Error of node:fs for a path that was given and cannot be read
 */
export function sourcesOf({ path, found }: FoundFile): RuleSources {
  let bytes: Buffer
  try {
    if (path !== '-' && statSync(path).size > MAX_BYTES) return tooLarge(path)
    bytes = readFileSync(path === '-' ? 0 : path)
  } catch (error) {
    if (!found) throw error
    return unread(`${path} cannot be read: ${(error as NodeJS.ErrnoException).code}.`)
  }
  if (bytes.length > MAX_BYTES) return tooLarge(path === '-' ? 'Standard input' : path)
  const sources = isUtf8(bytes) ? readRules(path, bytes.toString('utf8')) : notUtf8(path, bytes)
  return path === '-' ? ofStandardInput(sources) : sources
}

/** Messages that name the file name standard input so. */
function ofStandardInput(sources: RuleSources): RuleSources {
  const told = sources.unread.map(({ index, diagnostics }) => ({
    index,
    diagnostics: diagnostics.map((each) => ({
      ...each,
      message: each.message.replace(/^- /, 'Standard input '),
    })),
  }))
  return { ...sources, unread: told }
}

function tooLarge(path: string): RuleSources {
  return unread(`${path} is larger than ${MAX_BYTES / 1024 / 1024} MiB.`)
}

function notUtf8(path: string, bytes: Buffer): RuleSources {
  const mark = bytes.toString('hex', 0, 2)
  if (mark === 'fffe' || mark === 'feff') return unread(`${path} is UTF-16; save it as UTF-8.`)
  let line = 1
  for (let start = 0; ; line += 1) {
    const end = bytes.indexOf('\n', start)
    const part = bytes.subarray(start, end === -1 ? bytes.length : end)
    // The first character that cannot be read becomes U+FFFD.
    if (end === -1 || !isUtf8(part)) {
      const column = part.toString('utf8').indexOf('\uFFFD') + 1
      return unread(`${path} is not UTF-8.`, { line, column })
    }
    start = end + 1
  }
}

function unread(message: string, place: Pick<Diagnostic, 'line' | 'column'> = {}): RuleSources {
  const diagnostics: Diagnostic[] = [{ code: 'STORE_UNREADABLE', severity: 'error', message, ...place }]
  return { rules: [], unread: [{ index: 0, diagnostics }], isTemplate: false }
}
