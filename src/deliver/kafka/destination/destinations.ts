import { readFileSync } from 'node:fs'
import { type Diagnostic } from '../../../errors.ts'
import { nearest } from '../../../nearest.ts'
import { addressesOf } from '../probe/address.ts'
import { propertyPath } from '../properties/index.ts'
import { readTruststore } from '../stores/index.ts'
import { defaultEgress, type DestinationRules, EgressPolicy, type Forbidden } from './policy.ts'

/** The destinations that rules may name, by ARN; undefined where any ARN goes, under the default policy. */
export type Destinations = ReadonlyMap<string, EgressPolicy>

/** Destinations as the configuration has them: `ca` names a file. */
export type DestinationFiles = Readonly<Record<string, DestinationRules>>

/**
 * Makes the policies of a configuration, reading the files of authorities.
 * @throws an error with `code` CONFIG_INVALID or CONFIG_FILE_MISSING
 */
export function openDestinations(configured: DestinationFiles | undefined): Destinations | undefined {
  if (configured === undefined) return undefined
  return new BoundPolicies(
    Object.entries(configured).map(([arn, rules]) => [arn, openDestination(arn, rules)]),
  )
}

/** Policies by ARN; a key that ends in `*` is for every ARN that begins so, the longest of them for each. */
class BoundPolicies extends Map<string, EgressPolicy> {
  override get(arn: string): EgressPolicy | undefined {
    return super.get(arn) ?? this.#pattern(arn)
  }

  override has(arn: string): boolean {
    return this.get(arn) !== undefined
  }

  #pattern(arn: string): EgressPolicy | undefined {
    const begins = [...this.keys()].filter((key) => key.endsWith('*') && arn.startsWith(key.slice(0, -1)))
    const longest = begins.sort((a, b) => b.length - a.length)[0]
    return longest === undefined ? undefined : super.get(longest)
  }
}

function openDestination(arn: string, rules: DestinationRules): EgressPolicy {
  try {
    return new EgressPolicy({ ...rules, ca: rules.ca === undefined ? undefined : readAuthorities(rules.ca) })
  } catch (error) {
    const code =
      (error as { code?: unknown }).code === 'CONFIG_FILE_MISSING' ? 'CONFIG_FILE_MISSING' : 'CONFIG_INVALID'
    throw Object.assign(new Error(`destinations.${arn}.${(error as Error).message}.`), { code })
  }
}

function readAuthorities(file: string): string {
  let text: string
  try {
    text = readFileSync(file, 'latin1')
  } catch (error) {
    const message = `ca: ${file} cannot be read: ${(error as Error).message}`
    throw Object.assign(new Error(message), { code: 'CONFIG_FILE_MISSING' })
  }
  const store = readTruststore({ store: text, password: undefined, directory: undefined })
  if (!store.ok) throw new RangeError(`ca: ${file} ${store.reason.replace(/\.$/, '')}`)
  return store.certificates
}

/** The policy of an action; one that is not bound falls under the default, and `checkDestination` refuses it. */
export function egressOf(arn: string | undefined, destinations: Destinations | undefined): EgressPolicy {
  return (arn === undefined ? undefined : destinations?.get(arn)) ?? defaultEgress
}

/** Whether an action may use its destination, and whether that lets it reach its brokers. */
export function checkDestination(
  arn: string | undefined,
  servers: string | undefined,
  destinations: Destinations | undefined,
): readonly Diagnostic[] {
  const policy = egressOf(arn, destinations)
  if (destinations !== undefined && (arn === undefined || !destinations.has(arn)))
    return [unknownDestination(arn, destinations)]
  if (!policy.enabled) {
    const message = `destinationArn ${arn} is disabled by the configuration.`
    return [{ code: 'KAFKA_DESTINATION_DISABLED', severity: 'error', path: 'destinationArn', message }]
  }
  for (const { host, port } of addressesOf(servers ?? '')) {
    const forbidden = policy.forbidsServer(host, port)
    if (forbidden !== undefined) return [forbiddenServer(forbidden, `${host}:${port}`, arn, destinations)]
  }
  return []
}

function unknownDestination(arn: string | undefined, destinations: Destinations): Diagnostic {
  const bound = [...destinations.keys()]
  const guess = arn === undefined ? (bound.length === 1 ? bound[0] : undefined) : nearArn(arn, bound)
  const message =
    arn === undefined
      ? 'destinationArn is left out; the configuration allows only the destinations that it binds.'
      : `destinationArn ${JSON.stringify(arn.slice(0, 200))} is not bound to a policy by destinations in the configuration.`
  return {
    code: 'KAFKA_DESTINATION_UNKNOWN',
    severity: 'error',
    path: 'destinationArn',
    message,
    ...(guess !== undefined && { hint: arn === undefined ? `It binds ${guess}.` : `Did you mean ${guess}?` }),
  }
}

/** ARNs are long and begin alike: what follows the account tells them apart. */
function nearArn(arn: string, bound: readonly string[]): string | undefined {
  const ends = bound.map(endOf)
  const guess = nearest(endOf(arn), ends)
  return bound[ends.indexOf(guess ?? '')]
}

function endOf(arn: string): string {
  return arn.slice(arn.lastIndexOf('/') + 1)
}

function forbiddenServer(
  { key, reason }: Forbidden,
  server: string,
  arn: string | undefined,
  destinations: Destinations | undefined,
): Diagnostic {
  const rule =
    destinations === undefined ? 'the default policy' : `destinations.${arn}.${key} in the configuration`
  return {
    code: 'KAFKA_DESTINATION_FORBIDS',
    severity: 'error',
    path: propertyPath('bootstrap.servers'),
    message: `bootstrap.servers names ${server}, which ${rule} does not let it reach: ${reason}.`,
  }
}
