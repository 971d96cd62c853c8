import { readJson, type SqlObject, type Value, writeJson } from '../../src/value/index.ts'
import { type SqlVersion } from '../../src/sql/index.ts'

/** One conformance case, numbers exactly as the file writes them. */
export interface Case {
  readonly id: string
  readonly group: string
  readonly version: SqlVersion
  readonly sql: string
  readonly template: string | undefined
  readonly topic: string
  readonly payload: Buffer
  readonly context: SqlObject
  readonly expect: SqlObject
  /** Other outcomes that the documentation does not exclude. */
  readonly alternatives: readonly SqlObject[]
  /** Relative; 0 for exact equality. */
  readonly tolerance: number
}

/** Reads a case file. Throws with the reason when it is not one. */
export function readCases(text: string): readonly Case[] {
  const json = readJson(text)
  if (!json.ok) throw new Error(`not JSON at offset ${json.offset}: ${json.reason}`)
  if (!Array.isArray(json.value)) throw new Error('not an array of cases')
  return (json.value as readonly Value[]).map(readCase)
}

function readCase(value: Value): Case {
  if (!(value instanceof Map)) throw new Error('a case is no object')
  const fields = value as SqlObject
  const version = string(fields, 'sqlVersion')
  return {
    id: string(fields, 'id'),
    group: string(fields, 'group'),
    version: version === '2015-10-08' ? version : '2016-03-23',
    sql: string(fields, 'sql'),
    template: optionalString(fields, 'template'),
    topic: string(fields, 'topic'),
    payload: payloadOf(fields),
    context: object(fields.get('context')),
    expect: object(fields.get('expect')),
    alternatives: ((fields.get('altExpect') ?? []) as readonly Value[]).map(object),
    tolerance: Number(fields.get('tolerance') ?? 0),
  }
}

function payloadOf(fields: SqlObject): Buffer {
  const base64 = optionalString(fields, 'payloadBase64')
  if (base64 !== undefined) return Buffer.from(base64, 'base64')
  return Buffer.from(writeJson(fields.get('payload')) ?? '')
}

function string(fields: SqlObject, name: string): string {
  const value = fields.get(name)
  if (typeof value !== 'string') throw new Error(`${name} of case ${String(fields.get('id'))} is no string`)
  return value
}

export function optionalString(fields: SqlObject, name: string): string | undefined {
  return fields.has(name) ? string(fields, name) : undefined
}

export function object(value: Value): SqlObject {
  return value instanceof Map ? (value as SqlObject) : new Map()
}
