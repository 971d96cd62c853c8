import { readMessage, seededChance } from '../../dryrun/index.ts'
import { linesOf, TOO_LONG } from '../replay/lines.ts'
import { makeDevices } from './devices.ts'
import { type Template } from './template.ts'

/** A message that is due. */
export interface Due {
  /** Milliseconds since the start at which it is due. */
  readonly at: number
  /** Connection that publishes it, from 0. */
  readonly connection: number
  readonly topic: string
  readonly payload: string | Buffer
  readonly properties?: DueProperties
}

export interface DueProperties {
  readonly userProperties?: readonly (readonly [key: string, value: string])[]
  readonly contentType?: string
  readonly responseTopic?: string
  readonly correlationData?: Buffer
  readonly payloadFormatIndicator?: boolean
}

export interface Fleet {
  readonly devices: number
  /** Messages a second over all devices. */
  readonly rate: number
  readonly seed: string
  /** Undefined: thermometers, vehicles and doors. */
  readonly texts: { readonly topic: Template; readonly payload: Template } | undefined
}

/** Messages of devices that take turns, evenly over time, without end. */
export function* fleetMessages({ devices, rate, seed, texts }: Fleet): Generator<Due> {
  const makers = texts === undefined ? madeIn(devices, seed) : madeFrom(devices, seed, texts)
  for (let index = 0; ; index += 1) {
    const connection = index % devices
    const made = makers[connection]!(Math.floor(index / devices) + 1, Date.now())
    yield { at: (index * 1000) / rate, connection, ...made }
  }
}

type Maker = (count: number, now: number) => { readonly topic: string; readonly payload: string }

function madeIn(devices: number, seed: string): Maker[] {
  return makeDevices(devices, seededChance(seed).random).map(({ topic, next }): Maker => (_count, now) => ({
    topic,
    payload: next(now),
  }))
}

function madeFrom(devices: number, seed: string, texts: NonNullable<Fleet['texts']>): Maker[] {
  return Array.from({ length: devices }, (_, index): Maker => {
    const device = index + 1
    const chance = seededChance(`${seed}/${device}`)
    const [topic, payload] = [texts.topic(chance), texts.payload(chance)]
    return (count, now) => {
      const moment = { device, count, now }
      return { topic: topic(moment), payload: payload(moment) }
    }
  })
}

export interface CaptureSource {
  readonly file: string
  readonly devices: number
  /** Messages a second; undefined: as far apart as they were captured. */
  readonly rate: number | undefined
  /** By how much faster than captured. */
  readonly speed: number
  /** Told of lines that hold no message. */
  readonly onUnreadable: (line: number, reason: string) => void
}

const LONGEST_LINE = 16 * 1024 * 1024

/** The messages of a capture in its order; those of one client stay on one connection. What rules republished is left out. */
export async function* captureMessages(source: CaptureSource): AsyncGenerator<Due> {
  const { file, devices, rate, speed } = source
  const connections = new Map<string, number>()
  let [line, sent] = [0, 0]
  let first: number | undefined
  for await (const lines of linesOf(file, LONGEST_LINE)) {
    for (const text of lines) {
      line += 1
      const read = text === TOO_LONG ? { ok: false as const, reason: 'it is too long' } : readPublished(text)
      if (read === undefined) continue
      if (!read.ok) {
        source.onUnreadable(line, read.reason)
        continue
      }
      const { message } = read
      const { timestamp, clientId = '' } = message
      first ??= timestamp
      const captured = timestamp === undefined || first === undefined ? 0 : (timestamp - first) / speed
      const connection = connectionOf(clientId, connections, devices)
      const at = rate === undefined ? Math.max(0, captured) : (sent * 1000) / rate
      sent += 1
      yield {
        at,
        connection,
        topic: message.topic,
        payload: payloadOf(message.payload),
        properties: propertiesOf(message),
      }
    }
  }
}

type Message = Extract<ReturnType<typeof readMessage>, { ok: true }>['message']

/** Undefined for what is to be passed over. */
function readPublished(text: string): ReturnType<typeof readMessage> | undefined {
  if (text.trim() === '' || text.startsWith('{"tap":{') || /"republished":\d/.test(text)) return undefined
  const read = readMessage(text)
  if (read.ok && read.message.payload === undefined && text.includes('"payloadBytes":'))
    return { ok: false, reason: 'its payload was withheld from the reader of the tap' }
  return read
}

const MAX_CLIENTS = 100_000

function connectionOf(clientId: string, known: Map<string, number>, devices: number): number {
  let connection = known.get(clientId)
  if (connection === undefined) {
    connection = known.size % devices
    if (known.size < MAX_CLIENTS) known.set(clientId, connection)
  }
  return connection
}

function payloadOf(payload: unknown): string | Buffer {
  return typeof payload === 'string' || Buffer.isBuffer(payload) ? payload : ''
}

function propertiesOf({
  userProperties,
  contentType,
  responseTopic,
  correlationData,
  payloadFormatIndicator,
}: Message): DueProperties {
  return {
    ...(Array.isArray(userProperties) && {
      userProperties: userProperties as readonly (readonly [string, string])[],
    }),
    ...(contentType !== undefined && { contentType }),
    ...(responseTopic !== undefined && { responseTopic }),
    ...(correlationData !== undefined && { correlationData }),
    ...(payloadFormatIndicator !== undefined && { payloadFormatIndicator: payloadFormatIndicator === 1 }),
  }
}
