import { type OptionSpec } from './command.ts'
import { oneOf } from './usage.ts'

export const FORMAT_OPTION: OptionSpec = {
  flags: '--format <format>',
  description: 'text or json.',
  default: 'text',
}

/**
 * What `FORMAT_OPTION` says.
 * @throws Usage for a format that there is not
 */
export function formatOf({ format }: Readonly<Record<string, unknown>>): 'text' | 'json' {
  return oneOf('--format', format, 'text', 'json')
}
