import { stringify } from 'yaml'
import { z } from 'zod'
import { type Config, configSchema } from './schema.ts'
import { type SchemaNode, valuesOf } from './schema-node.ts'
import { formatDuration, formatSize } from './units.ts'

const MASK = '[secret]'

let schema: SchemaNode | undefined

/** The configuration's JSON Schema as far as this product reads it; made once. */
export function configSchemaNode(): SchemaNode {
  return (schema ??= z.toJSONSchema(configSchema, { io: 'input' }) as SchemaNode)
}

/** JSON Schema of the configuration file, for editors. */
export function configJsonSchema(): Record<string, unknown> {
  return { title: 'Configuration of topicrule', ...configSchemaNode() }
}

/** The effective configuration as YAML that could be read again, but for its secrets: they are masked. */
export function printConfig(config: Config): string {
  return stringify(shown(config, configSchemaNode()))
}

function shown(value: unknown, node: SchemaNode | undefined): unknown {
  if (value === undefined) return undefined
  if (node?.secret === true) return MASK
  if (typeof value === 'number' && node?.unit !== undefined)
    return node.unit === 'duration' ? formatDuration(value) : formatSize(value)
  if (Array.isArray(value)) return value.map((item) => shown(item, node?.items))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, part]) => [key, shown(part, node?.properties?.[key] ?? valuesOf(node))]),
  )
}
