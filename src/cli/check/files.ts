import { lstatSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { extname, join } from 'node:path'
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
 * tests of rules and links to other directories are left out.
 * @throws Error when it cannot be read, Usage when there are too many
 */
export function filesOf(path: string): FoundFile[] {
  if (path === '-' || !statSync(path).isDirectory()) return [{ path, found: false }]
  const files: FoundFile[] = []
  const directories = [path]
  for (let directory = directories.pop(); directory !== undefined; directory = directories.pop()) {
    const inside: string[] = []
    for (const name of readdirSync(directory).sort()) {
      if (name.startsWith('.') || name === 'node_modules') continue
      const each = join(directory, name)
      if (lstatSync(each).isDirectory()) inside.push(each)
      else if (isRuleFile(name)) files.push({ path: each, found: true })
    }
    directories.push(...inside.reverse())
    if (files.length > MAX_FILES) throw new Usage(`${path} holds more than ${MAX_FILES} files.`)
  }
  return files
}

function isRuleFile(name: string): boolean {
  return ENDINGS.has(extname(name)) && !/\.test\.(?:json|ya?ml)$/.test(name)
}

/** @throws Error when it cannot be read or is too large */
export function textOf(path: string): string {
  if (path !== '-' && statSync(path).size > MAX_BYTES) throw new Error('it is larger than 64 MiB')
  const bytes = readFileSync(path === '-' ? 0 : path)
  if (bytes.length > MAX_BYTES) throw new Error('it is larger than 64 MiB')
  return bytes.toString('utf8')
}
