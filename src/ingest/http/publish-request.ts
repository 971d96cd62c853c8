import { type IncomingHttpHeaders } from 'node:http'
import { type PublishProperties } from '../../message/index.ts'
import { refusal, type Refusal } from './answer.ts'
import { readMqtt5 } from './mqtt5-headers.ts'
import { percentDecoded, readQuery } from './query.ts'

/** What a request wants published, beside its payload. */
export interface PublishRequest {
  readonly topic: string
  readonly qos: 0 | 1
  readonly properties: PublishProperties | undefined
}

/** The part of a request before its body. */
export interface RequestHead {
  readonly method: string
  /** As in the request line. */
  readonly target: string
  readonly headers: IncomingHttpHeaders
  /** Names and values in turns, as they came. */
  readonly rawHeaders: readonly string[]
}

const TOPICS = '/topics/'
/** MQTT 5.0 section 1.5.4. */
const MAX_TOPIC_BYTES = 65_535
/** Operations of AWS IoT's data plane that need shadows, retained messages or subscribers. */
const UNSUPPORTED = /^\/(?:things\/[^/]+\/shadow|api\/things\/shadow\/|retainedMessage|connections\/)/

/**
 * Reads `POST /topics/{topic}?qos=…` with its MQTT 5 properties. The topic is percent-encoded; its slashes may be
 * either. Source: AWS IoT API reference, operation Publish; developer guide, HTTPS publish.
 */
export function readPublish({
  method,
  target,
  headers,
}: Omit<RequestHead, 'rawHeaders'>): PublishRequest | Refusal {
  const origin = target.replace(/^https?:\/\/[^/?#]*/i, '')
  const mark = origin.indexOf('?')
  const path = mark === -1 ? origin : origin.slice(0, mark)
  if (UNSUPPORTED.test(path))
    return refusal(
      'UnsupportedOperation',
      'This server keeps no shadows, retained messages or subscribers: it takes POST /topics/{topic} alone.',
    )
  if (!path.startsWith(TOPICS))
    return refusal('ResourceNotFoundException', 'There is nothing here. Use POST /topics/{topic}.')
  if (method !== 'POST')
    return refusal('MethodNotAllowedException', 'Use POST to publish to /topics/{topic}.')

  const topic = readTopic(path.slice(TOPICS.length))
  if (typeof topic !== 'string') return topic
  const read = readQuery(mark === -1 ? '' : origin.slice(mark + 1))
  if ('error' in read) return read
  const { qos = '0', retain = 'false' } = read.query
  if (qos !== '0' && qos !== '1') return refusal('InvalidRequestException', 'qos must be 0 or 1.')
  if (retain === 'true')
    return refusal('UnsupportedOperation', 'This server keeps no retained messages: leave out retain.')
  if (retain !== 'false') return refusal('InvalidRequestException', 'retain must be true or false.')
  const mqtt5 = readMqtt5(headers, read.query)
  if ('error' in mqtt5) return mqtt5
  return { topic, qos: qos === '1' ? 1 : 0, properties: mqtt5.properties }
}

function readTopic(encoded: string): string | Refusal {
  const topic = percentDecoded(encoded)
  if (topic === undefined)
    return refusal('InvalidRequestException', 'The topic is not percent-encoded UTF-8 without U+0000.')
  if (topic === '') return refusal('InvalidRequestException', 'The topic is empty.')
  if (topic.includes('+') || topic.includes('#'))
    return refusal('InvalidRequestException', 'The topic contains a wildcard.')
  if (Buffer.byteLength(topic) > MAX_TOPIC_BYTES)
    return refusal('InvalidRequestException', `The topic is longer than ${MAX_TOPIC_BYTES} bytes.`)
  return topic
}
