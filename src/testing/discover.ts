import { closeSync, type Dirent, openSync, readdirSync, readSync, statSync } from 'node:fs'
import { basename, extname, join } from 'node:path'

/** What lies below the paths that a run was given. */
export interface Discovery {
  readonly tests: readonly string[]
  /** JSON and YAML files that are no tests and may be rules. */
  readonly others: readonly string[]
  /** Every directory that was looked into. */
  readonly directories: readonly string[]
}

const IGNORED = new Set(['node_modules', 'dist', '.git'])
/** Where AWS's validation tool keeps its cases. */
const AWS_FOLDER = 'validation-data'
/** Bytes of a file that are looked at to tell what it is. */
const HEAD = 64 * 1024
const MAX_DEPTH = 32

/** Whether a file is a test by its name: `*.test.json`, `*.test.yaml`, `*.test.yml`. */
export function isTestFile(file: string): boolean {
  return /\.test\.(json|ya?ml)$/.test(file)
}

/**
 * Finds tests in files and directories, in the order of their names: files named as tests, every file that is given by
 * itself, and cases of AWS's validation tool in directories `validation-data` and in those that are given.
 * @throws Error when a path does not exist
 */
export function discover(paths: readonly string[]): Discovery {
  const found = { tests: new Set<string>(), others: new Set<string>(), directories: new Set<string>() }
  for (const path of paths) {
    if (statSync(path).isDirectory()) walk(path, found, true, 0)
    else found.tests.add(path)
  }
  return { tests: [...found.tests], others: [...found.others], directories: [...found.directories] }
}

interface Found {
  readonly tests: Set<string>
  readonly others: Set<string>
  readonly directories: Set<string>
}

function walk(directory: string, found: Found, isGiven: boolean, depth: number): void {
  if (depth > MAX_DEPTH) return
  found.directories.add(directory)
  const mayHoldAwsCases = isGiven || basename(directory) === AWS_FOLDER
  const entries = entriesOf(directory)
  for (const { name } of entries.filter((entry) => entry.isFile())) {
    const file = join(directory, name)
    if (isTestFile(name)) found.tests.add(file)
    else if (mayHoldAwsCases && extname(name) === '.json' && holdsAwsCase(file)) found.tests.add(file)
    else if (['.json', '.yaml', '.yml'].includes(extname(name))) found.others.add(file)
  }
  for (const { name } of entries.filter((entry) => entry.isDirectory())) {
    if (!IGNORED.has(name)) walk(join(directory, name), found, false, depth + 1)
  }
}

function entriesOf(directory: string): Dirent[] {
  try {
    const entries = readdirSync(directory, { withFileTypes: true })
    return entries.sort((a, b) => (a.name < b.name ? -1 : 1))
  } catch {
    return []
  }
}

function holdsAwsCase(file: string): boolean {
  try {
    const descriptor = openSync(file, 'r')
    try {
      const bytes = Buffer.alloc(HEAD)
      const text = bytes.toString('utf8', 0, readSync(descriptor, bytes, 0, HEAD, 0))
      return text.includes('"inputSql"') && text.includes('"topic"')
    } finally {
      closeSync(descriptor)
    }
  } catch {
    return false
  }
}
