import { type Settings } from './mechanisms/index.ts'
import { Secret } from './secret.ts'

const LONGEST = 500

/** Bounds a text of librdkafka and takes out any secret of the target, should it ever hold one. */
export function scrub(message: string, settings: Settings): string {
  let text = message
  for (const value of settings.values()) {
    if (value instanceof Secret && value.reveal() !== '') text = text.replaceAll(value.reveal(), '[secret]')
  }
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text
}
