import { protobufSource } from '../../src/services/index.ts'
import { type ProtobufSource, type Services } from '../../src/sql/index.ts'
import { equals, type SqlObject, type Value, writeJson } from '../../src/value/index.ts'
import { object } from './case.ts'

interface Stub {
  readonly name: string
  /** Undefined: any arguments. */
  readonly args: Value
  readonly fails: boolean
  readonly returns: Value
}

function stubsOf(context: SqlObject): Stub[] {
  return ((context.get('external') ?? []) as readonly Value[]).map(object).map((stub) => ({
    name: String(stub.get('fn')).toLowerCase(),
    args: stub.get('args'),
    fails: stub.get('fails') === true,
    returns: stub.get('returns'),
  }))
}

/** The descriptors that a case has. */
export function protobufOf(context: SqlObject): ProtobufSource {
  const objects = ((context.get('objects') ?? []) as readonly Value[]).map(object)
  return protobufSource((bucket, key) => {
    const found = objects.find((each) => each.get('bucket') === bucket && each.get('key') === key)
    if (found === undefined) return { fault: 'there is no such object' }
    return Buffer.from(String(found.get('base64')), 'base64')
  })
}

/** The functions that a case has an answer for. */
export function serviceNames(context: SqlObject): ReadonlySet<string> {
  return new Set(stubsOf(context).map(({ name }) => name))
}

/** Services that answer as the case says, and fail when they are asked anything else. */
export function servicesOf(context: SqlObject): Services {
  const stubs = stubsOf(context)
  return {
    call: (name, args) => {
      const stub = stubs.find(
        (each) => each.name === name && (each.args === undefined || equals(each.args, args) === true),
      )
      if (stub !== undefined && !stub.fails) return Promise.resolve({ ok: true, value: stub.returns })
      const message = `${name}(${writeJson(args)}) has no answer`
      return Promise.resolve({
        ok: false,
        failure: { code: 'SERVICE_FAILED', class: 'message', resource: name, message },
      })
    },
  }
}
