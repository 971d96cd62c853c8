import { ingestCounters, publishCounters } from '../../src/ingest/index.ts'
import { logEvents, type MetricSpec, metricSpecs } from '../../src/observe/index.ts'
import { cell, generatedNote } from './markdown.ts'

/** docs/reference/observability.md, from the declared metrics and log events. */
export function observabilityPage(): string {
  return [
    generatedNote('src/observe'),
    '',
    '# Metrics, health and log events',
    '',
    'The address is `control` of the [configuration](configuration.md), or `metrics` where metrics have their own.',
    '',
    '- `GET /metrics`: Prometheus text format.',
    '- `GET /health/live`: 200 while the process runs.',
    '- `GET /health/ready`: 200 while messages are taken, else 503. Below it a line for each Kafka producer, or JSON where',
    '  `Accept` is `application/json`: `connected`, `connecting`, `hanging`, `refused` with the code of the',
    '  [error](errors.md), or `idle`. A cluster that is away does not make the server unready: messages wait for it.',
    '',
    '## Metrics',
    '',
    '| Name | Type | Label | |',
    '|---|---|---|---|',
    ...Object.entries<MetricSpec>(metricSpecs).map(
      ([name, { type, label, help }]) =>
        `| \`${name}\` | ${type} | ${[label ?? []].flat().join(', ')} | ${cell(help)} |`,
    ),
    '',
    'Names that begin with `aws_iot_` are CloudWatch metrics of AWS IoT, counted as AWS counts them. A rule without traffic has',
    'no line; of 5,000 values of a label on all others share `other`.',
    '',
    `Values of \`event\` in \`topicrule_mqtt_events_total\`: ${ingestCounters
      .map((name) => `\`${name}\``)
      .join(', ')}.`,
    '',
    `Values of \`event\` in \`topicrule_publish_events_total\`: ${publishCounters
      .map((name) => `\`${name}\``)
      .join(', ')}.`,
    '',
    '## Log events',
    '',
    'One JSON object a line on stderr, with `time`, `level`, `event`, `msg` and the fields of the event;',
    '`log.format: pretty` writes text for people. An event that repeats is written at most 20 times a second for each rule',
    'or listener; `suppressed` in the next line counts the rest.',
    '',
    '| Event | Level | |',
    '|---|---|---|',
    ...Object.entries(logEvents).map(
      ([name, { level, message }]) => `| \`${name}\` | ${level} | ${cell(message)} |`,
    ),
    '',
  ].join('\n')
}
