import { isUtf8 } from 'node:buffer'
import { type FastifyRequest } from 'fastify'
import { type z } from 'zod'
import { readJson } from '../value/index.ts'
import { ControlError, invalid } from './errors.ts'
import { type Operation } from './operation.ts'

const MAX_DEPTH = 64
const BYTE_ORDER_MARK = /^\ufeff/

/**
 * Gathers an operation's members from where they stand, and checks them.
 * @throws ControlError that names what is wrong
 */
export function readInput(operation: Operation, request: FastifyRequest): never {
  // Without a prototype, so that a body cannot give it one.
  const members = Object.create(null) as Record<string, unknown>
  const greedy = /\{(\w+)\+\}/.exec(operation.path)?.[1]
  const query = queryOf(request.raw.url ?? '')
  const params = request.params as Readonly<Record<string, string>>
  let payload: string | undefined
  for (const [member, place] of Object.entries(operation.places)) {
    if (place === 'path') members[member] = params[member === greedy ? '*' : member]
    else if (place === 'query') members[member] = query.get(member) ?? undefined
    else if (place === 'payload') payload = member
    else members[member] = headerOf(request, place.header)
  }
  if (operation.method === 'POST' || operation.method === 'PATCH') {
    const body = bodyOf(request)
    if (payload !== undefined) members[payload] = body
    else if (isRecord(body)) Object.assign(members, unplaced(body, operation))
    else if (body !== undefined) throw invalid('The body must be a JSON object.')
  }
  for (const [member, value] of Object.entries(members)) if (value === undefined) delete members[member]
  const parsed = operation.input.safeParse(members)
  if (!parsed.success)
    throw invalid(
      parsed.error.issues
        .slice(0, 10)
        .map((issue) => textOf(issue, members))
        .join('\n'),
    )
  return parsed.data as never
}

/** A query may name a member once. */
function queryOf(url: string): ReadonlyMap<string, string> {
  const start = url.indexOf('?')
  const query = new Map<string, string>()
  if (start === -1) return query
  for (const [name, value] of new URLSearchParams(url.slice(start + 1))) {
    if (query.has(name)) throw invalid(`The query names ${name.slice(0, 40)} more than once.`)
    query.set(name, value)
  }
  return query
}

/** A member that stands elsewhere cannot be given by the body. */
function unplaced(body: Readonly<Record<string, unknown>>, { places }: Operation): Record<string, unknown> {
  return Object.fromEntries(Object.entries(body).filter(([name]) => !Object.hasOwn(places, name)))
}

function headerOf(request: FastifyRequest, name: string): string | undefined {
  const value = request.headers[name]
  return Array.isArray(value) ? value.join(',') : value
}

function bodyOf(request: FastifyRequest): unknown {
  const bytes = request.body
  if (!Buffer.isBuffer(bytes) || bytes.length === 0) return undefined
  const encoding = request.headers['content-encoding']
  if (encoding !== undefined && !/^(identity)?$/i.test(encoding.trim()))
    throw invalid('Bodies with a Content-Encoding are not taken; send the JSON as it is.')
  if (!isUtf8(bytes)) throw invalid('The body is not UTF-8.')
  const text = bytes.toString('utf8').replace(BYTE_ORDER_MARK, '')
  const read = readJson(text)
  if (!read.ok) {
    const lines = text.slice(0, read.offset).split('\n')
    const place = `line ${lines.length}, column ${lines.at(-1)!.length + 1}`
    throw invalid(`The body is not JSON: ${read.reason} (${place}).`)
  }
  const body = JSON.parse(text) as unknown
  if (isTooDeep(body)) throw new ControlError('InvalidRequestException', 'The body is nested too deeply.')
  return body
}

function isTooDeep(value: unknown): boolean {
  let level: readonly unknown[] = [value]
  for (let depth = 0; depth < MAX_DEPTH; depth += 1) {
    level = level.flatMap((item) => (typeof item === 'object' && item !== null ? Object.values(item) : []))
    if (level.length === 0) return false
  }
  return true
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function textOf(issue: z.core.$ZodIssue, members: Readonly<Record<string, unknown>>): string {
  const where = issue.path.map(String).join('.')
  if (issue.code === 'unrecognized_keys') {
    const names = issue.keys.map((key) => key.slice(0, 60)).join(', ')
    return `There is no member ${where === '' ? '' : `${where}.`}${names}.`
  }
  return valueAt(members, issue.path) === undefined
    ? `${where} is required.`
    : `${where}: ${issue.message.replace(/^Invalid input: expected/, 'must be of the type')}.`
}

function valueAt(members: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, step) =>
      typeof value === 'object' && value !== null && Object.hasOwn(value, step)
        ? (value as Readonly<Record<PropertyKey, unknown>>)[step]
        : undefined,
    members,
  )
}
