import { MASK } from '../access/index.ts'
import { type KafkaRecord, type Publication } from '../deliver/specs.ts'
import { type CompiledRule } from '../rule/index.ts'
import { isUtf8 } from 'node:buffer'
import { type Entry, type SeenAction, type SeenRule } from './entry.ts'
import { type Redaction } from './redact.ts'

/** How much of an entry a reader gets. */
export interface View {
  readonly showsPayloads: boolean
  readonly redaction: Redaction | undefined
}

/** Why WHERE did not pass a message, as far as it was found out; by the rule's name. */
export type Reasons = ReadonlyMap<string, string>

/**
 * One message as a line of JSON: first what `eval --lines` and `replay` read, then what became of it. A part that is
 * on its way has `pending`.
 */
export function lineOf(entry: Entry, view: View, reasons: Reasons): string {
  const { message, settlement, latency, hops, rules } = entry
  return JSON.stringify({
    ...messagePart(entry, view),
    traceId: message.traceId,
    qos: message.qos,
    ...(message.retain && { retain: true }),
    ...(hops > 0 && { republished: hops }),
    ...(settlement === undefined ? { pending: true } : { settlement, ms: rounded(latency ?? 0) }),
    rules: rules.map((rule) => rulePart(rule, view, reasons)),
  })
}

function messagePart({ message }: Entry, { showsPayloads, redaction }: View): object {
  const { topic, payload, client, properties = {}, receivedAt } = message
  const { clientId, principal, sourceIp } = client
  const { userProperties, contentType, responseTopic, correlationData, payloadFormatIndicator } = properties
  const start = { topic }
  const middle = { clientId, principal, sourceIp }
  if (!showsPayloads) return { ...start, payloadBytes: payload.length, ...middle, timestamp: receivedAt }
  return {
    ...start,
    ...payloadPart(payload, redaction),
    ...middle,
    ...(userProperties !== undefined && userProperties.length > 0 && { userProperties }),
    contentType,
    responseTopic,
    ...(correlationData !== undefined && { correlationData: correlationData.toString('base64') }),
    payloadFormatIndicator,
    timestamp: receivedAt,
  }
}

function payloadPart(payload: Buffer, redaction: Redaction | undefined): object {
  if (redaction !== undefined) return { payload: redaction.apply(payload) }
  return isUtf8(payload)
    ? { payload: payload.toString('utf8') }
    : { payloadBase64: payload.toString('base64') }
}

function rulePart({ rule, verdict, actions }: SeenRule, view: View, reasons: Reasons): object {
  const { name } = rule.rule
  const hides = !view.showsPayloads || view.redaction !== undefined || looksUpSecrets(rule.rule)
  const why = hides ? undefined : reasons.get(name)
  return {
    rule: name,
    selected: verdict === 'selected',
    ...(why !== undefined && { why }),
    ...(typeof verdict !== 'string' && { error: failurePart(verdict, hides) }),
    ...(actions.length > 0 && { actions: actions.map((action) => actionPart(action, hides)) }),
  }
}

function actionPart({ name, made, ended }: SeenAction, hides: boolean): object {
  return {
    action: name,
    ...(made !== undefined &&
      ('value' in made
        ? { kafka: recordPart(made, ended?.placement, hides) }
        : { republish: publicationPart(made) })),
    ...(ended === undefined && { pending: true }),
    ...(ended?.failure !== undefined && { error: failurePart(ended.failure, hides) }),
  }
}

function recordPart(
  { topic, partition, key, headers }: KafkaRecord,
  placement: { readonly partition: number; readonly offset: number } | undefined,
  hides: boolean,
): object {
  return {
    topic,
    partition: placement !== undefined && placement.partition >= 0 ? placement.partition : partition,
    ...(placement !== undefined && placement.offset >= 0 && { offset: placement.offset }),
    key: key === undefined ? null : hides ? MASK : key,
    headers: headers.map(([name, text]) => ({ key: name, value: hides ? MASK : text })),
  }
}

function publicationPart({ topic, qos }: Publication): object {
  return { topic, qos }
}

/** The message of a failure may quote the payload. */
function failurePart(
  { code, class: kind, message }: { readonly code: string; readonly class: string; readonly message: string },
  hides: boolean,
): object {
  return hides ? { code, class: kind } : { code, class: kind, message }
}

const secretive = new WeakMap<CompiledRule, boolean>()

/** Whether what a rule renders for a message may hold a secret. Those of client properties are not per message. */
function looksUpSecrets(rule: CompiledRule): boolean {
  let found = secretive.get(rule)
  if (found === undefined) {
    const { sql, actions, errorAction } = rule.document
    const text = JSON.stringify([sql, actions, errorAction], (key, value: unknown) =>
      key === 'clientProperties' ? undefined : value,
    )
    secretive.set(rule, (found = /get_secret/i.test(text)))
  }
  return found
}

function rounded(milliseconds: number): number {
  return Math.round(milliseconds * 100) / 100
}
