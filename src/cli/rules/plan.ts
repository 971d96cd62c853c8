import { type Change, difference } from '../../access/index.ts'
import { clientProperties } from '../../deliver/specs.ts'
import { visible } from '../../explain/index.ts'
import { type Terminal } from '../terminal.ts'
import { lineChanges } from './difference.ts'
import { type LocalRule } from './local.ts'
import { type Payload, type RemoteRules } from './remote.ts'

/** What becomes of one rule of the service. */
export interface RuleChange {
  readonly name: string
  readonly kind: 'create' | 'replace' | 'delete' | 'same'
  /** Undefined for a rule that is deleted. */
  readonly local: LocalRule | undefined
  /** None for a rule that is deleted. */
  readonly fields: readonly Change[]
}

const secrets = new Map(clientProperties.map(({ name, secret }) => [name, secret === true]))
const isSecret = (field: string): boolean | undefined => secrets.get(field)

/** Characters of a value that are shown. */
const LONGEST = 65_536
/** Requests to the service at a time. */
const CONCURRENCY = 8

/**
 * Compares rules with those of the service, in the order of the rules; with `prune`, what the service lists and
 * `rules` do not have comes after them.
 */
export async function planChanges(
  service: RemoteRules,
  rules: readonly LocalRule[],
  prune: boolean,
): Promise<RuleChange[]> {
  const there = new Set<string>()
  for await (const { name } of service.list()) there.add(name)
  const changes = await eachOf(rules, async (local): Promise<RuleChange> => {
    const { name, payload } = local
    const before = there.has(name) ? withDefaults(await service.get(name)) : undefined
    const fields = difference(before ?? {}, withDefaults(payload), isSecret, LONGEST)
    const kind = before === undefined ? 'create' : fields.length > 0 ? 'replace' : 'same'
    return { name, kind, local, fields }
  })
  const kept = new Set(rules.map(({ name }) => name))
  const gone = prune ? [...there].filter((name) => !kept.has(name)).sort() : []
  return [
    ...changes,
    ...gone.map((name) => ({ name, kind: 'delete' as const, local: undefined, fields: [] })),
  ]
}

/** Like `Promise.all` of a map, with a few at a time. */
async function eachOf<From, To>(items: readonly From[], work: (item: From) => Promise<To>): Promise<To[]> {
  const results = new Array<To>(items.length)
  let next = 0
  const worker = async (): Promise<void> => {
    for (let index = next++; index < items.length; index = next++) results[index] = await work(items[index]!)
  }
  await Promise.all(Array.from({ length: Math.min(CONCURRENCY, items.length) }, worker))
  return results
}

/**
 * What the service makes of fields that are left out, so that they are no difference.
 * Source: https://docs.aws.amazon.com/iot/latest/apireference/API_TopicRulePayload.html
 */
function withDefaults(payload: Payload): Payload {
  const given = Object.entries(payload).filter(([, value]) => value !== undefined && value !== null)
  const { description, ...rest } = Object.fromEntries(given)
  return {
    ...{ awsIotSqlVersion: '2015-10-08', ruleDisabled: false, actions: [] },
    ...rest,
    ...(description !== undefined && description !== '' && { description }),
  }
}

const marks = { create: '+', replace: '~', delete: '-', same: '=' } as const
const tones = { create: 'good', replace: 'undefined', delete: 'bad', same: 'quiet' } as const

/** Lines that tell what would change, one part for each rule that does. */
export function renderChanges(changes: readonly RuleChange[], terminal: Terminal): string[] {
  return changes
    .filter(({ kind }) => kind !== 'same')
    .flatMap(({ name, kind, fields }) => [
      terminal.paint(tones[kind], `${marks[kind]} ${kind} ${visible(name)}`),
      ...fields.flatMap((field) => renderField(field, terminal)),
    ])
}

function renderField({ path, before: old, after: now }: Change, { paint, width }: Terminal): string[] {
  const [before, after] = [textOf(old), textOf(now)]
  const head = `    ${paint('heading', visible(path))}`
  if (before !== undefined && before === after)
    return [head, `        ${paint('quiet', '(changed, not shown)')}`]
  const changes =
    before !== undefined && after !== undefined
      ? lineChanges(before, after)
      : (before ?? after ?? '')
          .split('\n')
          .map((text) => ({ kind: before === undefined ? 'added' : 'removed', text }) as const)
  const shown = { same: [' ', 'plain'], removed: ['-', 'bad'], added: ['+', 'good'] } as const
  const lines = changes.flatMap(({ kind, text }) => {
    const [mark, tone] = shown[kind]
    return pieces(visible(text), width).map((piece) => `      ${paint(tone, `${mark} ${piece}`)}`)
  })
  return [head, ...lines]
}

/** Several lines for an object or a text of several; undefined where there is nothing. */
function textOf(value: unknown): string | undefined {
  return value === undefined || typeof value === 'string' ? value : JSON.stringify(value, undefined, 2)
}

/** Cuts a text where the terminal would, so that what follows stays under its beginning. */
function pieces(text: string, width: number | undefined): string[] {
  const room = Math.max((width ?? Infinity) - 8, 20)
  if (text.length <= room) return [text]
  return Array.from({ length: Math.ceil(text.length / room) }, (_, index) =>
    text.slice(index * room, (index + 1) * room),
  )
}

/** `1 to create, 2 to replace, 1 to delete, 5 unchanged` */
export function summaryOf(changes: readonly RuleChange[]): string {
  const count = (wanted: RuleChange['kind']): number => changes.filter(({ kind }) => kind === wanted).length
  const parts = (['create', 'replace', 'delete'] as const).flatMap((kind) =>
    count(kind) === 0 ? [] : [`${count(kind)} to ${kind}`],
  )
  return [...parts, `${count('same')} unchanged`].join(', ')
}
