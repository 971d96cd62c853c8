import { visible } from '../../explain/index.ts'
import { type CommandSpec, note, print } from '../command.ts'
import { carryOut, readLocal } from './apply.ts'
import { FORMAT_OPTION, formatOf } from '../format.ts'
import { SERVICE_OPTIONS, SKIP_CHECK_OPTION, withService } from './options.ts'
import { planChanges } from './plan.ts'
import { describeFailure, type ListedRule, type RemoteRules } from './remote.ts'

export const rulesList: CommandSpec = {
  name: 'rules list',
  summary: 'List the rules of a server, or of AWS; with --format json one object a line.',
  options: [
    { flags: '--topic <filter>', description: 'Only rules on this topic filter.' },
    { flags: '--disabled', description: 'Only rules that are disabled.' },
    { flags: '--enabled', description: 'Only rules that are enabled.' },
    FORMAT_OPTION,
    ...SERVICE_OPTIONS,
  ],
  async run(options) {
    const format = formatOf(options)
    const { topic, enabled, disabled } = options
    if (enabled === true && disabled === true) {
      note('--enabled and --disabled leave nothing to list.')
      return 2
    }
    const wanted = enabled === true ? false : disabled === true ? true : undefined
    return withService(options, async (service) => {
      for await (const rule of service.list(topic as string | undefined, wanted))
        print(format === 'json' ? JSON.stringify(rule) : lineOf(rule))
      return 0
    })
  },
}

function lineOf({ name, topicPattern, createdAt, disabled }: ListedRule): string {
  const state = disabled ? 'disabled' : 'enabled '
  return `${visible(name).padEnd(32)}  ${state}  ${createdAt?.toISOString() ?? '-'}  ${visible(topicPattern ?? '')}`
}

export const rulesGet: CommandSpec = {
  name: 'rules get',
  arguments: '<name>',
  summary: 'Print a rule as a document that `rules put` takes again.',
  options: SERVICE_OPTIONS,
  run(options, [name = '']) {
    return withService(options, async (service) => {
      const topicRulePayload = await service.get(name)
      print(JSON.stringify({ ruleName: name, topicRulePayload }, undefined, 2))
      return 0
    })
  },
}

export const rulesPut: CommandSpec = {
  name: 'rules put',
  arguments: '<path...>',
  summary: 'Create the rules of files (or of standard input, -), or replace them where they are there.',
  options: [SKIP_CHECK_OPTION, ...SERVICE_OPTIONS],
  run(options, paths) {
    const local = readLocal(paths, options)
    if (typeof local === 'number') return Promise.resolve(local)
    return withService(options, async (service) =>
      (await carryOut(service, await planChanges(service, local.rules, false))) ? 0 : 1,
    )
  },
}

export const rulesDelete = onEach('delete', 'Delete rules.', 'deleted', (service, name) =>
  service.delete(name),
)

export const rulesEnable = onEach('enable', 'Enable rules.', 'enabled', (service, name) =>
  service.enable(name),
)

export const rulesDisable = onEach(
  'disable',
  'Disable rules; they stay where they are and take no messages.',
  'disabled',
  (service, name) => service.disable(name),
)

/** A command that does one thing to each of the rules that it names; one that fails does not keep it from the others. */
function onEach(
  verb: string,
  summary: string,
  done: string,
  work: (service: RemoteRules, name: string) => Promise<void>,
): CommandSpec {
  return {
    name: `rules ${verb}`,
    arguments: '<name...>',
    summary,
    options: SERVICE_OPTIONS,
    run: (options, names) =>
      withService(options, async (service) => {
        let failed = 0
        for (const name of names) {
          try {
            await work(service, name)
            note(`${done} ${visible(name)}`)
          } catch (error) {
            const { reached, text } = describeFailure(error)
            if (!reached) throw error
            failed += 1
            note(`failed ${visible(name)}: ${text}`)
          }
        }
        return failed === 0 ? 0 : 1
      }),
  }
}
