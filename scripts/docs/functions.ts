import { type FunctionSpec, functionSpecs, type Param } from '../../src/sql/functions/index.ts'
import { conversionSections } from './conversions.ts'

const guide = 'https://docs.aws.amazon.com/iot/latest/developerguide/'

const conversionTexts = {
  refuse: 'makes the call Undefined',
  floor: 'is rounded down',
} as const

const effectTexts = {
  pure: 'its arguments',
  message: 'the message',
  clock: 'the clock',
  random: 'chance',
  remote: 'a service',
} as const

/** docs/reference/functions.md, from the function specs. */
export function functionsPage(): string {
  return [
    '<!-- Generated from src/sql/functions by `node scripts/run.mjs generate-docs`. Do not edit. -->',
    '',
    '# Functions',
    '',
    'Names are read in any case. An argument becomes the type that its parameter names by the',
    '[standard conversions](#conversions), with the exceptions listed; one that does not become it, a',
    'missing one and one too many make the call Undefined. Where that is known when the rule is created, `check` warns.',
    'The examples are executed by the tests. Where the AWS reference is silent or contradicts itself, see',
    '[the decisions](../sql-decisions.md).',
    '',
    ['cast', ...functionSpecs.map(({ name }) => name)]
      .map((name) => `[${name}](#${anchorOf(name)})`)
      .join(' · '),
    '',
    ...conversionSections(guide),
    ...functionSpecs.flatMap(section),
  ].join('\n')
}

function section(spec: FunctionSpec): string[] {
  const lines = [
    `## ${spec.name}`,
    '',
    '```sql',
    `${spec.name}(${spec.params.map(signatureOf).join(', ')})`,
    '```',
    '',
    `${spec.summary} Returns ${spec.returns === 'Any' ? 'any type' : spec.returns}. Reads ${effectTexts[spec.effect]}. Since ${spec.since}. [AWS](${guide}${spec.source})`,
    '',
  ]
  if (spec.configuration !== undefined)
    lines.push(
      `Needs \`${spec.configuration}\` in the configuration; without it, a rule that calls it is refused.`,
      '',
    )
  if (spec.params.length > 0)
    lines.push('| Parameter | Type | |', '|---|---|---|', ...spec.params.map(row), '')
  if (spec.notes !== undefined) lines.push(...spec.notes.map((note) => `- ${escape(note)}`), '')
  const shown = spec.examples.filter((example) => example.length === 2)
  if (shown.length > 0)
    lines.push(
      '| Example | Value |',
      '|---|---|',
      ...shown.map(([text, value]) => `| \`${escape(text)}\` | ${valueText(value)} |`),
      '',
    )
  return lines
}

function anchorOf(name: string): string {
  return name.toLowerCase()
}

function signatureOf({ name, kind }: Param): string {
  return kind === 'required' ? name : kind === 'optional' ? `[${name}]` : `${name}...`
}

function row({ name, type, summary, conversions }: Param): string {
  const exceptions = Object.entries(conversions).map(
    ([from, conversion]) => `${from} ${conversionTexts[conversion]}`,
  )
  const suffix = exceptions.length === 0 ? '' : ` ${exceptions.join('; ')}.`
  return `| ${name} | ${type === 'Any' ? 'any' : type} | ${escape(summary)}${suffix} |`
}

function valueText(value: unknown): string {
  return value === undefined ? 'Undefined' : `\`${escape(JSON.stringify(value))}\``
}

function escape(text: string): string {
  return text.replaceAll('|', '\\|')
}
