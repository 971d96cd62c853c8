import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { type TestMessage } from '../dryrun/index.ts'
import { type Diagnostic } from '../errors.ts'
import { nearest } from '../nearest.ts'
import { functionSpecs } from '../sql/index.ts'
import { type Position } from '../store/index.ts'
import { type Value, writeJson } from '../value/index.ts'
import { valueAt } from './document.ts'
import { type MockAnswer } from './mocks.ts'
import { noSuchRule, type TestedRule } from './rules.ts'
import { type CaseData, type TestFileData } from './schema.ts'
import { type TestCase } from './test-file.ts'

/** What the cases of a file share. */
export interface CaseContext {
  readonly file: string
  readonly rules: readonly TestedRule[]
  readonly defaults: NonNullable<TestFileData['defaults']>
  /** `defaults` with exact numbers. */
  readonly exactDefaults: Value
}

export type CaseResultOf =
  | { readonly ok: true; readonly case: TestCase }
  | { readonly ok: false; readonly faults: readonly Diagnostic[] }

/** When nothing says when a message came. */
const DEFAULT_CLOCK = Date.UTC(2026, 0, 1)
const NO_TRACE = '00000000-0000-0000-0000-000000000000'
const PAYLOADS = ['payload', 'payloadBase64', 'payloadFile'] as const

/** Functions that ask a service. */
export const serviceNames: readonly string[] = functionSpecs
  .filter(({ effect }) => effect === 'remote')
  .map(({ name }) => name.toLowerCase())

/** Makes a case of its data; `exact` is the same with exact numbers. The paths of faults begin at the case. */
export function makeCase(
  own: CaseData,
  exact: Value,
  index: number,
  position: Position | undefined,
  context: CaseContext,
): CaseResultOf {
  const { defaults, exactDefaults } = context
  const data: CaseData = { ...withoutPayload(defaults, own), ...own }
  const faults: Diagnostic[] = []
  const rule = ruleOf(own, context, faults)
  const payload = payloadOf(data, own, exact, context, faults)
  const timestamp = clockOf(data.timestamp, faults)
  if (data.topic === undefined) faults.push(invalid('A case needs a topic.', 'topic'))
  const answers = new Map([...answersOf(exactDefaults, faults), ...answersOf(exact, faults)])
  if (faults.length > 0 || rule === undefined) return { ok: false, faults }
  const message: TestMessage = { ...messagePart(data), topic: data.topic!, payload, timestamp }
  return {
    ok: true,
    case: {
      name: data.name ?? data.topic!,
      index,
      position,
      rule,
      message,
      seed: data.seed ?? 0,
      accountId: data.accountId,
      secrets: new Map([...mapAt(exactDefaults, 'secrets'), ...mapAt(exact, 'secrets')]),
      answers,
      failing: data.failing ?? [],
      skip: data.skip ?? false,
      expect: own.expect && { data: own.expect, exact: valueAt(exact, ['expect']) },
    },
  }
}

function messagePart(data: CaseData): Omit<TestMessage, 'topic'> {
  const { clientId, principal, sourceIp, contentType, responseTopic, payloadFormatIndicator } = data
  const { messageExpiryInterval, qos, traceId = NO_TRACE, userProperties, correlationData } = data
  const given = { clientId, principal, sourceIp, contentType, responseTopic, payloadFormatIndicator, qos }
  const properties = Array.isArray(userProperties)
    ? userProperties.map(({ key, value }) => [key, value] as const)
    : userProperties
  const part = {
    ...given,
    messageExpiryInterval,
    traceId,
    userProperties: properties,
    correlationData: correlationData === undefined ? undefined : Buffer.from(correlationData, 'base64'),
  }
  return Object.fromEntries(Object.entries(part).filter(([, value]) => value !== undefined))
}

/** A case that has a payload in any form takes none of the defaults. */
function withoutPayload(defaults: CaseContext['defaults'], own: CaseData): CaseContext['defaults'] {
  if (!PAYLOADS.some((key) => own[key] !== undefined)) return defaults
  const { payload: _json, payloadBase64: _base64, payloadFile: _file, ...rest } = defaults
  return rest
}

