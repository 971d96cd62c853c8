import { z } from 'zod'
import { topicRulePayloadSchema } from './schema.ts'

/** The schema of what lies at `path` of a document of `schema`, without what only says that it may be left out. */
export function schemaAt(schema: z.ZodType, path: readonly PropertyKey[]): unknown {
  let current: unknown = unwrapped(schema)
  for (const step of path) {
    if (current instanceof z.ZodObject) current = unwrapped(current.shape[String(step)])
    else if (current instanceof z.ZodArray) current = unwrapped(current.element)
    else if (current instanceof z.ZodRecord) current = unwrapped(current.valueType)
    else return undefined
  }
  return current
}

function unwrapped(schema: unknown): unknown {
  return schema instanceof z.ZodOptional || schema instanceof z.ZodDefault
    ? unwrapped(schema.unwrap())
    : schema
}

/**
 * A scalar as its field of the payload wants it, for forms that write them loosely: `"true"` for true, 1 for "1".
 * What cannot be meant is returned as it is.
 */
export function scalarFor(value: unknown, path: readonly PropertyKey[]): unknown {
  const schema = schemaAt(topicRulePayloadSchema, path)
  if (schema instanceof z.ZodString)
    return typeof value === 'number' || typeof value === 'boolean' ? String(value) : value
  if (typeof value !== 'string') return value
  if (schema instanceof z.ZodBoolean) return value === 'true' ? true : value === 'false' ? false : value
  const isNumber = schema instanceof z.ZodNumber || schema instanceof z.ZodLiteral
  return isNumber && /^\d{1,9}$/.test(value) ? Number(value) : value
}
