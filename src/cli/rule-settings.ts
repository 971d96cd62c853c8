import { type Config } from '../config/index.ts'
import { openDestinations } from '../deliver/specs.ts'
import { type CompileOptions } from '../rule/index.ts'
import { protobufDirectory } from '../services/index.ts'
import { note } from './command.ts'

export type RuleSettings = Omit<CompileOptions, 'name'>

/** What a server with this configuration makes of rule documents; undefined, and told, where a file is missing. */
export function ruleSettings(config: Config): RuleSettings | undefined {
  try {
    return settingsOf(config)
  } catch (error) {
    note((error as Error).message)
    return undefined
  }
}

function settingsOf({ kafka, destinations, services, secrets, sql }: Config): RuleSettings {
  const { protobuf, ...http } = services ?? {}
  return {
    extensions: kafka.embedded ? [...kafka.extensions, 'PLAINTEXT'] : kafka.extensions,
    acksWhenOmitted: kafka.acksWhenOmitted,
    storeDirectory: kafka.storeDirectory,
    destinations: openDestinations(destinations),
    services: new Set([...Object.keys(http), ...(secrets === undefined ? [] : ['get_secret'])]),
    protobuf: protobuf && protobufDirectory(protobuf.directory),
    limits: sql.limits,
  }
}
