import { type ActionTrial, type TestPublication, type TestRecord, type Trial } from '../dryrun/index.ts'
import { type Value } from '../value/index.ts'
import { type Steps, valueAt } from './document.ts'
import { compareBase64, compareJson, comparePlain, compareText, mismatch, type Mismatch } from './mismatch.ts'
import { type ExpectationData, type KafkaData, type RepublishData } from './schema.ts'
import { type Expectation } from './test-file.ts'

/** What of an expectation a trial did not meet; that of `explain` is looked at elsewhere. */
export function unmet(trial: Trial, { data, exact }: Expectation, failing: readonly number[]): Mismatch[] {
  if (data.noMatch !== undefined) return unmetNoMatch(trial, data.noMatch)
  const wantsOutput = [data.output, data.outputText, data.outputBase64, data.kafka, data.republish].some(
    (each) => each !== undefined,
  )
  if (!trial.matched) return [mismatch('topic', 'the topic does not match the rule')]
  if (
    !trial.selected &&
    trial.failures.length === 0 &&
    (wantsOutput || data.error !== undefined || data.errorAction === true)
  ) {
    return [mismatch('where', 'WHERE does not select the message')]
  }
  return [
    ...unmetError(trial, data, failing),
    ...(trial.selected ? unmetOutput(trial.output!, data, exact) : []),
    ...(data.kafka === undefined ? [] : unmetActions(trial, 'kafka', data.kafka, exact)),
    ...(data.republish === undefined ? [] : unmetActions(trial, 'republish', data.republish, exact)),
    ...unmetErrorAction(trial, data, exact),
  ]
}

function unmetNoMatch(trial: Trial, wanted: true | 'topic' | 'where'): Mismatch[] {
  if (trial.selected) return [mismatch('noMatch', 'the rule selects the message')]
  if (trial.failures.length > 0) return [mismatch('noMatch', failureText(trial))]
  if (wanted === 'topic' && trial.matched) {
    return [mismatch('noMatch', 'the topic matches; it is WHERE that does not select the message')]
  }
  if (wanted === 'where' && !trial.matched) {
    return [mismatch('noMatch', 'the topic does not match, so WHERE was not asked')]
  }
  return []
}

function failureText({ failures: [first] }: Trial): string {
  return `${first!.action} failed: ${first!.code}: ${first!.message}`
}

/** A failure that was not expected is one, unless the test made it itself or asks for the error action. */
function unmetError(
  trial: Trial,
  { error, errorAction }: ExpectationData,
  failing: readonly number[],
): Mismatch[] {
  const { failures } = trial
  if (error === undefined) {
    const own = failures.filter(({ action }) => !failing.some((index) => action.endsWith(`[${index}]`)))
    const isExpected = errorAction !== undefined && errorAction !== false
    return isExpected || own.length === 0 ? [] : [mismatch('error', failureText({ ...trial, failures: own }))]
  }
  const { code, message = '', action } = typeof error === 'string' ? { code: error } : error
  if (failures.length === 0) return [mismatch('error', `nothing failed; expected ${code ?? 'a failure'}`)]
  const isMet = failures.some(
    (each) =>
      (code === undefined || each.code === code) &&
      each.message.includes(message) &&
      (action === undefined || each.action === action),
  )
  if (isMet) return []
  const wanted = [code, action, message].filter((each) => each !== undefined && each !== '').join(' ')
  return [
    mismatch('error', 'another failure came', [
      { mark: '-', text: wanted },
      ...failures.map((each) => ({
        mark: '+' as const,
        text: `${each.code} ${each.action} ${each.message}`,
      })),
    ]),
  ]
}

function unmetOutput(output: Buffer, data: ExpectationData, exact: Value): Mismatch[] {
  return unmetBytes('output', output, data, exact, [], {
    json: 'output',
    text: 'outputText',
    base64: 'outputBase64',
  })
}

interface Forms {
  readonly json: string
  readonly text: string
  readonly base64: string
}

/** Bytes as JSON, as text and as base64: each as far as it is named. */
function unmetBytes(
  name: string,
  bytes: Buffer,
  data: Readonly<Record<string, unknown>>,
  exact: Value,
  steps: Steps,
  { json, text, base64 }: Forms,
): Mismatch[] {
  return [
    ...(Object.hasOwn(data, json) ? compareJson(name, valueAt(exact, [...steps, json]), bytes) : []),
    ...(data[text] === undefined ? [] : compareText(name, String(data[text]), bytes)),
    ...(data[base64] === undefined ? [] : compareBase64(name, String(data[base64]), bytes)),
  ]
}

type Kind = 'kafka' | 'republish'

