import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { type ErrorCode } from '../../../errors.ts'
import { type Destinations } from '../destination/index.ts'

const LIBRARY = 'libnss_wrapper.so'

/** Where Debian keeps the libraries of a processor's architecture, by Node's name of it. */
const MULTIARCH: Readonly<Record<string, string>> = {
  x64: 'x86_64-linux-gnu',
  arm64: 'aarch64-linux-gnu',
  arm: 'arm-linux-gnueabihf',
  ia32: 'i386-linux-gnu',
  ppc64: 'powerpc64le-linux-gnu',
  riscv64: 'riscv64-linux-gnu',
  s390x: 's390x-linux-gnu',
}

const multiarch = MULTIARCH[process.arch]

/** Debian and Ubuntu, Red Hat and SUSE, the others, what was built by hand. */
export const LIBRARY_DIRECTORIES: readonly string[] = [
  ...(multiarch === undefined ? [] : [`/usr/lib/${multiarch}`]),
  ...['/usr/lib64', '/usr/lib', '/usr/local/lib64', '/usr/local/lib'],
]

/** The file of nss_wrapper; undefined where it is not installed. */
export function hostsLibrary(directories = LIBRARY_DIRECTORIES): string | undefined {
  return directories.map((directory) => join(directory, LIBRARY)).find((file) => existsSync(file))
}

/** What is missing for host-name overrides, as a sentence; undefined where nothing is. */
export function missingForOverrides(directories = LIBRARY_DIRECTORIES): string | undefined {
  return hostsLibrary(directories) === undefined
    ? `hostOverrides need the library nss_wrapper (Debian: apt-get install libnss-wrapper), and there is no ${LIBRARY} in ${directories.join(', ')}.`
    : undefined
}

/**
 * Makes sure that what the policies of a configuration override can be.
 * @throws an error with `code` CONFIG_OVERRIDES_UNAVAILABLE
 */
export function requireOverrides(
  destinations: Destinations | undefined,
  directories = LIBRARY_DIRECTORIES,
): void {
  const overriding = [...(destinations ?? [])].find(([, { overrides }]) => overrides !== undefined)
  const missing = overriding === undefined ? undefined : missingForOverrides(directories)
  if (missing === undefined) return
  const code = 'CONFIG_OVERRIDES_UNAVAILABLE' satisfies ErrorCode
  throw Object.assign(new Error(`destinations.${overriding![0]}: ${missing}`), { code })
}
