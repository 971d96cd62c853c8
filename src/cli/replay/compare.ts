import { type ActionResult, type RuleResult, textOfBytes } from '../../dryrun/index.ts'
import { isArray, isObject, readJson, type SqlObject, type Value, writeJson } from '../../value/index.ts'

/** One place in which two results differ; JSON text, undefined where there is nothing. */
export interface Difference {
  /** `kafka[0].value.temperature` */
  readonly path: string
  readonly old: string | undefined
  readonly new: string | undefined
}

/** Whether two results come to the same: what is sent, and what failed. A message that nobody selects is nothing. */
export function isSame(a: RuleResult, b: RuleResult): boolean {
  return (
    a.selected === b.selected &&
    isSameBytes(a.output, b.output) &&
    a.error?.code === b.error?.code &&
    a.error?.action === b.error?.action &&
    a.error?.message === b.error?.message &&
    a.actions.length === b.actions.length &&
    a.actions.every((action, index) => isSameAction(action, b.actions[index]!))
  )
}

function isSameBytes(a: Buffer | undefined, b: Buffer | undefined): boolean {
  return a === b || (a !== undefined && b !== undefined && a.equals(b))
}

function isSameAction(a: ActionResult, b: ActionResult): boolean {
  if (a.kafka === undefined || b.kafka === undefined) return same(valueOfAction(a), valueOfAction(b))
  const [one, two] = [a.kafka, b.kafka]
  return (
    one.topic === two.topic &&
    one.partition === two.partition &&
    one.key === two.key &&
    one.headers.length === two.headers.length &&
    one.headers.every(({ key, value }, at) => {
      const other = two.headers[at]!
      return key === other.key && value === other.value
    }) &&
    one.value.equals(two.value)
  )
}

const MAX_DIFFERENCES = 50
const MAX_DEPTH = 40

/** What differs, place by place, payloads that are JSON looked into; numbers by their text. At most `MAX_DIFFERENCES`. */
export function differences(before: RuleResult, after: RuleResult): Difference[] {
  const found: Difference[] = []
  compare('', valueOf(before), valueOf(after), found, 0)
  return found
}

function compare(path: string, a: Value, b: Value, found: Difference[], depth: number): void {
  if (found.length >= MAX_DIFFERENCES || same(a, b)) return
  if (depth < MAX_DEPTH && isObject(a) && isObject(b)) {
    for (const key of new Set([...a.keys(), ...b.keys()]))
      compare(stepped(path, key), a.get(key), b.get(key), found, depth + 1)
  } else if (depth < MAX_DEPTH && isArray(a) && isArray(b)) {
    for (let index = 0; index < Math.max(a.length, b.length); index += 1)
      compare(`${path}[${index}]`, a[index], b[index], found, depth + 1)
  } else found.push({ path, old: writeJson(a), new: writeJson(b) })
}

function stepped(path: string, key: string): string {
  const step = /^[\w.[\]-]+$/.test(key) ? key : JSON.stringify(key)
  return path === '' ? step : `${path}.${step}`
}

function same(a: Value, b: Value): boolean {
  return a === b || writeJson(a) === writeJson(b)
}

/** A result as data: actions by their names, and the output where no action shows it. */
function valueOf({ selected, output, actions, error }: RuleResult): SqlObject {
  const members = new Map<string, Value>([['selected', selected]])
  const counts = new Map<string, number>()
  for (const action of actions) {
    const kind = action.kafka === undefined ? 'republish' : 'kafka'
    const index = counts.get(kind) ?? 0
    counts.set(kind, index + 1)
    members.set(`${kind}[${index}]`, valueOfAction(action))
  }
  if (output !== undefined && actions.length === 0) members.set('output', valueOfBytes(output))
  if (error !== undefined) members.set('error', `${error.action}: ${error.code}: ${error.message}`)
  return members
}

function valueOfAction({ kafka, republish }: ActionResult): SqlObject {
  if (kafka === undefined) {
    const { topic, qos, headers, payload } = republish
    const read = readJson(JSON.stringify(headers))
    return new Map<string, Value>([
      ['topic', topic],
      ['qos', qos],
      ['headers', read.ok ? read.value : undefined],
      ['payload', valueOfBytes(payload)],
    ])
  }
  const { topic, partition, key, headers, value } = kafka
  return new Map<string, Value>([
    ['topic', topic],
    ['partition', partition],
    ['key', key],
    ['headers', headers.map((header) => [header.key, header.value])],
    ['value', valueOfBytes(value)],
  ])
}

/** JSON is looked into; text is text, other bytes are base64. */
function valueOfBytes(bytes: Buffer): Value {
  const text = textOfBytes(bytes)
  if (text === undefined) return new Map([['base64', bytes.toString('base64')]])
  const read = readJson(text)
  return read.ok && writeJson(read.value) === text ? read.value : text
}
