import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const SRC = fileURLToPath(new URL('../src', import.meta.url))
const TEST = fileURLToPath(new URL('.', import.meta.url))

const L0 = ['errors.ts', 'nearest.ts', 'secret.ts', 'durable.ts', 'value', 'message', 'observe', 'config']

/** Folder or top-level file of src/ → what it may import. docs/architecture.md shows the same table. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  'errors.ts': [],
  'nearest.ts': [],
  'secret.ts': [],
  'durable.ts': [],
  value: [],
  message: [],
  observe: ['errors.ts'],
  config: ['errors.ts', 'nearest.ts'],
  sql: L0,
  ingest: L0,
  deliver: L0,
  deadletter: L0,
  secrets: L0,
  access: L0,
  services: [...L0, 'sql'],
  match: [],
  evaluate: [...L0, 'sql'],
  render: [...L0, 'sql'],
  rule: [...L0, 'sql', 'match', 'render', 'deliver/specs.ts'],
  store: [...L0, 'rule'],
  explain: [...L0, 'sql', 'match', 'evaluate', 'render', 'rule'],
  dryrun: [...L0, 'sql', 'services', 'match', 'rule', 'evaluate', 'explain'],
  tap: [
    ...L0,
    'access',
    'sql',
    'match',
    'rule',
    'evaluate',
    'explain',
    'deliver',
    'deliver/specs.ts',
    'engine',
  ],
  testing: [...L0, 'sql', 'rule', 'explain', 'dryrun', 'store'],
  engine: [...L0, 'sql', 'rule', 'match', 'evaluate', 'render', 'deliver', 'deadletter', 'ingest'],
  control: [...L0, 'access', 'match', 'rule', 'store', 'tap'],
  cli: [
    ...L0,
    'access',
    'deadletter',
    'services',
    'sql',
    'deliver/specs.ts',
    'evaluate',
    'render',
    'rule',
    'explain',
    'dryrun',
    'testing',
    'store',
    'app.ts',
  ],
  'app.ts': [
    ...L0,
    'tap',
    'store',
    'engine',
    'deliver',
    'deliver/specs.ts',
    'ingest',
    'secrets',
    'sql',
    'app-observe.ts',
    'app-delivery.ts',
    'app-ingest.ts',
    'app-services.ts',
    'app-secrets.ts',
    'app-check.ts',
    'app-access.ts',
    'app-callers.ts',
    'app-reload.ts',
    'app-dead-letters.ts',
    'app-rules.ts',
    'app-control.ts',
    'app-destinations.ts',
  ],
  'app-destinations.ts': [
    ...L0,
    'control',
    'deliver',
    'deliver/specs.ts',
    'engine',
    'store',
    'app-access.ts',
  ],
  'app-control.ts': [
    ...L0,
    'access',
    'control',
    'store',
    'tap',
    'app-access.ts',
    'app-callers.ts',
    'app-rules.ts',
  ],
  'app-rules.ts': [...L0, 'rule', 'store', 'engine', 'deliver/specs.ts', 'app-access.ts', 'app-services.ts'],
  'app-dead-letters.ts': [...L0, 'deadletter'],
  'app-access.ts': [...L0, 'ingest'],
  'app-callers.ts': [...L0, 'access', 'ingest', 'deliver/specs.ts', 'app-access.ts'],
  'app-reload.ts': [...L0, 'store', 'ingest', 'app-access.ts', 'app-callers.ts', 'app-services.ts'],
  'app-check.ts': [...L0, 'sql', 'rule', 'deliver', 'app-secrets.ts', 'app-services.ts'],
  'app-services.ts': [...L0, 'sql', 'services', 'app-access.ts'],
  'app-delivery.ts': [...L0, 'deliver', 'deliver/specs.ts'],
  'app-ingest.ts': [...L0, 'engine', 'ingest', 'app-access.ts', 'app-callers.ts', 'app-observe.ts'],
  'app-secrets.ts': [...L0, 'sql', 'rule', 'deliver', 'deliver/specs.ts', 'secrets', 'services'],
  'app-observe.ts': [...L0, 'engine', 'ingest', 'app.ts'],
  'main.ts': ['cli'],
  'index.ts': [...L0, 'dryrun', 'explain', 'sql'],
}

/** Files outside a folder reach into it by these alone. */
const doors = ['index.ts', 'specs.ts']
/** Only these may load the generated parser. */
const antlr = ['sql/parse.ts', 'sql/build.ts', 'sql/tokens.ts', 'sql/grammar-table.ts']