function ruleOf(
  { rule: name }: CaseData,
  { rules, file }: CaseContext,
  faults: Diagnostic[],
): TestedRule | undefined {
  if (name === undefined && rules.length === 1) return rules[0]
  const names = rules.map((each) => each.name).join(', ')
  if (name === undefined) {
    faults.push(invalid(`The file is for several rules, so a case must say for which it is: rule: ${names}.`))
    return undefined
  }
  const found = rules.find((each) => each.name === name)
  if (found === undefined) faults.push({ ...noSuchRule(name, rules, file), path: 'rule' })
  return found
}

function payloadOf(
  data: CaseData,
  own: CaseData,
  exact: Value,
  { file, exactDefaults }: CaseContext,
  faults: Diagnostic[],
): Buffer {
  const given = PAYLOADS.filter((key) => data[key] !== undefined)
  if (given.length > 1) {
    faults.push(invalid(`${given.join(' and ')} exclude each other.`, given[1]))
    return Buffer.alloc(0)
  }
  if (data.payloadBase64 !== undefined) return base64Of(data.payloadBase64, faults)
  if (data.payloadFile !== undefined) return fileOf(join(dirname(file), data.payloadFile), faults)
  const value = valueAt(own.payload === undefined ? exactDefaults : exact, ['payload'])
  return Buffer.from(typeof value === 'string' ? value : (writeJson(value) ?? ''))
}

function base64Of(text: string, faults: Diagnostic[]): Buffer {
  if (!/^[A-Za-z0-9+/\s]*={0,2}\s*$/.test(text))
    faults.push(invalid('payloadBase64 is not base64.', 'payloadBase64'))
  return Buffer.from(text, 'base64')
}

function fileOf(path: string, faults: Diagnostic[]): Buffer {
  try {
    return readFileSync(path)
  } catch (error) {
    const message = `The payload cannot be read: ${(error as Error).message}.`
    faults.push({ code: 'TEST_UNREADABLE', severity: 'error', message, path: 'payloadFile' })
    return Buffer.alloc(0)
  }
}

function clockOf(timestamp: number | string | undefined, faults: Diagnostic[]): number {
  if (typeof timestamp !== 'string') return timestamp ?? DEFAULT_CLOCK
  const time = Date.parse(timestamp)
  if (!Number.isFinite(time) || !/^\d{4}-\d\d-\d\d/.test(timestamp)) {
    faults.push(invalid('timestamp is no time such as 2026-01-01T00:00:00Z.', 'timestamp'))
  }
  return time
}

function answersOf(exact: Value, faults: Diagnostic[]): Map<string, readonly MockAnswer[]> {
  const found = new Map<string, readonly MockAnswer[]>()
  for (const [name, given] of mapAt(exact, 'services')) {
    const known = name.toLowerCase()
    if (!serviceNames.includes(known)) {
      const guess = nearest(name, serviceNames)
      const hint = guess === undefined ? `There are ${serviceNames.join(', ')}.` : `Did you mean "${guess}"?`
      faults.push({ ...invalid(`No function ${name}() asks a service.`, `services.${name}`), hint })
    }
    found.set(known, (Array.isArray(given) ? given : [given]).map(answerOf))
  }
  return found
}

function answerOf(given: Value): MockAnswer {
  const args = valueAt(given, ['args'])
  const error = valueAt(given, ['error'])
  return {
    result: valueAt(given, ['result']) ?? null,
    ...(Array.isArray(args) && { args: args as readonly Value[] }),
    ...(typeof error === 'string' && { error }),
  }
}

function mapAt(exact: Value, key: string): ReadonlyMap<string, Value> {
  const value = valueAt(exact, [key])
  return value instanceof Map ? (value as ReadonlyMap<string, Value>) : new Map<string, Value>()
}

function invalid(message: string, path?: string): Diagnostic {
  return { code: 'TEST_INVALID', severity: 'error', message, ...(path !== undefined && { path }) }
}
