import { resolve } from 'node:path'
import { type Config } from './schema.ts'

type Listener = Config['mqtt']['listeners'][number]
type Control = Config['control']
type Destinations = NonNullable<Config['destinations']>
type Services = NonNullable<Config['services']>

/** The configuration with every path of a file or directory made absolute, from the configuration file's directory. */
export function resolvePaths(config: Config, directory: string): Config {
  const absolute = (path: string): string => resolve(directory, path)
  const { control, deadLetter, mqtt, kafka, destinations, publish, secrets, services } = config
  return {
    ...config,
    dataDirectory: absolute(config.dataDirectory),
    rules: { ...config.rules, directory: absolute(config.rules.directory) },
    ...(secrets?.directory && {
      secrets: { ...secrets, directory: { ...secrets.directory, path: absolute(secrets.directory.path) } },
    }),
    ...(deadLetter !== undefined && {
      deadLetter: { ...deadLetter, directory: absolute(deadLetter.directory) },
    }),
    ...(publish !== undefined && { publish: resolveTls(publish, absolute) }),
    ...(services !== undefined && { services: resolveServices(services, absolute) }),
    ...(destinations !== undefined && { destinations: resolveDestinations(destinations, absolute) }),
    control: resolveControl(control, absolute),
    kafka: {
      ...kafka,
      ...(kafka.storeDirectory !== undefined && { storeDirectory: absolute(kafka.storeDirectory) }),
    },
    mqtt: {
      ...mqtt,
      ...(mqtt.users === undefined ? {} : { users: { ...mqtt.users, file: absolute(mqtt.users.file) } }),
      listeners: mqtt.listeners.map((listener) => resolveTls(listener, absolute)),
    },
  }
}

function resolveControl(control: Control, absolute: (path: string) => string): Control {
  const { accessKeys, tokens, audit } = control
  return {
    ...resolveTls(control, absolute),
    accessKeys: accessKeys.map((key) =>
      key.secretFile === undefined ? key : { ...key, secretFile: absolute(key.secretFile) },
    ),
    tokens: tokens.map((token) =>
      token.file === undefined ? token : { ...token, file: absolute(token.file) },
    ),
    ...(audit !== undefined && { audit: { file: absolute(audit.file) } }),
  }
}

function resolveServices(services: Services, absolute: (path: string) => string): Services {
  const { protobuf, ...http } = services
  const resolved = Object.fromEntries(
    Object.entries(http).map(([name, service]) => [
      name,
      {
        ...service,
        ...(service.ca !== undefined && { ca: absolute(service.ca) }),
        headers: service.headers.map(({ valueFile, ...header }) =>
          valueFile === undefined ? header : { ...header, valueFile: absolute(valueFile) },
        ),
      },
    ]),
  )
  return { ...resolved, ...(protobuf && { protobuf: { directory: absolute(protobuf.directory) } }) }
}

function resolveDestinations(destinations: Destinations, absolute: (path: string) => string): Destinations {
  return Object.fromEntries(
    Object.entries(destinations).map(([arn, policy]) => [
      arn,
      policy.ca === undefined ? policy : { ...policy, ca: absolute(policy.ca) },
    ]),
  )
}

function resolveTls<T extends Pick<Listener, 'tls'>>(listener: T, absolute: (path: string) => string): T {
  const { tls } = listener
  if (tls === undefined) return listener
  const clientCa = tls.clientCa === undefined ? {} : { clientCa: absolute(tls.clientCa) }
  return { ...listener, tls: { ...tls, cert: absolute(tls.cert), key: absolute(tls.key), ...clientCa } }
}
