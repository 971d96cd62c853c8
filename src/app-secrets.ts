import { type Config } from './config/index.ts'
import { type KafkaRecipe } from './deliver/index.ts'
import { type KafkaTarget } from './deliver/specs.ts'
import { type Log, type Metrics } from './observe/index.ts'
import { type CompiledKafkaAction } from './rule/index.ts'
import { createSecretSource, readArguments, type SecretSource, type StoreOptions } from './secrets/index.ts'
import { type ServiceFunction } from './services/index.ts'
import { type Environment, type ServiceAnswer, type Services } from './sql/index.ts'

/** The secrets of the configuration's stores, counted and logged; undefined where it names none. */
export function openSecrets(config: Config, metrics: Metrics, log: Log): SecretSource | undefined {
  const { secrets } = config
  if (secrets === undefined) return undefined
  return createSecretSource({
    stores: storesOf(secrets),
    cacheTime: secrets.cacheTime,
    onFetch: (outcome, failure) => {
      metrics.cell('topicrule_secret_requests_total', outcome === 'ok' ? 'ok' : failure!.code).value += 1
      if (outcome === 'kept') metrics.cell('topicrule_secrets_kept_total').value += 1
      if (outcome === 'ok' || failure === undefined) return
      const { code, resource, message } = failure
      log.event(outcome === 'kept' ? 'secret.kept' : 'secret.failed', {
        code,
        secret: resource,
        reason: message,
      })
    },
  })
}

function storesOf({ aws, directory, environment }: NonNullable<Config['secrets']>): StoreOptions[] {
  const stores: StoreOptions[] = []
  if (aws !== undefined) {
    const { prefix, region, endpoint, stsEndpoint } = aws
    stores.push({ kind: 'aws', prefix, region, endpoint, stsEndpoint })
  }
  if (directory !== undefined) stores.push({ kind: 'directory', ...directory })
  if (environment !== undefined) stores.push({ kind: 'environment', ...environment })
  return stores
}

/** Answers `get_secret`. `maxAge`: milliseconds that a cached value may be old; else the cache time. */
export function secretFunction(secrets: SecretSource, maxAge?: number): ServiceFunction {
  return {
    call: async (args): Promise<ServiceAnswer> => {
      const read = readArguments(args)
      if (!read.ok) {
        const resource = 'get_secret'
        const failure = { code: 'SECRET_ARGUMENT', class: 'rule', resource, message: read.reason } as const
        return { ok: false, failure }
      }
      const answer = await secrets.get(read.request, maxAge === undefined ? {} : { maxAge })
      return answer.ok ? { ok: true, value: answer.value.reveal() } : answer
    },
  }
}

/** What an action's producer is opened with; one that looks up secrets does so by the server's stores. */
export function senderSource(
  { target }: CompiledKafkaAction,
  environment: Environment,
  secrets: SecretSource | undefined,
): KafkaTarget | KafkaRecipe {
  if (!('resolve' in target)) return target
  const { identity, bootstrapServers } = target
  const resolve: KafkaRecipe['resolve'] = (maxAge) => {
    const services = withSecrets(environment.services, secrets && secretFunction(secrets, maxAge))
    return target.resolve({ ...environment, services })
  }
  return { identity, bootstrapServers, resolve }
}

function withSecrets(
  services: Services | undefined,
  secrets: ServiceFunction | undefined,
): Services | undefined {
  if (services === undefined || secrets === undefined) return services
  return {
    call: (name, args, caller) =>
      name === 'get_secret' ? secrets.call(args, caller) : services.call(name, args, caller),
  }
}
