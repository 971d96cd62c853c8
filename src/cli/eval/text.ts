import { type ActionTrial, plainAction, textOfBytes, type Trial } from '../../dryrun/index.ts'
import { type Explanation } from '../../explain/index.ts'
import { printable } from '../printable.ts'

/**
 * What a rule made of a message, for people: each action's record, or the reason why nothing comes of it, which
 * `explanation` has. `foreign` are the actions that are not run here; undefined for a statement without a rule.
 */
export function resultText(
  trial: Trial,
  explanation: Explanation | undefined,
  foreign: readonly string[] | undefined,
): string {
  if (!trial.selected && trial.failures.length === 0)
    return explanation === undefined ? '' : whyNothing(explanation)
  const hasActions = trial.actions.length > 0 || foreign === undefined || foreign.length > 0
  const sections = [
    trial.output === undefined ? failuresText(trial) : lines(['output', shown(trial.output)]),
    ...trial.actions.map((action) => actionText(`action ${action.index}: ${action.kind}`, action)),
    ...(foreign ?? []).map((action) => `${action}\n  is not run by this product\n`),
    ...(hasActions ? [] : ['the rule has no actions\n']),
  ]
  const { errorAction } = trial
  if (errorAction !== undefined) sections.push(actionText(`error action: ${errorAction.kind}`, errorAction))
  return sections.join('\n')
}

function whyNothing({ topic, where }: Explanation): string {
  if (!topic.matched) return lines(['no match', `${topic.topic}: ${topic.reason}`])
  return lines(
    ['not selected', `WHERE is ${where?.verdict}${where?.reason === undefined ? '' : `: ${where.reason}`}`],
    ['', '--explain shows the value of each sub-expression'],
  )
}

function failuresText({ failures }: Trial): string {
  return lines(...failures.map(({ code, message }): Row => ['failed', `${code}: ${message}`]))
}

type Row = readonly [label: string, text: string]

function lines(...rows: readonly Row[]): string {
  return (
    rows
      .map(([label, text]) => `${label.padEnd(12)}  ${text === '' ? '' : printable(text)}`.trimEnd())
      .join('\n') + '\n'
  )
}

function actionText(title: string, { made, failure }: ActionTrial): string {
  const rows: Row[] =
    failure !== undefined
      ? [['  failed', `${failure.code}: ${failure.message}`]]
      : made?.kafka === undefined
        ? publicationRows(made)
        : recordRows(made.kafka)
  return `${title}\n${lines(...rows)}`
}

function recordRows({
  topic,
  partition,
  key,
  headers,
  value,
}: NonNullable<NonNullable<ActionTrial['made']>['kafka']>): Row[] {
  return [
    ['  topic', topic],
    ['  partition', partition === null ? '(by the partitioner)' : String(partition)],
    ['  key', key ?? '(none)'],
    ...headers.map((header): Row => ['  header', `${header.key} = ${header.value}`]),
    ['  value', shown(value)],
  ]
}

function publicationRows(made: ActionTrial['made']): Row[] {
  if (made?.republish === undefined) return []
  const { topic, qos, payload } = made.republish
  const { republish } = plainAction(made) as { republish: { headers: Record<string, unknown> } }
  return [
    ['  topic', topic],
    ['  QoS', String(qos)],
    ...Object.entries(republish.headers).flatMap(([name, value]) => headerRows(name, value)),
    ['  payload', shown(payload)],
  ]
}

function headerRows(name: string, value: unknown): Row[] {
  if (!Array.isArray(value)) return [['  header', `${name} = ${String(value)}`]]
  const pairs = value as readonly { readonly key: string; readonly value: string }[]
  return pairs.map((pair) => ['  property', `${pair.key} = ${pair.value}`])
}

function shown(bytes: Buffer): string {
  const text = textOfBytes(bytes)
  if (bytes.length === 0) return '(empty)'
  return text ?? `${bytes.toString('base64')} (base64)`
}
