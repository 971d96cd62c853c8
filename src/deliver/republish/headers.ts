import { type PublishProperties } from '../../message/index.ts'

/** The headers with one value, in the order of the AWS reference. */
export const singleHeaderFields = [
  'payloadFormatIndicator',
  'contentType',
  'responseTopic',
  'correlationData',
  'messageExpiry',
] as const

export type SingleHeader = (typeof singleHeaderFields)[number]

/** MQTT 5 properties under construction. */
export type WritableProperties = { -readonly [Name in keyof PublishProperties]: PublishProperties[Name] }

/** An MQTT string or binary field carries its length in two bytes. */
const MQTT_LIMIT = 65_535
/** A message expiry interval is a four byte integer. Source: MQTT 5.0 section 3.3.2.3.3. */
const EXPIRY_LIMIT = 4_294_967_295
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}(?:==)?|[A-Za-z0-9+/]{3}=?)?$/

/** Puts a rendered header into `properties`, or says why it cannot be one. */
export function setHeader(
  properties: WritableProperties,
  name: SingleHeader,
  text: string,
): string | undefined {
  const fault = singleHeaderFault(name, text)
  if (fault !== undefined) return fault
  if (name === 'payloadFormatIndicator') properties.payloadFormatIndicator = text === 'UTF8_DATA' ? 1 : 0
  else if (name === 'messageExpiry') properties.messageExpiryInterval = Number(text)
  else if (name === 'correlationData') properties.correlationData = Buffer.from(text, 'base64')
  else properties[name] = text
  return undefined
}

/** Why a message cannot have a header with this value, or undefined. */
export function singleHeaderFault(name: SingleHeader, text: string): string | undefined {
  switch (name) {
    case 'payloadFormatIndicator':
      if (text === 'UTF8_DATA' || text === 'UNSPECIFIED_BYTES') return undefined
      return `payloadFormatIndicator is ${preview(text)}; it must be UNSPECIFIED_BYTES or UTF8_DATA.`
    case 'messageExpiry':
      if (/^\d{1,10}$/.test(text) && Number(text) <= EXPIRY_LIMIT) return undefined
      return `messageExpiry is ${preview(text)}; it must be whole seconds from 0 to ${EXPIRY_LIMIT}.`
    case 'correlationData':
      if (text.length <= MQTT_LIMIT && BASE64.test(text)) return undefined
      return `correlationData is ${preview(text)}; it must be base64 of at most ${MQTT_LIMIT} characters.`
    case 'responseTopic':
      if (text === '' || /[#+]/.test(text))
        return `responseTopic is ${preview(text)}; it must be a topic without wildcards.`
      return textFault(name, text)
    case 'contentType':
      return textFault(name, text)
  }
}

/** Why `text` is no UTF-8 string of MQTT, or undefined. Source: MQTT 5.0 section 1.5.4. */
export function textFault(name: string, text: string): string | undefined {
  if (text.includes('\0')) return `${name} contains the character U+0000.`
  if (/\p{Surrogate}/u.test(text)) return `${name} contains a lone surrogate, which UTF-8 cannot carry.`
  if (text.length * 3 > MQTT_LIMIT && Buffer.byteLength(text) > MQTT_LIMIT)
    return `${name} is longer than ${MQTT_LIMIT} bytes.`
  return undefined
}

/** Text of unknown origin and length, fit for one line of a message. */
function preview(text: string): string {
  return JSON.stringify(text.length > 64 ? `${text.slice(0, 64)}…` : text)
}
