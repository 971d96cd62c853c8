import { errorCatalogue, type ErrorSpec } from '../../src/errors.ts'
import { cell, generatedNote } from './markdown.ts'

const classes: Readonly<Record<ErrorSpec['class'], readonly [title: string, meaning: string]>> = {
  start: ['At start', 'The process does not begin to serve.'],
  define: [
    'In documents',
    'Found when a rule document is read; the rule is not active, or its last good version stays.',
  ],
  message: [
    'The message’s fault',
    'The error action takes the message, or it is counted and logged; it is acknowledged.',
  ],
  rule: [
    'The rule’s fault',
    'Handled as the message’s own fault, so that one bad rule never stalls the fleet.',
  ],
  environment: [
    'The environment’s fault',
    'Waited for; without an error action that can be delivered the message is not acknowledged and the device resends it.',
  ],
  protocol: [
    'Breaches of MQTT',
    'The connection is closed or the packet refused with the reason code of the protocol.',
  ],
}

/** docs/reference/errors.md, from the error catalogue. */
export function errorsPage(): string {
  return [
    generatedNote('src/errors.ts'),
    '',
    '# Error codes',
    '',
    'Codes are stable: a released code is never reused for another meaning.',
    '',
    ...Object.entries(classes).flatMap(([name, [title, meaning]]) => {
      const rows = Object.entries<ErrorSpec>(errorCatalogue).filter(([, spec]) => spec.class === name)
      if (rows.length === 0) return []
      return [
        `## ${title}`,
        '',
        meaning,
        '',
        '| Code | What happened | What to do |',
        '|---|---|---|',
        ...rows.map(row),
        '',
      ]
    }),
  ].join('\n')
}

function row([code, { summary, remedy }]: readonly [string, ErrorSpec]): string {
  return `| \`${code}\` | ${cell(summary)} | ${cell(remedy)} |`
}
