import { type Failure } from '../../src/errors.ts'
import { type ServiceAnswer, type ServiceCaller, type Services } from '../../src/sql/index.ts'
import { type Value } from '../../src/value/index.ts'

export interface Question {
  readonly name: string
  readonly args: readonly Value[]
  readonly caller: ServiceCaller
  answer(value: Value): void
  fail(failure?: Partial<Failure>): void
}

/** Services whose every call waits until the test answers it. */
export class HeldServices implements Services {
  readonly questions: Question[] = []

  call(name: string, args: readonly Value[], caller: ServiceCaller): Promise<ServiceAnswer> {
    return new Promise((resolve) => {
      this.questions.push({
        name,
        args,
        caller,
        answer: (value) => resolve({ ok: true, value }),
        fail: (failure) => resolve({ ok: false, failure: serviceFailure(failure) }),
      })
    })
  }

  /** The calls so far, as text. */
  asked(): string[] {
    return this.questions.map(({ name, args }) => `${name}(${args.map(String).join(', ')})`)
  }
}

/** Services that answer at once; `answer` may throw a failure. */
export function answering(
  answer: (name: string, args: readonly Value[]) => Value,
): Services & { readonly calls: string[] } {
  const calls: string[] = []
  return {
    calls,
    call: (name, args) => {
      calls.push(`${name}(${args.map(String).join(', ')})`)
      try {
        return Promise.resolve({ ok: true, value: answer(name, args) })
      } catch (failure) {
        return Promise.resolve({ ok: false, failure: failure as Failure })
      }
    },
  }
}

export function serviceFailure(parts: Partial<Failure> = {}): Failure {
  return { code: 'SERVICE_FAILED', class: 'message', resource: 'stub', message: 'it failed', ...parts }
}

/** Lets everything go on that waits for an answer given before. */
export function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
