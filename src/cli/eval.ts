import { explanationJson, renderExplanation } from '../explain/index.ts'
import { resultLine, type Rule, type TestMessage } from '../dryrun/index.ts'
import { type CommandSpec, CONFIG_OPTION, note, print, untilDrained } from './command.ts'
import { evaluateLines } from './eval/lines.ts'
import { messageFrom } from './eval/message.ts'
import { ruleFrom } from './eval/rule.ts'
import { resultText } from './eval/text.ts'
import { MOCK_OPTIONS, mocksFrom } from './mocks.ts'
import { terminal } from './terminal.ts'
import { FORMAT_OPTION, formatOf } from './format.ts'
import { Usage } from './usage.ts'

type Options = Readonly<Record<string, unknown>>

export const evaluate: CommandSpec = {
  name: 'eval',
  summary:
    'Try a rule on a message, or on many with --lines: what each action would send, or why nothing would. Nothing is sent. Exit code 1: the rule has errors, an action failed, or a line was no message.',
  options: [
    { flags: '--rule <file>', description: 'The rule: a file in any form that check takes.' },
    { flags: '--name <name>', description: 'Which rule of the file; the name of one that has none.' },
    { flags: '--sql <statement>', description: 'A statement in place of a rule.' },
    { flags: '--sql-version <version>', description: 'Its language version.', default: '2016-03-23' },
    { flags: '--topic <topic>', description: 'Topic; $aws/rules/NAME/TOPIC for Basic Ingest.' },
    { flags: '--payload <payload>', description: 'Payload: text, @FILE, or - for standard input.' },
    { flags: '--payload-base64 <text>', description: 'Payload in base64.' },
    {
      flags: '--message <file>',
      description: 'The message as JSON, as one of --lines; the other options override it.',
    },
    { flags: '--client-id <id>', description: 'MQTT client identifier.' },
    { flags: '--principal <id>', description: 'What principal() returns.' },
    { flags: '--source-ip <address>', description: 'What sourceip() returns.' },
    {
      flags: '--user-property <key=value>',
      description: 'MQTT 5 user property, in order.',
      repeatable: true,
    },
    { flags: '--content-type <text>', description: 'MQTT 5 content type.' },
    { flags: '--response-topic <topic>', description: 'MQTT 5 response topic.' },
    { flags: '--correlation-data <base64>', description: 'MQTT 5 correlation data.' },
    { flags: '--format-indicator <0|1>', description: 'MQTT 5 payload format indicator.' },
    { flags: '--trace-id <id>', description: 'What traceid() returns.' },
    { flags: '--account-id <id>', description: 'What accountid() returns.' },
    { flags: '--clock <time>', description: 'The time: ISO 8601, or milliseconds since the epoch.' },
    { flags: '--seed <text>', description: 'Makes rand() and newuuid() repeat themselves.' },
    ...MOCK_OPTIONS,
    {
      flags: '--protobuf <directory>',
      description: "Directory of the descriptors for decode() with 'proto'.",
    },
    { ...CONFIG_OPTION, description: 'Take account, limits and descriptors from this configuration.' },
    {
      flags: '--lines',
      description: 'Read one message a line from standard input, write one result a line.',
    },
    {
      flags: '--explain',
      description: 'Show the value of every sub-expression, and where Undefined came from.',
    },
    FORMAT_OPTION,
  ],
  examples: [
    {
      does: 'Why does nothing arrive',
      command: `topicrule eval --sql "SELECT * FROM 'sensors/+' WHERE temprature > 30" --topic sensors/1 --payload '{"temperature": 31}' --explain`,
    },
    {
      does: 'What a rule would send to Kafka',
      command:
        'topicrule eval --rule examples/temperature-alerts/rule.json --message examples/temperature-alerts/message.json',
    },
    {
      does: 'Many messages',
      command: 'topicrule eval --rule rule.json --lines < messages.ndjson > results.ndjson',
    },
  ],
  run,
}

async function run(options: Options): Promise<number> {
  const { lines } = options
  const format = formatOf(options)
  const services = mocksFrom(options)
  const message = lines === true ? undefined : messageFrom(options)
  if (lines === true) refuseWithLines(options)
  const rule = await ruleFrom(options, services)
  if (rule === undefined) return 1
  if (message === undefined) return runLines(rule)
  if (options['explain'] === true) return explain(rule, message, format)
  return format === 'json' ? printResult(rule, message) : describeResult(rule, message, options)
}

async function explain(rule: Rule, message: TestMessage, format: 'text' | 'json'): Promise<number> {
  const explanation = await rule.explain(message)
  if (format === 'json') print(explanationJson(explanation))
  else process.stdout.write(renderExplanation(explanation, terminal()))
  const { failure, actions = [] } = explanation
  return failure !== undefined || actions.some((action) => action.failure !== undefined) ? 1 : 0
}

async function printResult(rule: Rule, message: TestMessage): Promise<number> {
  const result = await rule.evaluate(message)
  print(resultLine(result))
  return result.error === undefined ? 0 : 1
}

async function describeResult(rule: Rule, message: TestMessage, { sql }: Options): Promise<number> {
  const trial = await rule.trial(message)
  const explanation = trial.selected ? undefined : await rule.explain(message)
  const others = sql === undefined ? foreignActions(rule) : undefined
  process.stdout.write(resultText(trial, explanation, others))
  return trial.failures.length > 0 ? 1 : 0
}

function refuseWithLines(options: Options): void {
  const given = ['topic', 'payload', 'payloadBase64', 'message', 'explain'].find(
    (name) => options[name] !== undefined,
  )
  if (given !== undefined) {
    const flag = given.replace(/[A-Z]|64/g, (part) => (part === '64' ? '64' : `-${part.toLowerCase()}`))
    throw new Usage(`--lines takes messages from standard input; leave out --${flag}.`)
  }
}

async function runLines(rule: Rule): Promise<number> {
  let reading = true
  process.stdout.once('error', () => (reading = false))
  const { lines, unreadable } = await evaluateLines(rule, process.stdin, async (text) => {
    if (!process.stdout.write(text) && reading) await untilDrained(process.stdout)
    return reading
  })
  if (unreadable === 0) return 0
  note(`${unreadable} of ${lines} lines ${unreadable === 1 ? 'is no message' : 'are no messages'}.`)
  return 1
}

function foreignActions(rule: Rule): string[] {
  const { document, actions } = rule.compiled
  const runs = new Set(actions.map(({ index }) => index))
  return document.actions.flatMap((action, index) =>
    runs.has(index) ? [] : [`action ${index}: ${Object.keys(action).join(', ')}`],
  )
}
