import { type Failure } from '../errors.ts'
import { type ServiceAnswer, type ServiceCaller, type Services } from '../sql/index.ts'
import { type Value } from '../value/index.ts'
import { failed } from './answer.ts'

/** What stands behind one function. */
export interface ServiceFunction {
  /** Never throws or rejects; ends within a bound of its own. */
  call(args: readonly Value[], caller: ServiceCaller): Promise<ServiceAnswer>
}

export interface ServiceObserver {
  /** A call has ended after so many milliseconds. */
  called(name: string, milliseconds: number): void
  failed(name: string, failure: Failure, caller: ServiceCaller): void
}

/** The services of one server, by the name of their function in lower case. */
export class ServiceSet implements Services {
  readonly names: ReadonlySet<string>
  readonly #functions: ReadonlyMap<string, ServiceFunction>
  readonly #observer: ServiceObserver

  constructor(functions: ReadonlyMap<string, ServiceFunction>, observer: ServiceObserver) {
    this.names = new Set(functions.keys())
    this.#functions = functions
    this.#observer = observer
  }

  async call(name: string, args: readonly Value[], caller: ServiceCaller): Promise<ServiceAnswer> {
    const service = this.#functions.get(name)
    if (service === undefined) {
      return failed('SERVICE_FAILED', { name, origin: name }, 'no service is configured for it')
    }
    const start = performance.now()
    const answer = await service.call(args, caller)
    this.#observer.called(name, performance.now() - start)
    if (!answer.ok) this.#observer.failed(name, answer.failure, caller)
    return answer
  }
}
