import { kafkaExtensions } from '../../config/index.ts'
import { compileRule, type CompileOptions, type Rule, RuleSet } from '../../dryrun/index.ts'
import { filesOf, type FoundFile, sourcesOf } from '../check/files.ts'
import { note } from '../command.ts'
import { renderFault } from '../diagnostics.ts'
import { holdsRules, type RuleSource } from '../sources/index.ts'
import { Usage } from '../usage.ts'

/**
 * The rules of files and directories, in every form that `check` reads. Faults go to standard error.
 * @returns undefined when a rule has faults
 * @throws Usage for a path that cannot be read or holds no rules
 */
export function loadRules(paths: readonly string[], options: CompileOptions): RuleSet | undefined {
  const rules: Rule[] = []
  let faulty = 0
  for (const file of paths.flatMap(foundAt)) {
    const sources = reading(file.path, () => sourcesOf(file))
    const { rules: read, unread } = sources
    if (file.found && !holdsRules(sources)) continue
    for (const { diagnostics } of unread) for (const fault of diagnostics) note(renderFault(fault, file.path))
    faulty += unread.length
    for (const source of read) {
      const rule = compiled(source, options)
      if (rule === undefined) faulty += 1
      else rules.push(rule)
    }
  }
  if (faulty > 0) return undefined
  if (rules.length === 0) throw new Usage(`${paths.join(', ')}: there is no rule.`)
  const names = new Set<string>()
  for (const { name } of rules) {
    if (names.has(name)) throw new Usage(`${paths.join(', ')}: there are two rules ${name}.`)
    names.add(name)
  }
  return new RuleSet(rules)
}

function compiled(source: RuleSource, options: CompileOptions): Rule | undefined {
  const result = compileRule(
    source.document,
    source.name === undefined ? options : { ...options, name: source.name },
  )
  if (result.ok) return result.rule
  for (const fault of result.diagnostics) note(source.render(fault))
  return undefined
}

function foundAt(path: string): FoundFile[] {
  return reading(path, () => filesOf(path))
}

function reading<Result>(path: string, read: () => Result): Result {
  try {
    return read()
  } catch (error) {
    if (error instanceof Usage) throw error
    const { code, message } = error as NodeJS.ErrnoException
    throw new Usage(`Cannot read ${path} (${code ?? message}).`)
  }
}

/** Nothing is delivered, so that everything is allowed which some server may allow. */
export const EVERYTHING = [...kafkaExtensions]
