import { isIPv4, isIPv6 } from 'node:net'
import { checkTopic, readMessage, type TestMessage } from '../../dryrun/index.ts'
import { readInput, splitEntry } from '../mocks.ts'
import { Usage } from '../usage.ts'

type Options = Readonly<Record<string, unknown>>

/**
 * The message that the options describe; those beside `--message` override what it says.
 * @throws Usage when one is not as it should be
 */
export function messageFrom(options: Options): TestMessage {
  const base = options['message'] === undefined ? undefined : messageOfFile(options['message'] as string)
  const payload = payloadFrom(options) ?? base?.payload
  if (payload === undefined)
    throw new Usage('Give the payload with --payload TEXT, --payload @FILE or --payload -.')
  const topic = (options['topic'] as string | undefined) ?? base?.topic
  if (topic === undefined) throw new Usage('Give the topic with --topic.')
  const fault = checkTopic(topic)
  if (fault !== undefined) throw new Usage(`--topic: ${fault}.`)
  return { ...base, ...givenIn(options), topic, payload }
}

/** What `--clock` says, in milliseconds since the Unix epoch. */
export function clockFrom(options: Options): number | undefined {
  const clock = options['clock'] as string | undefined
  if (clock === undefined) return undefined
  const time = /^-?\d{1,16}$/.test(clock) ? Number(clock) : Date.parse(clock)
  if (Number.isSafeInteger(time)) return time
  throw new Usage(`--clock is ${clock}; it takes an ISO 8601 time or milliseconds since the epoch.`)
}

function messageOfFile(file: string): TestMessage {
  const read = readMessage(readInput(file, '--message').toString('utf8'))
  if (!read.ok) throw new Usage(`--message ${file}: ${read.reason}.`)
  return { ...read.message, payload: read.message.payload ?? '' }
}

/** Only what is given, so that it overrides nothing else. */
function givenIn(options: Options): Partial<TestMessage> {
  const entries = Object.entries({
    clientId: options['clientId'],
    principal: options['principal'],
    sourceIp: addressFrom(options),
    userProperties: propertiesFrom(options),
    contentType: options['contentType'],
    responseTopic: options['responseTopic'],
    correlationData: base64From(options, 'correlationData', '--correlation-data'),
    payloadFormatIndicator: indicatorFrom(options),
    traceId: options['traceId'],
    timestamp: clockFrom(options),
  })
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined))
}

function payloadFrom(options: Options): string | Buffer | undefined {
  const payload = options['payload'] as string | undefined
  const bytes = base64From(options, 'payloadBase64', '--payload-base64')
  if (payload === undefined || bytes !== undefined) {
    if (payload !== undefined) throw new Usage('--payload and --payload-base64 exclude each other.')
    return bytes
  }
  if (payload === '-') return readInput('-', '--payload')
  return payload.startsWith('@') ? readInput(payload.slice(1), '--payload') : payload
}

function base64From(options: Options, name: string, flag: string): Buffer | undefined {
  const text = (options[name] as string | undefined)?.replace(/\s/g, '')
  if (text === undefined) return undefined
  if (!/^[\w+/-]*={0,2}$/.test(text) || text.replace(/=/g, '').length % 4 === 1)
    throw new Usage(`${flag} is not base64.`)
  return Buffer.from(text, 'base64')
}

function addressFrom(options: Options): string | undefined {
  const address = options['sourceIp'] as string | undefined
  if (address === undefined || isIPv4(address) || isIPv6(address)) return address
  throw new Usage(`--source-ip is ${address}; it takes an IP address.`)
}

function propertiesFrom(options: Options): TestMessage['userProperties'] {
  const given = (options['userProperty'] ?? []) as string[]
  return given.length === 0 ? undefined : given.map((entry) => splitEntry(entry, 'user-property'))
}

function indicatorFrom(options: Options): 0 | 1 | undefined {
  const indicator = options['formatIndicator'] as string | undefined
  if (indicator === undefined) return undefined
  if (indicator === '0' || indicator === '1') return indicator === '1' ? 1 : 0
  throw new Usage(`--format-indicator is ${indicator}; it takes 0 (bytes) or 1 (UTF-8).`)
}
