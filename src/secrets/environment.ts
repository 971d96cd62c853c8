import { Content, type Fetched, type LookUp, type SecretBackend, secretFailure } from './backend.ts'

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/

/**
 * Secrets as variables of the process's environment: `PREFIX` and the id in capitals, where every character but
 * letters and digits is an underscore (`kafka/orders` is `SECRET_KAFKA_ORDERS`). A SecretBinary is written in base64.
 */
export class EnvironmentBackend implements SecretBackend {
  readonly keyed = false
  readonly #prefix: string
  readonly #variables: NodeJS.ProcessEnv

  constructor(prefix: string, variables: NodeJS.ProcessEnv) {
    this.#prefix = prefix
    this.#variables = variables
  }

  fetch({ id }: LookUp): Promise<Fetched> {
    const name = variableOf(this.#prefix, id)
    const text = this.#variables[name]
    if (text === undefined)
      return Promise.resolve(
        secretFailure('SECRET_NOT_FOUND', 'rule', id, `there is no variable ${name.slice(0, 200)}.`),
      )
    const bytes = text !== '' && BASE64.test(text) ? Buffer.from(text, 'base64') : undefined
    const content = bytes === undefined ? Content.ofText(text) : Content.ofFile(bytes, text, false)
    return Promise.resolve({ ok: true, content })
  }

  close(): void {}
}

function variableOf(prefix: string, id: string): string {
  return prefix + id.toUpperCase().replace(/[^A-Z0-9]/g, '_')
}
