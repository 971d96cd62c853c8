import { type IncomingHttpHeaders } from 'node:http'
import { type PublishProperties } from '../../message/index.ts'
import { isResponseTopic } from '../codec/publish.ts'
import { refusal, type Refusal } from './answer.ts'
import { type Query } from './query.ts'

const LARGEST_EXPIRY = 2 ** 32 - 1

type Pairs = readonly (readonly [key: string, value: string])[]

/**
 * The MQTT 5 properties of a request; undefined when it has none.
 * Source: AWS IoT API reference, operation Publish of the data plane.
 */
export function readMqtt5(
  headers: IncomingHttpHeaders,
  query: Query,
): { readonly properties: PublishProperties | undefined } | Refusal {
  const found: { -readonly [K in keyof PublishProperties]: PublishProperties[K] } = {}

  const indicator = headers['x-amz-mqtt5-payload-format-indicator']
  if (indicator === 'UTF8_DATA' || indicator === 'UNSPECIFIED_BYTES')
    found.payloadFormatIndicator = indicator === 'UTF8_DATA' ? 1 : 0
  else if (indicator !== undefined)
    return invalid('x-amz-mqtt5-payload-format-indicator must be UNSPECIFIED_BYTES or UTF8_DATA')

  const correlation = headers['x-amz-mqtt5-correlation-data']
  if (correlation !== undefined) {
    found.correlationData = base64(correlation)
    if (found.correlationData === undefined) return invalid('x-amz-mqtt5-correlation-data must be base64')
  }

  const properties = headers['x-amz-mqtt5-user-properties']
  if (properties !== undefined) {
    found.userProperties = userProperties(properties)
    if (found.userProperties === undefined)
      return invalid(
        'x-amz-mqtt5-user-properties must be base64 of a JSON array of objects with one text member each',
      )
  }

  const { contentType, responseTopic, messageExpiry } = query
  if (contentType !== undefined) found.contentType = contentType
  if (responseTopic !== undefined) {
    if (!isResponseTopic(responseTopic)) return invalid('responseTopic is empty or has a wildcard')
    found.responseTopic = responseTopic
  }
  if (messageExpiry !== undefined) {
    if (!/^\d{1,10}$/.test(messageExpiry) || Number(messageExpiry) > LARGEST_EXPIRY)
      return invalid(`messageExpiry must be a whole number of seconds from 0 to ${LARGEST_EXPIRY}`)
    found.messageExpiryInterval = Number(messageExpiry)
  }
  return { properties: Object.keys(found).length === 0 ? undefined : found }
}

function invalid(message: string): Refusal {
  return refusal('InvalidRequestException', `${message}.`)
}

function base64(header: string | readonly string[]): Buffer | undefined {
  if (typeof header !== 'string') return undefined
  const bytes = Buffer.from(header, 'base64')
  return bytes.toString('base64') === header ? bytes : undefined
}

/** `[{"deviceName":"alpha"},{"deviceCnt":"45"}]` in base64; in order, keys may repeat. */
function userProperties(header: string | readonly string[]): Pairs | undefined {
  const bytes = base64(header)
  if (bytes === undefined) return undefined
  let list: unknown
  try {
    list = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    return undefined
  }
  if (!Array.isArray(list)) return undefined
  const pairs = list.map(pairOf)
  return pairs.includes(undefined) ? undefined : (pairs as Pairs)
}

function pairOf(element: unknown): readonly [string, string] | undefined {
  if (typeof element !== 'object' || element === null || Array.isArray(element)) return undefined
  const [first, ...more] = Object.entries(element)
  if (first === undefined || more.length > 0) return undefined
  const [key, value]: [string, unknown] = first
  return typeof value === 'string' && isText(key) && isText(value) ? [key, value] : undefined
}

/** What an MQTT UTF-8 string may hold: no lone surrogate, no U+0000 (MQTT-1.5.4-1, MQTT-1.5.4-2). */
export function isText(text: string): boolean {
  return !/[\p{Surrogate}\u0000]/u.test(text)
}
