import { type ActionTrial, type TestPublication, type TestRecord, type Trial } from '../../dryrun/index.ts'
import { readJson, type Value } from '../../value/index.ts'
import { type CaseResult } from '../run-case.ts'
import { type ExpectationData, type KafkaData, type RepublishData } from '../schema.ts'

/** A part of a test file that is to become another: the whole of `expect`, or one of its keys. */
export interface Change {
  /** Below the case: `['expect']` or `['expect', 'output']`. */
  readonly steps: readonly string[]
  readonly value: Value
}

type Members = Map<string, Value>

/** What must change in a test file for a case to pass; empty where changing expectations cannot make it. */
export function changesFor({ testCase, status, mismatches, trial }: CaseResult): readonly Change[] {
  const { expect, expectText, failing } = testCase
  if (status !== 'failed' || trial === undefined || expectText !== undefined) return []
  const keys = new Set(mismatches.map(({ key }) => key.split(/[.[]/)[0]!))
  if (keys.has('services')) return []
  keys.delete('explain')
  if (keys.size === 0) return []
  const data = expect?.data ?? {}
  const isSameKind = [...keys].every((key) => ['output', 'kafka', 'republish'].includes(key))
  if (isSameKind && trial.selected) return [...keys].flatMap((key) => refreshed(key, data, trial))
  const whole = recorded(trial, failing)
  if (data.explain !== undefined) whole.set('explain', explainOf(data.explain.contains))
  return [{ steps: ['expect'], value: whole }]
}

function explainOf(contains: string | readonly string[]): Value {
  return new Map<string, Value>([['contains', contains]])
}

/** What a rule made of a message, as an expectation. */
function recorded(trial: Trial, failing: readonly number[]): Members {
  const { matched, selected, output, actions, failures, errorAction } = trial
  if (!matched) return new Map([['noMatch', 'topic']])
  if (!selected && failures.length === 0) return new Map([['noMatch', 'where']])
  const found: Members = new Map()
  if (output !== undefined) for (const [key, value] of bytesAs('output', output)) found.set(key, value)
  for (const kind of ['kafka', 'republish'] as const) {
    const own = actions.filter((action) => action.kind === kind)
    if (own.length > 1) found.set(kind, own.map(actionOf))
    else if (own[0]?.made !== undefined) found.set(kind, actionOf(own[0]))
  }
  const failure = failures.find(({ action }) => !failing.some((index) => action.endsWith(`[${index}]`)))
  if (failure !== undefined) found.set('error', failure.code)
  if (errorAction?.made !== undefined) {
    found.set('errorAction', new Map([[errorAction.kind, actionOf(errorAction)]]))
  }
  return found
}

/** The payload is that of SELECT, so it is not written again. */
function actionOf({ made }: ActionTrial): Value {
  if (made === undefined) return null
  return made.kafka === undefined ? publicationOf(made.republish) : recordOf(made.kafka)
}

function recordOf({ topic, key, partition, headers }: TestRecord): Members {
  const found: Members = new Map([['topic', topic]])
  if (key !== null) found.set('key', key)
  if (partition !== null) found.set('partition', partition)
  if (headers.length > 0) found.set('headers', pairsOf(headers))
  return found
}

function publicationOf({ topic, qos, headers }: TestPublication): Members {
  const found: Members = new Map<string, Value>([
    ['topic', topic],
    ['qos', qos],
  ])
  for (const [key, value] of headerMembers(headers)) if (value !== undefined) found.set(key, value)
  return found
}

function headerMembers(headers: TestPublication['headers']): [string, Value][] {
  const { correlationData, userProperties, ...plain } = headers
  return [
    ...Object.entries(plain),
    ['correlationData', correlationData?.toString('base64')],
    ['userProperties', userProperties && pairsOf(userProperties)],
  ]
}

function pairsOf(pairs: readonly { readonly key: string; readonly value: string }[]): Value {
  const isOrdered = new Set(pairs.map(({ key }) => key)).size < pairs.length
  if (!isOrdered) return new Map(pairs.map(({ key, value }) => [key, value]))
  return pairs.map(
    ({ key, value }) =>
      new Map([
        ['key', key],
        ['value', value],
      ]),
  )
}

function bytesAs(name: string, bytes: Buffer): [string, Value][] {
  const text = bytes.toString('utf8')
  const json = readJson(text)
  if (json.ok) return [[name, json.value]]
  return Buffer.from(text).equals(bytes)
    ? [[`${name}Text`, text]]
    : [[`${name}Base64`, bytes.toString('base64')]]
}

/** The same keys of an expectation with the values of today. */
function refreshed(key: string, data: ExpectationData, trial: Trial): Change[] {
  if (key === 'output') {
    const forms = ['output', 'outputText', 'outputBase64'] as const
    return forms
      .filter((form) => Object.hasOwn(data, form))
      .map((form) => ({ steps: ['expect', form], value: formOf(form, 'output', trial.output!) }))
  }
  const kind = key as 'kafka' | 'republish'
  const actions = trial.actions.filter((action) => action.kind === kind)
  const wanted = data[kind]
  const steps = ['expect', kind]
  if (Array.isArray(wanted)) {
    const list = wanted as readonly (KafkaData | RepublishData | null)[]
    return [{ steps, value: actions.map((action, at) => refreshedAction(action, list[at] ?? undefined)) }]
  }
  const { action: place } = wanted as KafkaData
  const action = place === undefined ? actions[0] : actions.find(({ index }) => index === place)
  if (action?.made === undefined) return []
  return [{ steps, value: refreshedAction(action, wanted as KafkaData | RepublishData) }]
}

function refreshedAction(action: ActionTrial, wanted: KafkaData | RepublishData | undefined): Value {
  const { made } = action
  if (made === undefined || wanted === undefined) return actionOf(action)
  const found: Members = new Map()
  const today =
    made.kafka === undefined
      ? new Map<string, Value>([...publicationOf(made.republish)])
      : new Map<string, Value>([['key', null], ['partition', null], ['headers', []], ...recordOf(made.kafka)])
  const [bytes, name] =
    made.kafka === undefined ? [made.republish.payload, 'payload'] : [made.kafka.value, 'value']
  for (const [key, value] of Object.entries(wanted)) {
    if (value === undefined) continue
    if (key === 'action') found.set(key, value as number)
    else if (key.startsWith(name)) found.set(key, formOf(key, name, bytes))
    else if (today.get(key) !== undefined) found.set(key, today.get(key))
  }
  return found
}

function formOf(form: string, name: string, bytes: Buffer): Value {
  if (form.endsWith('Base64')) return bytes.toString('base64')
  if (form.endsWith('Text')) return bytes.toString('utf8')
  const json = readJson(bytes.toString('utf8'))
  return json.ok ? json.value : `(${name} is no JSON)`
}
