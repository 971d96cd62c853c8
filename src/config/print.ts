import { stringify } from 'yaml'
import { z } from 'zod'
import { type Config, configSchema } from './schema.ts'

const MASK = '[secret]'

interface SchemaNode {
  readonly properties?: Readonly<Record<string, SchemaNode>>
  readonly items?: SchemaNode
  readonly secret?: boolean
}

/** JSON Schema of the configuration file, for editors. */
export function configJsonSchema(): Record<string, unknown> {
  return z.toJSONSchema(configSchema, { io: 'input', unrepresentable: 'any' })
}

/** The effective configuration as YAML, secrets masked. */
export function printConfig(config: Config): string {
  return stringify(mask(config, configJsonSchema() as SchemaNode))
}

function mask(value: unknown, schema: SchemaNode | undefined): unknown {
  if (schema?.secret === true && value !== undefined) return MASK
  if (Array.isArray(value)) return value.map((item) => mask(item, schema?.items))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, part]) => [key, mask(part, schema?.properties?.[key])]),
  )
}