interface Import {
  readonly from: string
  readonly to: string
  readonly lazy: boolean
}

function filesBelow(directory: string): string[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => join(entry.parentPath, entry.name))
}

const sources = filesBelow(SRC).map((file) => relative(SRC, file).split(sep).join('/'))

const imports: Import[] = sources
  .filter((from) => !from.startsWith('sql/generated/'))
  .flatMap((from) => {
    const text = readFileSync(join(SRC, from), 'utf8')
    const found = [...text.matchAll(/(?:from|(import)\()\s*'(\.[^']+)'/g)]
    return found.map(([, lazy, specifier]) => ({
      from,
      to: relative(SRC, resolve(SRC, dirname(from), specifier!))
        .split(sep)
        .join('/'),
      lazy: lazy !== undefined,
    }))
  })

const roomOf = (file: string): string => file.split('/')[0]!

describe('the source tree', () => {
  it('has only rooms that the table names', () => {
    expect(imports.length).toBeGreaterThan(300)
    expect([...new Set(sources.map(roomOf))].filter((room) => !(room in mayImport))).toEqual([])
  })

  it('imports only what the table allows', () => {
    const offenders = imports.filter(({ from, to }) => {
      const [room, target] = [roomOf(from), roomOf(to)]
      if (room === target) return false
      const allowed = mayImport[room] ?? []
      return !allowed.includes(target) && !allowed.includes(to)
    })
    expect(offenders.map(({ from, to }) => `${from} imports ${to}`)).toEqual([])
  })

  it('enters another folder by its door alone', () => {
    const offenders = imports.filter(({ from, to }) => {
      if (roomOf(from) === roomOf(to) || !to.includes('/')) return false
      return !doors.includes(to.slice(roomOf(to).length + 1))
    })
    expect(offenders.map(({ from, to }) => `${from} imports ${to}`)).toEqual([])
  })

  it('loads the server only when it is asked to serve', () => {
    const offenders = imports.filter(
      ({ from, to, lazy }) => roomOf(from) === 'cli' && to === 'app.ts' && !lazy,
    )
    expect(offenders.map(({ from }) => from)).toEqual([])
  })

  it('keeps ANTLR behind the parser', () => {
    const offenders = sources.filter(
      (file) =>
        !file.startsWith('sql/generated/') &&
        !antlr.includes(file) &&
        /from '(antlr4ts|[^']*\/generated\/)/.test(readFileSync(join(SRC, file), 'utf8')),
    )
    expect(offenders).toEqual([])
  })

  it('has no default export and no utils', () => {
    const offenders = sources.filter(
      (file) => /utils?\.ts$/.test(file) || /^export default/m.test(readFileSync(join(SRC, file), 'utf8')),
    )
    expect(offenders).toEqual([])
  })
})

describe('the test tree', () => {
  it('has a folder for every folder of src with code', () => {
    const rooms = [...new Set(sources.filter((file) => file.includes('/')).map(roomOf))]
    expect(rooms.filter((room) => !existsSync(join(TEST, room)))).toEqual([])
  })

  it('runs every file that holds tests', () => {
    const offenders = filesBelow(TEST).filter(
      (file) =>
        !file.endsWith('.test.ts') && /^\s*(describe|it|test)(\.each)?\(/m.test(readFileSync(file, 'utf8')),
    )
    expect(offenders.map((file) => relative(TEST, file))).toEqual([])
  })
})
