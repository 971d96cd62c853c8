import { readAddress } from './ip.ts'

const STARS_LIMIT = 4

/**
 * A pattern of host names. `*.example.com` stands for every name below example.com, `*` elsewhere for any characters
 * of one label (`b-*.kafka.example.com`), `*` alone for every name. An address stands for itself, however it is
 * written. Undefined where it is no pattern.
 */
export function readHostPattern(pattern: string): ((host: string) => boolean) | undefined {
  if (pattern === '*') return () => true
  const address = readAddress(pattern)
  if (address !== undefined) {
    return (host) => {
      const given = readAddress(host)
      return given?.bits === address.bits && given.value === address.value
    }
  }
  if (!/^(?:\*\.)?[a-z0-9_*-]+(?:\.[a-z0-9_*-]+)*\.?$/i.test(pattern)) return undefined
  const below = pattern.startsWith('*.')
  const rest = plain(below ? pattern.slice(2) : pattern)
  if (rest.split('*').length - 1 > STARS_LIMIT) return undefined
  const labels = rest.replaceAll('.', String.raw`\.`).replaceAll('*', '[^.]*')
  const expression = new RegExp(`^${below ? String.raw`[^.]+(?:\.[^.]+)*\.` : ''}${labels}$`)
  return (host) => expression.test(plain(host))
}

function plain(host: string): string {
  return host.toLowerCase().replace(/\.$/, '')
}
