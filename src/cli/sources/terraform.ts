import { Converter, type ConvertedRule, type Form } from './converter.ts'
import { isRecord } from './intrinsics.ts'
import { type Step } from './origins.ts'

type Members = Record<string, unknown>

/** What `terraform show -json` prints, of a plan or of a state. */
export function isTerraform(document: unknown): document is Members {
  if (!isRecord(document)) return false
  return ['planned_values', 'values'].some(
    (key) => isRecord(document[key]) && isRecord(document[key]['root_module']),
  )
}

/**
 * The resources `aws_iot_topic_rule` of all modules.
 * Source: https://developer.hashicorp.com/terraform/internals/json-format,
 * https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/iot_topic_rule
 */
export function rulesOfTerraform(document: Members): ConvertedRule[] {
  const root = isRecord(document['planned_values']) ? 'planned_values' : 'values'
  const module = (document[root] as Members)['root_module']
  return resourcesOf(module, [root, 'root_module']).map(({ resource, at }) =>
    ruleOf(resource, at, unknownOf(document, resource['address'])),
  )
}

interface Found {
  readonly resource: Members
  readonly at: readonly Step[]
}

function resourcesOf(module: unknown, at: readonly Step[], depth = 0): Found[] {
  if (!isRecord(module) || depth > 100) return []
  const { resources = [], child_modules: children = [] } = module
  const own = (Array.isArray(resources) ? (resources as unknown[]) : []).flatMap((resource, index) =>
    isRecord(resource) && resource['type'] === 'aws_iot_topic_rule' && resource['mode'] !== 'data'
      ? [{ resource, at: [...at, 'resources', index] }]
      : [],
  )
  const below = (Array.isArray(children) ? (children as unknown[]) : []).flatMap((child, index) =>
    resourcesOf(child, [...at, 'child_modules', index], depth + 1),
  )
  return [...own, ...below]
}

/** What the plan does not know before it is applied: `true` in the place of values. */
function unknownOf({ resource_changes: changes }: Members, address: unknown): Members {
  const found = (Array.isArray(changes) ? (changes as unknown[]) : []).find(
    (change): change is Members => isRecord(change) && change['address'] === address,
  )
  const change = found?.['change']
  const unknown = isRecord(change) ? change['after_unknown'] : undefined
  return isRecord(unknown) ? unknown : {}
}

/** Arguments of the resource that are no actions. */
const PLAIN = new Set([
  'name',
  'name_prefix',
  'description',
  'enabled',
  'sql',
  'sql_version',
  'error_action',
  'tags',
  'tags_all',
  'id',
  'arn',
  'region',
])

function ruleOf(resource: Members, at: readonly Step[], unknown: Members): ConvertedRule {
  const converter = new Converter(form)
  const values = isRecord(resource['values']) ? resource['values'] : {}
  const known = withUnknown(values, unknown) as Members
  const source = [...at, 'values']
  const name = typeof known['name'] === 'string' ? known['name'] : String(resource['name'])
  converter.origins.set([], source)
  converter.origins.set(['ruleName'], [...source, 'name'])
  const payload: Members = {}
  const field = (from: string, to: string, value: unknown): void => {
    if (value === undefined || value === null) return
    payload[to] = converter.convert(value, [...source, from], ['topicRulePayload', to])
  }
  field('sql', 'sql', known['sql'])
  field('description', 'description', known['description'])
  field('sql_version', 'awsIotSqlVersion', known['sql_version'])
  field('enabled', 'ruleDisabled', typeof known['enabled'] === 'boolean' ? !known['enabled'] : undefined)
  payload['actions'] = actionsOf(known, source, ['topicRulePayload', 'actions'], converter)
  const [errorAction] = listOf(known['error_action'])
  if (isRecord(errorAction)) {
    const target = ['topicRulePayload', 'errorAction']
    const actions = blocksOf(errorAction, [...source, 'error_action', 0])
    const [first] = actions
    if (first !== undefined) payload['errorAction'] = actionOf(first, target, converter)
  }
  return {
    name,
    document: { ruleName: name, topicRulePayload: payload },
    origins: converter.origins,
    diagnostics: converter.diagnostics,
  }
}

interface Block {
  readonly kind: string
  readonly fields: unknown
  readonly at: readonly Step[]
}

/** The blocks of all kinds of action. */
function blocksOf(values: Members, at: readonly Step[]): Block[] {
  return Object.entries(values).flatMap(([kind, blocks]) =>
    PLAIN.has(kind)
      ? []
      : listOf(blocks).map((fields, index) => ({ kind, fields, at: [...at, kind, index] })),
  )
}

function actionsOf(
  values: Members,
  at: readonly Step[],
  target: readonly Step[],
  converter: Converter,
): unknown[] {
  converter.origins.set(target, at)
  return blocksOf(values, at).map((block, index) => actionOf(block, [...target, index], converter))
}

function actionOf({ kind, fields, at }: Block, target: readonly Step[], converter: Converter): Members {
  converter.origins.set(target, at)
  const name = kinds[kind] ?? camelCase(kind)
  return { [name]: converter.convert(fields, at, [...target, name]) }
}

/** Names that are not the camel case of Terraform's. */
const kinds: Readonly<Record<string, string>> = { dynamodb: 'dynamoDB', dynamodbv2: 'dynamoDBv2' }
const fieldNames: Readonly<Record<string, string>> = {
  header: 'headers',
  http_header: 'headers',
  dimension: 'dimensions',
}
/** Blocks that are one object. */
const SINGLE = new Set(['put_item', 'timestamp', 'auth', 'sigv4', 'batch_config'])

const form: Form = {
  rename: (key, parents) =>
    parents.includes('clientProperties') ? key : (fieldNames[key] ?? camelCase(key)),
  resolve(value) {
    if (value === null || value === '') return { kind: 'absent' }
    return value === UNKNOWN
      ? { kind: 'unknown', reason: 'it is known when the plan is applied' }
      : { kind: 'plain' }
  },
}

const UNKNOWN = Symbol('unknown')

/** The values with a mark wherever the plan knows none; blocks that are one object are taken out of their list. */
function withUnknown(value: unknown, unknown: unknown, name = ''): unknown {
  if (unknown === true) return UNKNOWN
  if (Array.isArray(value) || Array.isArray(unknown)) {
    const marks = listOf(unknown)
    const items = Array.from({ length: Math.max(listOf(value).length, marks.length) }, (_none, index) =>
      withUnknown(listOf(value)[index], marks[index]),
    )
    if (SINGLE.has(name) && items.length <= 1) return items[0] ?? null
    return items.length === 0 ? null : items
  }
  if (!isRecord(value) && !isRecord(unknown)) return value
  const members = isRecord(value) ? value : {}
  const marks = isRecord(unknown) ? unknown : {}
  const names = new Set([...Object.keys(members), ...Object.keys(marks)])
  return Object.fromEntries([...names].map((key) => [key, withUnknown(members[key], marks[key], key)]))
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : []
}

function camelCase(name: string): string {
  return name.replace(/_([a-z0-9])/g, (_all, letter: string) => letter.toUpperCase())
}