/** One expectation for one action, or a list with one for each action of the kind. */
function unmetActions(
  trial: Trial,
  kind: Kind,
  wanted: KafkaData | RepublishData | readonly (KafkaData | RepublishData | null)[],
  exact: Value,
): Mismatch[] {
  if (!trial.selected) return [mismatch(kind, `there is no message for the ${kind} action: the rule failed`)]
  const actions = trial.actions.filter((each) => each.kind === kind)
  if (Array.isArray(wanted)) {
    const list = wanted as readonly (KafkaData | RepublishData | null)[]
    if (list.length !== actions.length) {
      const has = `the rule has ${actions.length} ${kind} action${actions.length === 1 ? '' : 's'}`
      return [mismatch(kind, `${has}, the expectation ${list.length}`)]
    }
    return list.flatMap((each, at) =>
      unmetAction(actions[at]!, kind, `${kind}[${at}]`, each, exact, [kind, at]),
    )
  }
  const { action } = wanted as KafkaData
  const found = action === undefined ? actions[0] : actions.find(({ index }) => index === action)
  if (found === undefined) {
    const where = action === undefined ? `no ${kind} action` : `no ${kind} action at ${action}`
    return [mismatch(kind, `the rule has ${where}`)]
  }
  return unmetAction(found, kind, kind, wanted as KafkaData | RepublishData, exact, [kind])
}

function unmetAction(
  { made, failure }: ActionTrial,
  kind: Kind,
  name: string,
  wanted: KafkaData | RepublishData | null,
  exact: Value,
  steps: Steps,
): Mismatch[] {
  if (wanted === null) return made === undefined ? [] : [mismatch(name, `${name} has something to send`)]
  if (made === undefined) {
    return [mismatch(name, `${name} has nothing to send: ${failure!.code}: ${failure!.message}`)]
  }
  return kind === 'kafka'
    ? unmetRecord(made.kafka!, name, wanted as KafkaData, exact, steps)
    : unmetPublication(made.republish!, name, wanted as RepublishData, exact, steps)
}

function unmetRecord(
  got: TestRecord,
  name: string,
  wanted: KafkaData,
  exact: Value,
  steps: Steps,
): Mismatch[] {
  const plain = (['topic', 'key', 'partition'] as const).filter((field) => wanted[field] !== undefined)
  const forms = { json: 'value', text: 'valueText', base64: 'valueBase64' }
  return [
    ...plain.flatMap((field) => comparePlain(`${name}.${field}`, wanted[field]!, got[field])),
    ...unmetPairs(`${name}.headers`, wanted.headers, got.headers),
    ...unmetBytes(`${name}.value`, got.value, wanted, exact, steps, forms),
  ]
}

const HEADERS = ['contentType', 'responseTopic', 'payloadFormatIndicator', 'messageExpiry'] as const

function unmetPublication(
  got: TestPublication,
  name: string,
  wanted: RepublishData,
  exact: Value,
  steps: Steps,
): Mismatch[] {
  const forms = { json: 'payload', text: 'payloadText', base64: 'payloadBase64' }
  const plain = (['topic', 'qos'] as const).filter((field) => wanted[field] !== undefined)
  const headers = HEADERS.filter((field) => wanted[field] !== undefined)
  const { correlationData } = wanted
  const correlation = got.headers.correlationData?.toString('base64')
  return [
    ...plain.flatMap((field) => comparePlain(`${name}.${field}`, wanted[field]!, got[field])),
    ...headers.flatMap((field) => comparePlain(`${name}.${field}`, wanted[field]!, got.headers[field])),
    ...(correlationData === undefined
      ? []
      : comparePlain(`${name}.correlationData`, correlationData, correlation)),
    ...unmetPairs(`${name}.userProperties`, wanted.userProperties, got.headers.userProperties ?? []),
    ...unmetBytes(`${name}.payload`, got.payload, wanted, exact, steps, forms),
  ]
}

type Pairs = readonly { readonly key: string; readonly value: string }[]

/** A list stands for all of them in their order, keys with values for some of them. */
function unmetPairs(
  name: string,
  wanted: Readonly<Record<string, string>> | Pairs | undefined,
  got: Pairs,
): Mismatch[] {
  if (wanted === undefined) return []
  const values = (pairs: Pairs): Value =>
    pairs.map(
      ({ key, value }) =>
        new Map([
          ['key', key],
          ['value', value],
        ]),
    )
  if (Array.isArray(wanted)) return comparePlain(name, values(wanted as Pairs), values(got))
  const some = new Map(Object.entries(wanted as Readonly<Record<string, string>>))
  const found = new Map(
    [...some].flatMap(([key, value]) => {
      const same = got.filter((each) => each.key === key)
      const shown = same.find((each) => each.value === value) ?? same[0]
      return shown === undefined ? [] : [[key, shown.value] as const]
    }),
  )
  return comparePlain(name, some, found)
}

function unmetErrorAction(trial: Trial, { errorAction: wanted }: ExpectationData, exact: Value): Mismatch[] {
  if (wanted === undefined) return []
  const { errorAction: got, failures } = trial
  if (wanted === false) {
    return got === undefined ? [] : [mismatch('errorAction', `the error action runs: ${failureText(trial)}`)]
  }
  if (got === undefined) {
    const reason = failures.length === 0 ? 'nothing failed' : 'the rule has no error action'
    return [mismatch('errorAction', `the error action does not run: ${reason}`)]
  }
  if (wanted === true) return []
  const kinds = (['kafka', 'republish'] as const).filter((kind) => wanted[kind] !== undefined)
  return kinds.flatMap((kind) => {
    const name = `errorAction.${kind}`
    if (got.kind !== kind) return [mismatch(name, `the error action is a ${got.kind} action`)]
    return unmetAction(got, kind, name, wanted[kind]!, exact, ['errorAction', kind])
  })
}
