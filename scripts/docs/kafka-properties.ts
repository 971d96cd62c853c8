import { type ClientPropertySpec, clientProperties, type PropertyCondition } from '../../src/deliver/specs.ts'
import { cell, generatedNote } from './markdown.ts'

/** docs/reference/kafka-properties.md, from the table of client properties. */
export function kafkaPropertiesPage(): string {
  const rows = (extension: boolean): string[] =>
    clientProperties.filter((spec) => (spec.extension !== undefined) === extension).map(row)
  return [
    generatedNote('src/deliver/kafka/properties'),
    '',
    '# Client properties of the Kafka action',
    '',
    'Values are text. A property that is not here is refused by name. Templated: the value may hold substitution',
    'templates, which are rendered once for the connection and so must not read the message. Secret: the value never',
    'appears in messages, logs or printed configurations.',
    '',
    'Stores may be JKS, PKCS #12 or PEM, whatever wrote them: PEM as it is, the others in base64, as `get_secret` gives them.',
    'Where the configuration sets `kafka.storeDirectory`, `file:///name` reads a file below that directory. A store has at',
    'most 65 KB. Of several private keys the first by alias is used.',
    '',
    'With `acks` 0 nothing confirms a record and it is not sent again, so an acknowledged message can be lost; the promise',
    'to acknowledge only what Kafka has needs `all`.',
    '',
    "## AWS's own",
    '',
    ...header,
    ...rows(false),
    '',
    '## Beyond AWS',
    '',
    'These work where `kafka.extensions` of the configuration names the extension.',
    '',
    ...header,
    ...rows(true),
    '',
  ].join('\n')
}

const header = [
  '| Name | Valid values | Default | Required | Templated | Secret | librdkafka | |',
  '|---|---|---|---|---|---|---|---|',
]

function row(spec: ClientPropertySpec): string {
  const { name, secret, templated, summary, extension } = spec
  const names = spec.librdkafka === undefined ? (spec.becomes ?? []) : [spec.librdkafka]
  const used = spec.usedWith === undefined ? '' : ` In effect with ${condition(spec.usedWith)}.`
  const needs = extension === undefined ? '' : ` Extension \`${extension}\`.`
  const cells = [
    `\`${name}\``,
    values(spec),
    spec.default === undefined ? '' : `\`${spec.default}\``,
    requirement(spec),
    templated === true ? 'yes' : '',
    secret === true ? 'yes' : '',
    names.map((each) => `\`${each}\``).join(', '),
    summary + used + needs,
  ]
  return `| ${cells.map(cell).join(' | ')} |`
}

function values({ values: own, extensions = [], range }: ClientPropertySpec): string {
  if (range !== undefined) return `${range[0]} to ${range[1]}`
  if (own === undefined) return ''
  const listed = own.map((value) => `\`${value}\``).join(', ')
  return extensions.length === 0
    ? listed
    : `${listed}; as extensions ${extensions.map((value) => `\`${value}\``).join(', ')}`
}

function requirement({ required, usedWith, optionalWith }: ClientPropertySpec): string {
  if (required === undefined) return ''
  const unless = optionalWith === undefined ? '' : `, unless the extension \`${optionalWith}\` is set`
  if (required !== true) {
    return ('beside' in required ? `with \`${required.beside}\`` : `with ${condition(required)}`) + unless
  }
  return (usedWith === undefined ? 'always' : `with ${condition(usedWith)}`) + unless
}

function condition({ protocols, mechanisms }: PropertyCondition): string {
  return [protocols, mechanisms]
    .flatMap((names) => (names === undefined ? [] : [names.join(' or ')]))
    .join(' and ')
}
