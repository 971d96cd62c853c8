import { errorCatalogue, type ErrorSpec } from '../../src/errors.ts'
import { cell, generatedNote } from './markdown.ts'

interface ClassRow {
  readonly title: string
  readonly fault: string
  readonly retries: string
  readonly device: string
  readonly operator: string
}

/** What a class means for each of those who have to do with a failure. */
const classes: Readonly<Record<ErrorSpec['class'], ClassRow>> = {
  start: {
    title: 'start',
    fault: 'The configuration’s, or the machine’s.',
    retries: 'Nobody; the process ends with exit code 2.',
    device: 'No connection.',
    operator: 'Correct the configuration and start again.',
  },
  define: {
    title: 'document',
    fault: 'The document’s, found before any message. Of a client property that is looked up, the rule’s.',
    retries: 'Nobody; the document is read again when its file changes.',
    device:
      'Nothing; the last good version of the rule stays, a rule that never was good is not active. A warning leaves the rule active.',
    operator: 'Correct the document; `topicrule check` finds the same.',
  },
  message: {
    title: 'message',
    fault: 'The message’s: this rule can do nothing with it, others may.',
    retries:
      'Nobody, it would fail again. It goes to the error action; without one it is counted and logged as lost.',
    device: 'An acknowledgement, as for a message that was delivered.',
    operator: 'Look at the message in the error action or the log; correct the device or the rule.',
  },
  rule: {
    title: 'rule',
    fault:
      'The rule’s. What Kafka refuses after the same has worked counts as the environment’s: the rule did not change.',
    retries:
      'Messages as above. The server tries the connection again, at intervals that grow to a minute, so a mended cluster or secret needs no restart.',
    device: 'An acknowledgement, so that one bad rule never stalls the fleet.',
    operator: 'Correct the rule; `topicrule kafka check` says at which step of the connection it stops.',
  },
  environment: {
    title: 'environment',
    fault: 'The environment’s: Kafka, a service, a secret store, the network.',
    retries:
      'The server, as long as it can wait, without changing the order. Then the error action; where that fails too, the device.',
    device:
      'No acknowledgement: its connection is closed, or HTTP 503, and it sends the message again. With `ack: received` it was acknowledged on receipt.',
    operator: 'Mend what the message names; delivery goes on by itself.',
  },
  protocol: {
    title: 'protocol',
    fault: 'The client’s, or one of limits and permissions.',
    retries: 'The client.',
    device: 'A reason code of MQTT and mostly the end of the connection, or a status of HTTP.',
    operator: 'Correct the client, its permissions or the limits.',
  },
}

/** Sections by the beginning of the codes; the first that fits takes a code. */
const areas: readonly (readonly [title: string, prefixes: readonly string[]])[] = [
  ['TLS with Kafka', ['KAFKA_TLS']],
  ['Truststores and keystores', ['KAFKA_STORE']],
  ['Kerberos', ['KAFKA_KERBEROS', 'KAFKA_KEYTAB']],
  ['Kafka', ['KAFKA', 'ENGINE']],
  ['Secrets', ['SECRET']],
  ['Services', ['SERVICE']],
  ['Rule documents', ['RULE', 'STORE']],
  ['AWS IoT SQL and templates', ['SQL', 'TEMPLATE']],
  ['Republishing', ['REPUBLISH']],
  ['Dead letters', ['DEADLETTER']],
  ['MQTT', ['MQTT']],
  ['HTTP publishing', ['PUBLISH']],
  ['Access to the control API', ['ACCESS']],
  ['Command line', ['EVAL']],
  ['Tests of rules', ['TEST']],
  ['Configuration', ['CONFIG']],
]

/** docs/reference/errors.md, from the error catalogue. */
export function errorsPage(): string {
  const codes = Object.entries<ErrorSpec>(errorCatalogue)
  const areaOf = (code: string): string | undefined =>
    areas.find(([, prefixes]) => prefixes.some((prefix) => code.startsWith(`${prefix}_`)))?.[0]
  const homeless = codes.find(([code]) => areaOf(code) === undefined)
  if (homeless !== undefined) throw new Error(`${homeless[0]} belongs to no section of the error reference`)
  return [
    generatedNote('src/errors.ts'),
    '',
    '# Error codes',
    '',
    'Codes are stable: a released code is never reused for another meaning. The class of a code says whose fault it is and',
    'what follows:',
    '',
    '| Class | Whose fault | Who retries | What the device sees | What the operator does |',
    '|---|---|---|---|---|',
    ...Object.values(classes).map(
      ({ title, fault, retries, device, operator }) =>
        `| ${title} | ${fault} | ${retries} | ${device} | ${operator} |`,
    ),
    '',
    ...areas.flatMap(([title]) =>
      section(
        title,
        codes.filter(([code]) => areaOf(code) === title),
      ),
    ),
  ].join('\n')
}

function section(title: string, codes: readonly (readonly [string, ErrorSpec])[]): string[] {
  return [
    `## ${title}`,
    '',
    '| Code | Class | What happened | What to do |',
    '|---|---|---|---|',
    ...codes.map(row),
    '',
  ]
}

function row([code, { class: kind, summary, remedy }]: readonly [string, ErrorSpec]): string {
  return `| \`${code}\` | ${classes[kind].title} | ${cell(summary)} | ${cell(remedy)} |`
}
