import { type Config } from '../config/index.ts'
import { openDestinations } from '../deliver/specs.ts'
import { type CompileOptions } from '../rule/index.ts'
import { protobufDirectory } from '../services/index.ts'

/**
 * What a server with this configuration makes of rule documents.
 * @throws an error with a code of the catalogue when a file that a destination names cannot be read
 */
export function ruleSettings({ kafka, destinations, services, secrets, sql }: Config): CompileOptions {
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
