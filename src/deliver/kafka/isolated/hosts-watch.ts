import { lookup } from 'node:dns/promises'
import { statSync, utimesSync } from 'node:fs'
import { readAddress } from '../destination/ip.ts'
import { type HostsFile } from './messages.ts'

const LOOK_MS = 1_000
/** What clears old files away goes by days. */
const TOUCH_MS = 3_600_000

/**
 * Whether this process resolves every overridden name as it should; a sentence where it does not. A library that could
 * not be loaded is left out by the system without an error, and the names would be the resolver's.
 */
export async function overridesFault({ overrides }: HostsFile): Promise<string | undefined> {
  // One after the other, before there are other threads: nss_wrapper reads its file at the first and takes no lock.
  for (const [name, addresses] of overrides) {
    const found = await lookup(name, { all: true }).then(
      (all) => all.map(({ address }) => address),
      () => [],
    )
    if (digest(found) !== digest(addresses))
      return `hostOverrides have no effect: ${name} is ${found.join(', ') || 'not found'} in place of ${addresses.join(', ')}`
  }
  return undefined
}

/** Calls `gone` once when the file is no more what it was: names would be the resolver's from then on. */
export function watchHosts({ file }: HostsFile, gone: () => void): void {
  const changed = secondOf(file)
  let touched = performance.now()
  const timer = setInterval(() => {
    try {
      if (secondOf(file) !== changed) throw new Error('It was changed.')
      if (performance.now() - touched < TOUCH_MS) return
      touched = performance.now()
      // The time of the change stays, by which nss_wrapper knows whether to read the file again.
      utimesSync(file, new Date(), changed)
    } catch {
      clearInterval(timer)
      gone()
    }
  }, LOOK_MS).unref()
}

/** When a file was changed, by the precision of nss_wrapper. */
function secondOf(file: string): number {
  return Math.floor(statSync(file).mtimeMs / 1000)
}

function digest(addresses: readonly string[]): string {
  const numbers = addresses.map((address) => {
    const { bits, value } = readAddress(address)!
    return `${bits}:${value}`
  })
  return [...new Set(numbers)].sort().join()
}
