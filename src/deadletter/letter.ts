import { crc32 } from 'node:zlib'
import { type Failure } from '../errors.ts'
import { type Message, type PublishProperties } from '../message/index.ts'

/** A failed action of the rule, the error action included. */
export interface LetterFailure extends Pick<Failure, 'code' | 'class' | 'resource' | 'message'> {
  readonly action: string
}

/** A message that a rule could not deliver, with all that is needed to understand it and to send it again. */
export interface DeadLetter {
  /** When it was written; ISO 8601, UTC. */
  readonly time: string
  readonly rule: string
  /** As published, Basic Ingest prefix still present. */
  readonly topic: string
  readonly traceId: string
  readonly clientId?: string
  readonly principal?: string
  readonly sourceIp?: string
  readonly qos: 0 | 1 | 2
  readonly payload: Buffer
  readonly properties?: PublishProperties
  readonly failures: readonly LetterFailure[]
}

/** The letter of a message that `rule` could not deliver; `now` in milliseconds since the Unix epoch. */
export function letterOf(
  rule: string,
  message: Message,
  failures: readonly { readonly action: string; readonly failure: Failure }[],
  now: number,
): DeadLetter {
  const { topic, traceId, client, qos, payload, properties } = message
  return {
    time: new Date(now).toISOString(),
    ...{ rule, topic, traceId, clientId: client.clientId },
    ...{ principal: client.principal, sourceIp: client.sourceIp },
    ...{ qos, payload, properties },
    failures: failures.map(({ action, failure }) => {
      const { code, class: whose, resource, message: text } = failure
      return { action, code, class: whose, resource, message: text }
    }),
  }
}

const CHECKSUM = /,"crc":"([0-9a-f]{8})"\}$/

/** One line with its line break: a JSON object whose last member is the CRC-32 of the object without it. */
export function encodeLetter({ payload, properties, ...rest }: DeadLetter): string {
  const json = JSON.stringify({
    ...rest,
    payload: payload.toString('base64'),
    properties: properties && {
      ...properties,
      correlationData: properties.correlationData?.toString('base64'),
    },
  })
  return `${json.slice(0, -1)},"crc":"${checksum(json)}"}\n`
}

/** The letter of a line without its line break; undefined when it is torn or damaged. */
export function decodeLetter(line: string): DeadLetter | undefined {
  const found = CHECKSUM.exec(line)
  if (found === null) return undefined
  const json = `${line.slice(0, found.index)}}`
  if (checksum(json) !== found[1]) return undefined
  const { payload, properties, ...rest } = JSON.parse(json) as Omit<DeadLetter, 'payload' | 'properties'> & {
    payload: string
    properties?: Omit<PublishProperties, 'correlationData'> & { correlationData?: string }
  }
  const correlationData = properties?.correlationData
  return {
    ...rest,
    payload: Buffer.from(payload, 'base64'),
    ...(properties !== undefined && {
      properties: {
        ...properties,
        correlationData: correlationData === undefined ? undefined : Buffer.from(correlationData, 'base64'),
      },
    }),
  }
}

function checksum(json: string): string {
  return crc32(json).toString(16).padStart(8, '0')
}
