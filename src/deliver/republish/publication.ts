import { type PublishProperties } from '../../message/index.ts'
import { type RenderedField, type RenderedHeader } from '../kafka/record.ts'
import { setHeader, type SingleHeader, textFault, type WritableProperties } from './headers.ts'

/** A message as the republish action publishes it, every template rendered and checked. */
export interface Publication {
  readonly topic: string
  readonly qos: 0 | 1
  readonly properties: PublishProperties | undefined
  /** What the statement yields; may be empty. */
  readonly payload: Buffer
}

/** The rendered headers of a republish action. */
export interface RenderedHeaders {
  readonly single: readonly (readonly [name: SingleHeader, value: RenderedField])[]
  readonly userProperties: readonly RenderedHeader[]
}

/**
 * Makes MQTT 5 properties of rendered headers, or a text that says which cannot be one. A header that has no text
 * because a tag in it is Undefined is left out, so that passing on a property that a message lacks passes on nothing;
 * in a user property such a tag is empty text.
 */
export function assembleProperties({ single, userProperties }: RenderedHeaders): PublishProperties | string {
  const properties: WritableProperties = {}
  for (const [name, { text, undefinedAt }] of single) {
    if (text === '' && undefinedAt !== undefined) continue
    const fault = setHeader(properties, name, text)
    if (fault !== undefined) return fault
  }
  if (userProperties.length === 0) return properties
  const pairs: (readonly [string, string])[] = []
  for (const [key, value] of userProperties) {
    const fault =
      textFault('The key of a user property', key.text) ??
      textFault('The value of a user property', value.text)
    if (fault !== undefined) return fault
    pairs.push([key.text, value.text])
  }
  properties.userProperties = pairs
  return properties
}
