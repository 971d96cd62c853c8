import { type Failure } from '../errors.ts'
import { type ServiceCaller, type Services } from '../sql/index.ts'
import { readJson, writeJson } from '../value/index.ts'

/**
 * Stands for the service behind a function such as `aws_lambda`. `args` is JSON data in the order of the call; the
 * result is JSON data too. Throwing fails the rule for the message, unless the call stands in `get_or_default`.
 */
export type ServiceFunction = (args: readonly unknown[], caller: ServiceCaller) => unknown
/** The services of an engine that call functions of this process. */
export function servicesOf(functions: Readonly<Record<string, ServiceFunction>>): Services {
  const byName = new Map(Object.entries(functions).map(([name, run]) => [name.toLowerCase(), run]))
  return {
    async call(name, args, caller) {
      try {
        const result = await byName.get(name)!(JSON.parse(writeJson(args)!) as unknown[], caller)
        const json = readJson(JSON.stringify(result) ?? 'null')
        return json.ok ? json : { ok: false, failure: serviceFailure(name, json.reason) }
      } catch (error) {
        return { ok: false, failure: serviceFailure(name, error instanceof Error ? error.message : error) }
      }
    },
  }
}

function serviceFailure(name: string, reason: unknown): Failure {
  return {
    code: 'SERVICE_FAILED',
    class: 'message',
    resource: name,
    message: `${name}() failed: ${String(reason)}`,
  }
}
