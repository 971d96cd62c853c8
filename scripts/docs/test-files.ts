import { type SchemaNode, valuesOf } from '../../src/config/index.ts'
import { testFileJsonSchema } from '../../src/testing/index.ts'
import { cell, generatedNote } from './markdown.ts'

/** What of JSON Schema describes test files. */
interface Node extends Omit<SchemaNode, 'properties' | 'items' | 'additionalProperties'> {
  readonly properties?: Readonly<Record<string, Node>>
  readonly items?: Node
  readonly additionalProperties?: Node | boolean
  readonly anyOf?: readonly Node[]
  readonly const?: unknown
}

/** docs/reference/test-files.schema.json, for editors. */
export function testFilesSchema(): string {
  return JSON.stringify(testFileJsonSchema())
}

/** docs/reference/test-files.md, from the schema of test files. */
export function testFilesPage(): string {
  return [
    generatedNote('src/testing'),
    '',
    '# Test files',
    '',
    '`topicrule test` reads these keys from `*.test.json`, `*.test.yaml` and `*.test.yml`; [testing.md](../testing.md) shows how',
    'they are used. A file that is a list holds cases alone. Unknown keys are refused. For completion in an editor, name',
    '[test-files.schema.json](test-files.schema.json) in the first line: `# yaml-language-server: $schema=…`, or in the key',
    '`$schema`.',
    '',
    ...section('The file', '', testFileJsonSchema() as Node),
  ].join('\n')
}

/** The keys of one level as a table, then a section for each key that has keys of its own. */
function section(title: string, path: string, node: Node): string[] {
  const keys = Object.entries(node.properties ?? {})
  return [
    `## ${title}`,
    '',
    '| Key | Value | |',
    '|---|---|---|',
    ...keys.map(
      ([key, child]) => `| \`${path}${key}\` | ${cell(kindOf(child))} | ${cell(child.description ?? '')} |`,
    ),
    '',
    ...keys
      .filter(([key]) => !(path === 'cases[].' && isShared(key)))
      .flatMap(([key, child]) => below(`${path}${key}`, child)),
  ]
}

/** Keys that `defaults` has as well are described there. */
function isShared(key: string): boolean {
  const defaults = (testFileJsonSchema() as Node).properties?.['defaults']
  return Object.hasOwn(defaults?.properties ?? {}, key)
}

function below(path: string, node: Node): string[] {
  const [inner, suffix] = keyed(node)
  return inner === undefined ? [] : section(`\`${path}${suffix}\``, `${path}${suffix}.`, inner)
}

/** The form of a value that has keys of its own, and what stands for it in a path. */
function keyed(node: Node): readonly [Node | undefined, suffix: string] {
  if (node.properties !== undefined) return [node, '']
  const values = valuesOf(node as SchemaNode) as Node | undefined
  if (values !== undefined && values.type !== 'string') {
    const [inner] = keyed(values)
    return [inner, '.<name>']
  }
  if (node.items?.properties !== undefined) return [node.items, '[]']
  for (const each of node.anyOf ?? []) {
    const [inner, suffix] = keyed(each)
    if (inner !== undefined && suffix === '') return [inner, suffix]
  }
  return [undefined, '']
}

function kindOf(node: Node): string {
  if (node.anyOf !== undefined) return [...new Set(node.anyOf.map(kindOf))].join(' or ')
  if (node.const !== undefined) return `\`${JSON.stringify(node.const)}\``
  if (node.enum !== undefined) return node.enum.map((value) => `\`${String(value)}\``).join(' or ')
  switch (node.type) {
    case 'string':
      return 'text'
    case 'integer':
      return 'whole number'
    case 'boolean':
      return '`true` or `false`'
    case 'array':
      return `list of ${listed(node.items)}`
    case 'object':
      return node.properties === undefined ? 'names and values' : 'keys'
    case 'null':
      return '`null`'
    default:
      return 'any JSON'
  }
}

function listed(items: Node | undefined): string {
  const kind = items === undefined ? 'any JSON' : kindOf(items)
  return kind === 'text' ? 'texts' : kind === 'whole number' ? 'whole numbers' : kind
}
