import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { motoPackages } from './boto3.ts'

/** A shape of a service model of AWS. Source: botocore, data/<service>/<version>/service-2.json */
export interface Shape {
  readonly type: string
  readonly members?: Readonly<Record<string, { readonly shape: string }>>
  readonly required?: readonly string[]
  readonly member?: { readonly shape: string }
  readonly key?: { readonly shape: string }
  readonly value?: { readonly shape: string }
  readonly enum?: readonly string[]
  readonly min?: number
  readonly max?: number
  readonly pattern?: string
}

export interface ServiceModel {
  readonly shapes: Readonly<Record<string, Shape>>
}

/** The service model of AWS IoT as boto3 has it. */
export async function iotModel(): Promise<ServiceModel> {
  const file = join(await motoPackages(), 'botocore/data/iot/2015-05-28/service-2.json.gz')
  return JSON.parse(gunzipSync(readFileSync(file)).toString('utf8')) as ServiceModel
}

/** A value of a shape, with every member or only those that are required. */
export function example(model: ServiceModel, name: string, whole: boolean): unknown {
  const shape = model.shapes[name]!
  const { members = {}, required = [], min = 1 } = shape
  switch (shape.type) {
    case 'structure':
      return Object.fromEntries(
        Object.entries(members)
          .filter(([member]) => whole || required.includes(member))
          .map(([member, { shape: inner }]) => [member, example(model, inner, whole)]),
      )
    case 'list':
      return Array.from({ length: Math.max(1, min) }, () => example(model, shape.member!.shape, whole))
    case 'map':
      return { name: example(model, shape.value!.shape, whole) }
    case 'boolean':
      return true
    case 'integer':
    case 'long':
      return min
    default:
      return shape.enum?.[0] ?? textOf(shape, min)
  }
}

function textOf({ pattern = '' }: Shape, min: number): string {
  if (pattern.endsWith('|(,)')) return ','
  const address = /sfdc/.test(pattern)
    ? 'https://ingestion-abc.abc.sfdcnow.com/streams/a/b/event'
    : 'https://example.com'
  return pattern.includes('http') ? address : 'a'.repeat(Math.max(1, min))
}

/** Values that are not of a shape, each with the path of the member that is wrong. */
export function* misshapen(
  model: ServiceModel,
  name: string,
  path = '',
): Generator<{ readonly path: string; readonly value: unknown }> {
  const shape = model.shapes[name]!
  const wrong =
    shape.type === 'string' ? 7 : ['structure', 'map'].includes(shape.type) ? 'text' : { text: 'text' }
  yield { path, value: wrong }
  if (shape.type === 'list') {
    for (const { path: at, value } of misshapen(model, shape.member!.shape, `${path}[0]`))
      yield { path: at, value: [value] }
    return
  }
  if (shape.type !== 'structure') return
  const whole = example(model, name, true) as Readonly<Record<string, unknown>>
  yield { path: `${path}.foreign`, value: { ...whole, foreign: true } }
  for (const required of shape.required ?? []) {
    const { [required]: _left, ...rest } = whole
    yield { path: `${path}.${required}`, value: rest }
  }
  for (const [member, { shape: inner }] of Object.entries(shape.members ?? {}))
    for (const { path: at, value } of misshapen(model, inner, `${path}.${member}`))
      yield { path: at, value: { ...whole, [member]: value } }
}
