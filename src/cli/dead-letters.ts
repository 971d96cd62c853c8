import { type FoundLetter, readLetters } from '../deadletter/index.ts'
import { CONFIG_OPTION, type CommandSpec, note, print } from './command.ts'
import { FORMAT_OPTION, formatOf } from './format.ts'
import { readConfig } from './read-config.ts'

export const deadLetterList: CommandSpec = {
  name: 'deadletter list',
  summary:
    'List messages that a rule could not deliver and nothing else took, oldest first; with --format json one object a line.',
  options: [
    CONFIG_OPTION,
    { flags: '--rule <name>', description: 'Only those of one rule.' },
    { flags: '--since <time>', description: 'Only those written since this time, as 2026-05-01T12:00:00Z.' },
    { flags: '--limit <number>', description: 'At most so many; 0 for all.', default: '100' },
    { flags: '--unsent', description: 'Only those that were not sent again.' },
    FORMAT_OPTION,
  ],
  async run(options) {
    const format = formatOf(options)
    const { rule, since, limit } = options as Readonly<Record<string, string | undefined>>
    const from = since === undefined ? 0 : Date.parse(since)
    const most = Number(limit)
    if (Number.isNaN(from) || !(Number.isInteger(most) && most >= 0)) {
      note('--since takes a time such as 2026-05-01T12:00:00Z, --limit a number.')
      return 2
    }
    const directory = directoryOf(options)
    if (directory === undefined) return 2
    let shown = 0
    for await (const found of readLetters(directory, noteDamaged)) {
      const { letter, resentAt } = found
      if (rule !== undefined && letter.rule !== rule) continue
      if (Date.parse(letter.time) < from || (options['unsent'] === true && resentAt !== undefined)) continue
      if (most > 0 && shown === most) {
        note(`More than ${most}; see --limit.`)
        break
      }
      shown += 1
      print(format === 'json' ? JSON.stringify(plain(found)) : lineOf(found))
    }
    return 0
  },
}

export const deadLetterShow: CommandSpec = {
  name: 'deadletter show',
  arguments: '<id>',
  summary: 'Show one of them with its payload, its properties and every failure.',
  options: [CONFIG_OPTION, FORMAT_OPTION],
  async run(options, [id = '']) {
    const format = formatOf(options)
    const directory = directoryOf(options)
    if (directory === undefined) return 2
    const [found] = await findLetters(directory, new Set([id]))
    if (found === undefined) {
      note(`There is no dead letter ${id}.`)
      return 1
    }
    print(format === 'json' ? JSON.stringify(plain(found)) : pageOf(found))
    return 0
  },
}

/** The letters with these ids, oldest first; all that were not sent again when `ids` is undefined. */
export async function findLetters(
  directory: string,
  ids: ReadonlySet<string> | undefined,
): Promise<readonly FoundLetter[]> {
  const found: FoundLetter[] = []
  for await (const each of readLetters(directory, noteDamaged)) {
    if (ids === undefined ? each.resentAt === undefined : ids.has(each.id)) found.push(each)
    if (ids !== undefined && found.length === ids.size) break
  }
  return found
}

/** The directory of the configuration; undefined, with words, when there is none. */
export function directoryOf(options: Readonly<Record<string, unknown>>): string | undefined {
  const config = readConfig(options['config'])
  if (config === undefined) return undefined
  if (config.deadLetter === undefined) note('The configuration has no deadLetter.directory.')
  return config.deadLetter?.directory
}

function noteDamaged({ file, lines }: { readonly file: string; readonly lines: number }): void {
  note(`${file}: ${lines} torn or damaged line${lines === 1 ? '' : 's'} passed over.`)
}

function plain({ id, letter, resentAt }: FoundLetter): object {
  const { payload, properties, ...rest } = letter
  const correlationData = properties?.correlationData?.toString('base64')
  return {
    id,
    ...rest,
    payload: payload.toString('base64'),
    ...(properties !== undefined && { properties: { ...properties, correlationData } }),
    ...(resentAt !== undefined && { resentAt }),
  }
}

/** What devices wrote must not steer a terminal. */
function safe(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Surrogate}]/gu, '\uFFFD')
}

function lineOf({ id, letter, resentAt }: FoundLetter): string {
  const { time, rule, topic, payload, failures } = letter
  const codes = [...new Set(failures.map(({ code }) => code))].join(',')
  const sent = resentAt === undefined ? '' : `  resent ${resentAt}`
  return `${id}  ${time}  ${rule}  ${safe(topic)}  ${payload.length} B  ${codes}${sent}`
}

function pageOf(found: FoundLetter): string {
  const { id, letter, resentAt } = found
  const text = letter.payload.toString('utf8')
  const isText = Buffer.from(text).equals(letter.payload)
  const rows: (readonly [string, string | undefined])[] = [
    ['id', id],
    ['time', letter.time],
    ['resent', resentAt],
    ['rule', letter.rule],
    ['topic', letter.topic],
    ['trace', letter.traceId],
    ['client', letter.clientId],
    ['principal', letter.principal],
    ['address', letter.sourceIp],
    ...letter.failures.map(
      ({ action, code, class: whose, resource, message }) =>
        ['failure', `${action} ${code} (${whose}) ${resource}: ${message}`] as const,
    ),
    ...(letter.properties?.userProperties ?? []).map(
      ([key, value]) => ['property', `${key}=${value}`] as const,
    ),
    ['payload', isText ? text : `${letter.payload.toString('base64')} (base64)`],
  ]
  return rows
    .flatMap(([name, value]) => (value === undefined ? [] : [`${name.padEnd(10)}${safe(value)}`]))
    .join('\n')
}
