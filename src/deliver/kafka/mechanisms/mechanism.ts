import { type ClientPropertySpec } from '../properties/property.ts'
import { type Secret } from '../secret.ts'

/** What a mechanism reads: resolved client properties by AWS's names. */
export type Settings = ReadonlyMap<string, string | Secret>

/** One way of authenticating by SASL; one file per mechanism. */
export interface MechanismSpec {
  /** As `sasl.mechanism` spells it. */
  readonly name: string
  /** True where AWS does not have it. */
  readonly extension: boolean
  /** Client properties that it alone uses, where the table does not have them already. */
  readonly properties?: readonly ClientPropertySpec[]
  /** The librdkafka properties that make it work. */
  toLibrdkafka(settings: Settings): Readonly<Record<string, string>>
}

/** The text of a setting, secret or not; empty when it is not set. */
export function textOf(settings: Settings, name: string): string {
  const value = settings.get(name)
  if (value === undefined) return ''
  return typeof value === 'string' ? value : value.reveal()
}
