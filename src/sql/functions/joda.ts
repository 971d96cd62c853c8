import { createRequire } from 'node:module'
import type * as core from '@js-joda/core'

type Joda = typeof core

let loaded: Joda | undefined

/** js-joda with the rules of all time zones, which take a while to load: read when the first rule asks for them. */
export function joda(): Joda {
  return (loaded ??= load())
}

function load(): Joda {
  const require = createRequire(import.meta.url)
  require('@js-joda/timezone')
  return require('@js-joda/core') as Joda
}
