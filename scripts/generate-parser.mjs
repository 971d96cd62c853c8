// Generates src/sql/generated/ from grammar/ with antlr4ts-cli (needs java). `--check` only compares and exits 1
// when the committed files differ from a fresh generation.
import { execFileSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const target = join(root, 'src/sql/generated')
const grammars = ['IotSqlLexer', 'IotSqlParser']
/** Names that the generated code uses as types only; Node's type stripping needs to be told. */
const typesOnly = new Set([
  'ATN',
  'CharStream',
  'ParseTreeListener',
  'ParseTreeVisitor',
  'RuleContext',
  'TerminalNode',
  'TokenStream',
  'Vocabulary',
])

function jarPath() {
  const cli = dirname(createRequire(join(root, 'package.json')).resolve('antlr4ts-cli/package.json'))
  const jar = readdirSync(join(cli, 'target')).find((name) => name.endsWith('-complete.jar'))
  if (jar === undefined) throw new Error('antlr4ts-cli has no generator jar; run npm ci')
  return join(cli, 'target', jar)
}

/** The generator's output made fit for ESM, `verbatimModuleSyntax` and strict unused checks. */
function postProcess(source, grammar) {
  const body = source.replace(/^\/\/ Generated from .*\n/, '').replace(/^\/\/import .*\n/gm, '')
  const [imports, code] = splitImports(body)
  const used = imports.filter(({ name }) => new RegExp(`\\b${name}\\b`).test(code.replace(/\/\/.*$/gm, '')))
  const lines = used.map(({ name, from, namespace }) => importLine(name, from, namespace))
  return [
    `// Generated from grammar/${grammar}.g4 by scripts/generate-parser.mjs: do not edit.`,
    '// @ts-nocheck: the generator targets looser compiler settings.',
    '',
    ...lines,
    '',
    code.trim().replace(/[ \t]+$/gm, ''),
    '',
  ].join('\n')
}

function splitImports(body) {
  const imports = []
  const rest = []
  for (const line of body.split('\n')) {
    const named = /^import \{ (\w+) \} from "(antlr4ts[^"]*)";$/.exec(line)
    const all = /^import \* as (\w+) from "(antlr4ts[^"]*)";$/.exec(line)
    const match = named ?? all
    if (match) imports.push({ name: match[1], from: match[2], namespace: all !== null })
    else rest.push(line)
  }
  return [imports, rest.join('\n')]
}

function importLine(name, from, namespace) {
  const specifier = `'${from}.js'`
  if (namespace) return `import * as ${name} from ${specifier}`
  return `import { ${typesOnly.has(name) ? 'type ' : ''}${name} } from ${specifier}`
}

function generate(directory) {
  // Relative grammar paths keep machine paths out of the output.
  const scratch = join(directory, 'grammar')
  cpSync(join(root, 'grammar'), scratch, { recursive: true })
  const files = grammars.map((name) => `${name}.g4`)
  const options = ['-jar', jarPath(), '-no-visitor', '-no-listener', '-Werror', '-o', 'out', ...files]
  execFileSync('java', options, { cwd: scratch, stdio: ['ignore', 'ignore', 'inherit'] })
  return grammars.map((name) => {
    const source = readFileSync(join(scratch, 'out', `${name}.ts`), 'utf8')
    return { name: `${name}.ts`, text: postProcess(source, name) }
  })
}

function readOrNothing(path) {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}

const directory = mkdtempSync(join(tmpdir(), 'iot-sql-'))
try {
  const files = generate(directory)
  if (process.argv.includes('--check')) {
    const stale = files.filter(({ name, text }) => readOrNothing(join(target, name)) !== text)
    for (const { name } of stale)
      console.error(`src/sql/generated/${name} differs from grammar/: run node scripts/generate-parser.mjs`)
    process.exitCode = stale.length > 0 ? 1 : 0
  } else {
    mkdirSync(target, { recursive: true })
    for (const { name, text } of files) writeFileSync(join(target, name), text)
  }
} finally {
  rmSync(directory, { recursive: true, force: true })
}
