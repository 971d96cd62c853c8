import { readdirSync, statSync } from 'node:fs'
import { extname, join } from 'node:path'
import { kafkaExtensions } from '../../config/index.ts'
import { compileRule, type CompileOptions, type Rule, RuleSet } from '../../dryrun/index.ts'
import { note } from '../command.ts'
import { renderDocumentFault, renderFault } from '../diagnostics.ts'
import { readInput } from '../mocks.ts'
import { readRules } from '../sources/index.ts'
import { Usage } from '../usage.ts'

const ENDINGS = ['.json', '.yaml', '.yml', '.template']

/**
 * The rules of files and directories, in every form that `check` reads. Faults go to standard error.
 * @returns undefined when a rule has faults
 * @throws Usage for a path that cannot be read or holds no rules
 */
export function loadRules(paths: readonly string[], options: CompileOptions): RuleSet | undefined {
  const rules: Rule[] = []
  let faulty = 0
  for (const file of paths.flatMap(filesOf)) {
    const sources = readRules(file, readInput(file, 'rules').toString('utf8'))
    for (const { diagnostics } of sources.unread)
      for (const fault of diagnostics) note(renderFault(fault, file))
    faulty += sources.unread.length
    for (const source of sources.rules) {
      const named = source.name === undefined ? options : { ...options, name: source.name }
      const compiled = compileRule(source.document, named)
      if (compiled.ok) rules.push(compiled.rule)
      else {
        faulty += 1
        for (const fault of compiled.diagnostics) note(renderDocumentFault(source.place(fault), source))
      }
    }
  }
  if (faulty > 0) return undefined
  if (rules.length === 0) throw new Usage(`${paths.join(', ')}: there is no rule.`)
  const twice = rules.find((rule, index) => rules.findIndex(({ name }) => name === rule.name) !== index)
  if (twice !== undefined) throw new Usage(`${paths.join(', ')}: there are two rules ${twice.name}.`)
  return new RuleSet(rules)
}

/** Tests of rules stand beside them and are none. */
function filesOf(path: string): string[] {
  if (path === '-' || !isDirectory(path)) return [path]
  return readdirSync(path, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      if (entry.name.startsWith('.')) return []
      if (entry.isDirectory()) return filesOf(join(path, entry.name))
      const isRule = ENDINGS.includes(extname(entry.name)) && !/\.test\.\w+$/.test(entry.name)
      return isRule ? [join(path, entry.name)] : []
    })
}

function isDirectory(path: string): boolean {
  try {
    return statSync(path).isDirectory()
  } catch (error) {
    throw new Usage(`Cannot read ${path} (${(error as NodeJS.ErrnoException).code}).`)
  }
}

/** Nothing is delivered, so that everything is allowed which some server may allow. */
export const EVERYTHING = [...kafkaExtensions]
