import { createInterface } from 'node:readline/promises'
import { type CommandSpec, note, print } from '../command.ts'
import { FORMAT_OPTION, formatOf } from '../format.ts'
import { terminal } from '../terminal.ts'
import { Usage } from '../usage.ts'
import { type LocalRules, readLocalRules } from './local.ts'
import { checkSettings, SERVICE_OPTIONS, SKIP_CHECK_OPTION, withService } from './options.ts'
import { planChanges, renderChanges, type RuleChange, summaryOf } from './plan.ts'
import { describeFailure, type RemoteRules } from './remote.ts'

export const rulesApply: CommandSpec = {
  name: 'rules apply',
  summary:
    'Make the rules of a service those of files: create what is missing, replace what differs and, with --prune, delete what no file has. Everything is read and checked before anything is sent; deletions come last, and not at all after a failure.',
  options: [
    {
      flags: '-f, --file <path>',
      description: 'File, directory, or - for standard input.',
      repeatable: true,
    },
    { flags: '--prune', description: 'Delete rules of the service that the files do not have.' },
    {
      flags: '--dry-run',
      description: 'Only show what would change; exit code 1 where something would, 0 where nothing would.',
    },
    { flags: '--yes', description: 'Delete without asking.' },
    SKIP_CHECK_OPTION,
    FORMAT_OPTION,
    ...SERVICE_OPTIONS,
  ],
  examples: [
    {
      does: 'See what a directory of rules would change',
      command: 'topicrule rules apply -f rules/ --prune --dry-run',
    },
    {
      does: 'Carry a rule from AWS over',
      command: 'topicrule rules get --aws alerts | topicrule rules apply -f -',
    },
  ],
  async run(options) {
    const paths = options['file'] as readonly string[]
    const format = formatOf(options)
    if (paths.length === 0) throw new Usage('Name files or directories with -f.')
    const local = readLocal(paths, options)
    if (typeof local === 'number') return local
    if (local.rules.length === 0 && options['prune'] === true) {
      note('There is no rule in the files: --prune would delete every rule, so nothing is done.')
      return 2
    }
    return withService(options, async (service) => {
      const changes = await planChanges(service, local.rules, options['prune'] === true)
      show(changes, format)
      const due = changes.filter(({ kind }) => kind !== 'same')
      note(`${service.where}: ${summaryOf(changes)}.`)
      if (options['dryRun'] === true) return due.length === 0 ? 0 : 1
      const doomed = due.filter(({ kind }) => kind === 'delete').map(({ name }) => name)
      if (doomed.length > 0 && options['yes'] !== true) {
        const answer = await mayDelete(doomed, paths)
        if (answer !== true) return answer
      }
      return (await carryOut(service, due)) ? 0 : 1
    })
  },
}

/** The rules, or the exit code where they have faults, which were told. */
export function readLocal(
  paths: readonly string[],
  options: Readonly<Record<string, unknown>>,
): LocalRules | number {
  const settings = options['skipCheck'] === true ? undefined : checkSettings(options)
  if (settings === undefined && options['skipCheck'] !== true) return 2
  try {
    const local = readLocalRules(paths, settings)
    if (local.faulty === 0) return local
    note(`${local.faulty} document${local.faulty === 1 ? ' has' : 's have'} faults; nothing was sent.`)
    return 1
  } catch (error) {
    note(`Cannot read the rules: ${(error as Error).message}.`)
    return 2
  }
}

function show(changes: readonly RuleChange[], format: 'text' | 'json'): void {
  if (format === 'json') {
    const plain = changes.map(({ name, kind, fields }) => ({ rule: name, change: kind, fields }))
    print(JSON.stringify(plain, undefined, 2))
  } else for (const line of renderChanges(changes, terminal())) print(line)
}

/** True when the person at the terminal agrees; else the exit code. */
async function mayDelete(names: readonly string[], paths: readonly string[]): Promise<true | number> {
  const rules = `${names.length} rule${names.length === 1 ? '' : 's'}`
  if (process.stdin.isTTY !== true || paths.includes('-')) {
    note(`Deleting ${rules} (${names.join(', ')}) needs --yes where nobody can be asked; nothing was done.`)
    return 2
  }
  const lines = createInterface({ input: process.stdin, output: process.stderr })
  const answer = await lines.question(`Delete ${rules}: ${names.join(', ')}? [y/N] `)
  lines.close()
  if (/^y(es)?$/i.test(answer.trim())) return true
  note('Nothing was done.')
  return 1
}

const done = { create: 'created', replace: 'replaced', delete: 'deleted', same: 'unchanged' } as const

/**
 * Carries changes out one after the other, deletions last, so that a rule under a new name is there before the one
 * under the old name goes. After a failure the other rules are still put, but none is deleted.
 * @returns whether all of them succeeded
 */
export async function carryOut(service: RemoteRules, changes: readonly RuleChange[]): Promise<boolean> {
  let failed = 0
  for (const change of [...changes].sort(
    (a, b) => Number(a.kind === 'delete') - Number(b.kind === 'delete'),
  )) {
    if (change.kind === 'delete' && failed > 0) {
      note(`${change.name} was not deleted, because of the failure above.`)
      continue
    }
    try {
      await carryOutOne(service, change)
      note(`${done[change.kind]} ${change.name}`)
    } catch (error) {
      const { reached, text } = describeFailure(error)
      if (!reached) throw error
      failed += 1
      note(`failed ${change.name}: ${text}`)
    }
  }
  return failed === 0
}

async function carryOutOne(service: RemoteRules, { name, kind, local }: RuleChange): Promise<void> {
  if (kind === 'create') await service.create(name, local!.payload, local!.tags)
  else if (kind === 'replace') await service.replace(name, local!.payload)
  else if (kind === 'delete') await service.delete(name)
}
