import { isUtf8 } from 'node:buffer'
import { checkTopic } from '../match/index.ts'
import { memberText } from './member-text.ts'
import { type TestMessage } from './message.ts'
import { type ActionResult, type RuleResult } from './result.ts'

export type ReadMessage =
  { readonly ok: true; readonly message: TestMessage } | { readonly ok: false; readonly reason: string }

/**
 * Reads a message written as a JSON object: `{topic, payload | payloadBase64, clientId?, principal?, sourceIp?,
 * userProperties?, contentType?, responseTopic?, correlationData?, payloadFormatIndicator?, timestamp?, traceId?}`.
 * A payload that is text is sent as it is, any other JSON as its source text; `correlationData` is base64,
 * `timestamp` milliseconds since the Unix epoch or ISO 8601. Members with other names are passed over.
 */
export function readMessage(text: string): ReadMessage {
  let data: unknown
  try {
    data = JSON.parse(text)
  } catch {
    return { ok: false, reason: 'it is not JSON' }
  }
  if (typeof data !== 'object' || data === null || Array.isArray(data))
    return { ok: false, reason: 'it is no JSON object' }
  try {
    return { ok: true, message: messageFrom(data as Record<string, unknown>, text) }
  } catch (error) {
    if (error instanceof Unreadable) return { ok: false, reason: error.message }
    throw error
  }
}

class Unreadable extends Error {}

const BASE64 = /^(?:[\w+/-]{4})*(?:[\w+/-]{2}(?:==)?|[\w+/-]{3}=?)?$/

function messageFrom(data: Record<string, unknown>, text: string): TestMessage {
  const { topic } = data
  if (typeof topic !== 'string') throw new Unreadable('topic must be a text')
  const fault = checkTopic(topic)
  if (fault !== undefined) throw new Unreadable(fault)
  return {
    topic,
    payload: payloadFrom(data, text),
    clientId: textOf(data, 'clientId'),
    principal: textOf(data, 'principal'),
    sourceIp: textOf(data, 'sourceIp'),
    userProperties: pairsOf(data['userProperties'] ?? undefined),
    contentType: textOf(data, 'contentType'),
    responseTopic: textOf(data, 'responseTopic'),
    correlationData: bytesOf(data, 'correlationData'),
    payloadFormatIndicator: indicatorOf(data['payloadFormatIndicator']),
    timestamp: timestampOf(data['timestamp']),
    traceId: textOf(data, 'traceId'),
  }
}

function payloadFrom(data: Record<string, unknown>, text: string): string | Buffer | undefined {
  const { payload } = data
  const bytes = bytesOf(data, 'payloadBase64')
  if (payload === undefined) return bytes
  if (bytes !== undefined) throw new Unreadable('it has both payload and payloadBase64')
  return typeof payload === 'string' ? payload : memberText(text, 'payload')
}

function textOf(data: Record<string, unknown>, name: string): string | undefined {
  const value = data[name]
  if (value === undefined || value === null) return undefined
  if (typeof value !== 'string') throw new Unreadable(`${name} must be a text`)
  return value
}

function bytesOf(data: Record<string, unknown>, name: string): Buffer | undefined {
  const text = textOf(data, name)
  if (text === undefined) return undefined
  if (!BASE64.test(text)) throw new Unreadable(`${name} is not base64`)
  return Buffer.from(text, 'base64')
}

function indicatorOf(value: unknown): 0 | 1 | undefined {
  if (value === undefined || value === null) return undefined
  if (value !== 0 && value !== 1) throw new Unreadable('payloadFormatIndicator must be 0 or 1')
  return value
}

function timestampOf(value: unknown): number | undefined {
  if (value === undefined || value === null) return undefined
  const time = typeof value === 'string' ? Date.parse(value) : value
  if (typeof time !== 'number' || !Number.isSafeInteger(time))
    throw new Unreadable('timestamp must be milliseconds since the epoch or an ISO 8601 time')
  return time
}

type Pair = readonly [key: string, value: string]

/** Pairs in order, as `[key, value]` or `{key, value}`; or an object, in which an array repeats a key. */
function pairsOf(value: unknown): readonly Pair[] | undefined {
  if (value === undefined) return undefined
  if (typeof value !== 'object' || value === null) throw new Unreadable('userProperties must be pairs')
  const pairs = Array.isArray(value)
    ? value.map(pairOf)
    : Object.entries(value as object).flatMap(([key, held]) => [held].flat().map((each) => [key, each]))
  for (const [key, held] of pairs) {
    if (typeof key !== 'string' || typeof held !== 'string')
      throw new Unreadable('userProperties must be pairs of texts')
  }
  return pairs as unknown as readonly Pair[]
}

function pairOf(entry: unknown): readonly unknown[] {
  if (Array.isArray(entry) && entry.length === 2) return entry
  const { key, value } = (entry ?? {}) as { key?: unknown; value?: unknown }
  return [key, value]
}

/**
 * A result as one line of JSON: bytes that are UTF-8 as text (`output`, `value`, `payload`), others in base64
 * (`outputBase64`, …).
 */
export function resultLine({ matched, selected, output, actions, error }: RuleResult): string {
  return JSON.stringify({
    matched,
    selected,
    ...(output === undefined ? {} : bytesAs('output', output)),
    actions: actions.map(plainAction),
    ...(error === undefined ? {} : { error }),
  })
}

/** An action's result as plain JSON data. */
export function plainAction(action: ActionResult): object {
  if (action.kafka !== undefined) {
    const { value, ...rest } = action.kafka
    return { kafka: { ...rest, ...bytesAs('value', value) } }
  }
  const { payload, headers, ...rest } = action.republish
  const { correlationData, ...others } = headers
  const shown =
    correlationData === undefined
      ? others
      : { ...others, correlationData: correlationData.toString('base64') }
  return { republish: { ...rest, ...bytesAs('payload', payload), headers: shown } }
}

function bytesAs(name: string, bytes: Buffer): Record<string, string> {
  const text = textOfBytes(bytes)
  return text === undefined ? { [`${name}Base64`]: bytes.toString('base64') } : { [name]: text }
}

/** The bytes as text; undefined when they are not UTF-8. */
export function textOfBytes(bytes: Buffer): string | undefined {
  return isUtf8(bytes) ? bytes.toString('utf8') : undefined
}
