import { Secret } from '../secret.ts'
import { type KafkaTarget } from '../target.ts'

const LONGEST = 200

/** The client properties in effect as they may be shown: secrets masked, certificates counted. */
export function shownProperties({ settings }: KafkaTarget): Readonly<Record<string, string>> {
  return Object.fromEntries(
    [...settings].map(([name, value]) => [name, value instanceof Secret ? '[secret]' : shownText(value)]),
  )
}

function shownText(text: string): string {
  const certificates = text.match(/-----BEGIN CERTIFICATE-----/g)?.length
  if (certificates !== undefined) return `${certificates} certificate${certificates === 1 ? '' : 's'}`
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text
}
