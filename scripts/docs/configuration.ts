import { configJsonSchema, configSchemaNode, type SchemaNode, valuesOf } from '../../src/config/index.ts'
import { cell, generatedNote } from './markdown.ts'

/** docs/reference/topicrule.schema.json, for editors. */
export function configurationSchema(): string {
  return JSON.stringify(configJsonSchema())
}

/** docs/reference/configuration.md, from the configuration's schema. */
export function configurationPage(): string {
  return [
    generatedNote('src/config'),
    '',
    '# Configuration',
    '',
    '`topicrule serve --config topicrule.yaml` reads one file, YAML or JSON. Every key has a default; unknown keys are',
    'refused, and all faults are reported at once. `topicrule config --print` shows the effective configuration with',
    'secrets masked. For completion in an editor, name [topicrule.schema.json](topicrule.schema.json) in the first line:',
    '',
    '```yaml',
    '# yaml-language-server: $schema=./topicrule.schema.json',
    'mqtt:',
    '  listeners:',
    '    - { host: 0.0.0.0, port: 8883, tls: { cert: server.pem, key: server.key } }',
    '  users: { file: users }',
    '```',
    '',
    '- Paths are relative to the directory of the configuration file.',
    '- Durations are written `500ms`, `60s`, `10m`, `1h` or `7d`; a bare number counts milliseconds.',
    '- Sizes are written `64KiB`, `4MiB` or `1GiB` (also `KB`, `MB`, `GB`); a bare number counts bytes.',
    '- An environment variable overrides a key: `TOPICRULE_`, then the key in capitals with `_` between its words and `__`',
    '  between levels; a number is an index of a list. `TOPICRULE_MQTT__LIMITS__MAX_PACKET_SIZE=1MiB`,',
    '  `TOPICRULE_MQTT__LISTENERS__0__PORT=1884`. Lists and sections may be given whole, as JSON.',
    '- `TOPICRULE_CONFIG` names the file where `--config` does not.',
    '',
    ...sections(configSchemaNode(), ''),
  ].join('\n')
}

/** Keys of one level as a table, then a heading for each section below it. */
function sections(node: SchemaNode, path: string): string[] {
  const keys = Object.entries(node.properties ?? {})
  const nested = keys.filter(([, child]) => innerOf(child) !== undefined)
  const plain = keys.filter(([, child]) => innerOf(child) === undefined)
  const table = plain.map(([key, child]) =>
    row(`${path}${key}`, child, node.required?.includes(key) === true),
  )
  return [
    ...(table.length === 0 ? [] : ['| Key | Value | Default | |', '|---|---|---|---|', ...table, '']),
    ...nested.flatMap(([key, child]) => {
      const list = child.items !== undefined ? '[]' : valuesOf(child) !== undefined ? '.<name>' : ''
      const inner = innerOf(child)!
      return [
        `## ${path}${key}${list}`,
        '',
        child.description ?? '',
        '',
        ...sections(inner, `${path}${key}${list}.`),
      ]
    }),
  ]
}

function innerOf(node: SchemaNode): SchemaNode | undefined {
  if (node.properties !== undefined) return node
  const values = valuesOf(node)
  if (values?.properties !== undefined) return values
  return node.items?.properties === undefined ? undefined : node.items
}

function row(path: string, node: SchemaNode, required: boolean): string {
  const fallback = required
    ? '**required**'
    : node.default === undefined
      ? ''
      : `\`${JSON.stringify(node.default)}\``
  const secret = node.secret === true ? ' Secret.' : ''
  return `| \`${path}\` | ${kindOf(node)} | ${cell(fallback)} | ${cell(node.description ?? '')}${secret} |`
}

function kindOf(node: SchemaNode): string {
  if (node.unit !== undefined) return node.unit
  if (node.enum !== undefined) return node.enum.map((value) => `\`${String(value)}\``).join(', ')
  if (node.items !== undefined)
    return `list of ${node.items.enum === undefined ? 'texts' : kindOf(node.items)}`
  if (valuesOf(node) !== undefined) return 'a section with keys of your own'
  switch (node.type) {
    case 'integer':
      return rangeOf(node)
    case 'boolean':
      return '`true`, `false`'
    default:
      return 'text'
  }
}

function rangeOf({ minimum = 0, maximum = Number.MAX_SAFE_INTEGER }: SchemaNode): string {
  return maximum === Number.MAX_SAFE_INTEGER
    ? `whole number from ${minimum}`
    : `whole number, ${minimum} to ${maximum}`
}
