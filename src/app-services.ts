import { validateHeaderValue } from 'node:http'
import { type Config } from './config/index.ts'
import { type Failure } from './errors.ts'
import { type Cell, type Log, type Metrics } from './observe/index.ts'
import { Secret } from './secret.ts'
import { readConfigured, StartError } from './app-access.ts'
import {
  HttpService,
  protobufDirectory,
  type ServiceFunction,
  type ServiceObserver,
  ServiceSet,
} from './services/index.ts'
import { type ProtobufSource, type ServiceCaller } from './sql/index.ts'

export interface OpenServices {
  readonly services: ServiceSet
  readonly protobuf: ProtobufSource | undefined
  close(): void
}

/** Expressions ask the services of the configuration as it is at the time. */
export interface ServicesInUse {
  current: OpenServices
}

/**
 * The services that the configuration names, and `more` of other makes by the name of their function.
 * @throws StartError when a file cannot be read or a header cannot be sent
 */
export function openServices(
  config: Config['services'],
  observer: ServiceObserver,
  more: ReadonlyMap<string, ServiceFunction> = new Map(),
): OpenServices {
  const { protobuf, ...http } = config ?? {}
  const opened = Object.entries(http).map(([name, service]) => {
    const { url, timeout, concurrency, queue, maxAnswer, ca } = service
    const headers = service.headers.map((header) => headerOf(header, `services.${name}.headers`))
    const certificates = ca === undefined ? undefined : readConfigured(ca)
    return [
      name,
      new HttpService({ name, url, timeout, concurrency, queue, maxAnswer, headers, ca: certificates }),
    ] as const
  })
  return {
    protobuf: protobuf && protobufDirectory(protobuf.directory),
    services: new ServiceSet(new Map<string, ServiceFunction>([...opened, ...more]), observer),
    close: () => {
      for (const [, service] of opened) service.close()
    },
  }
}

type Header = NonNullable<NonNullable<Config['services']>['aws_lambda']>['headers'][number]

function headerOf({ name, value, valueFile }: Header, key: string): readonly [string, Secret] {
  if ((value === undefined) === (valueFile === undefined))
    throw new StartError('CONFIG_INVALID', `${key}: ${name} needs either value or valueFile.`)
  const text = value ?? readConfigured(valueFile!).toString('utf8').trim()
  try {
    validateHeaderValue(name, text)
  } catch {
    throw new StartError(
      'CONFIG_INVALID',
      `${key}: the value of ${name} has characters that no header may have.`,
    )
  }
  return [name, new Secret(text)]
}

/** Counts calls of services and logs those that fail. */
export class ServiceWatch implements ServiceObserver {
  readonly #metrics: Metrics
  readonly #log: Log
  readonly #cells = new Map<string, readonly [calls: Cell, seconds: Cell]>()

  constructor(metrics: Metrics, log: Log) {
    this.#metrics = metrics
    this.#log = log
  }

  called(name: string, milliseconds: number): void {
    const cells = this.#cells.get(name) ?? [
      this.#metrics.cell('topicrule_service_calls_total', name),
      this.#metrics.cell('topicrule_service_seconds_total', name),
    ]
    this.#cells.set(name, cells)
    cells[0].value += 1
    cells[1].value += milliseconds / 1_000
  }

  failed(name: string, { code, class: kind, resource, message }: Failure, caller: ServiceCaller): void {
    this.#metrics.cell('topicrule_service_failures_total', name).value += 1
    this.#log.event('service.failed', {
      rule: caller.ruleName,
      function: name,
      code,
      class: kind,
      resource,
      reason: message,
      clientId: caller.clientId,
      traceId: caller.traceId,
    })
  }
}
