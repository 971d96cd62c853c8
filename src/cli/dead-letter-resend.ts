import { type MqttClient } from 'mqtt'
import { type FoundLetter, markResent } from '../deadletter/index.ts'
import { CONFIG_OPTION, type CommandSpec, note, print } from './command.ts'
import { directoryOf, findLetters } from './dead-letters.ts'

/** PUBACK reason of MQTT 5: nothing selected the message. */
const NO_MATCHING_SUBSCRIBERS = 0x10

export const deadLetterResend: CommandSpec = {
  name: 'deadletter resend',
  arguments: '[id...]',
  summary:
    'Publish dead letters again to their topics, with QoS 1 and their MQTT 5 properties, and note that it was done. Every rule that selects the topic runs, unless --only-rule is given.',
  options: [
    CONFIG_OPTION,
    { flags: '--all', description: 'All that were not sent again yet.' },
    {
      flags: '--only-rule',
      description: 'Run only the rule that failed, by its Basic Ingest topic $aws/rules/NAME/TOPIC.',
    },
    { flags: '--url <url>', description: 'MQTT address of the server.', default: 'mqtt://127.0.0.1:1883' },
    { flags: '--username <name>', description: 'User; the password is read from TOPICRULE_PASSWORD.' },
    { flags: '--client-id <id>', description: 'MQTT client identifier.', default: 'topicrule-deadletter' },
  ],
  async run(options, ids) {
    if ((options['all'] === true) === ids.length > 0) {
      note('Name the dead letters to send again, or all of them with --all.')
      return 2
    }
    const directory = directoryOf(options)
    if (directory === undefined) return 2
    const found = await findLetters(directory, ids.length > 0 ? new Set(ids) : undefined)
    const known = new Set(found.map(({ id }) => id))
    const missing = ids.filter((id) => !known.has(id))
    for (const id of missing) note(`There is no dead letter ${id}.`)
    if (found.length === 0) return missing.length > 0 ? 1 : 0
    const sent = await resend(directory, found, options)
    return sent === found.length && missing.length === 0 ? 0 : 1
  },
}

/** How many the server has acknowledged for a rule; each is noted before the next one is sent. */
async function resend(
  directory: string,
  letters: readonly FoundLetter[],
  options: Readonly<Record<string, unknown>>,
): Promise<number> {
  const { connectAsync } = await import('mqtt')
  const { url, username, clientId } = options as Readonly<Record<string, string>>
  const client = await connectAsync(url!, {
    ...{ protocolVersion: 5 as const, clientId, clean: true, reconnectPeriod: 0 },
    ...(username === undefined ? {} : { username, password: process.env['TOPICRULE_PASSWORD'] }),
  }).catch((error: Error) => note(`The server at ${url} does not take a connection: ${error.message}.`))
  if (client === undefined) return 0
  let isClosed = false
  const closed = new Promise<string>((resolve) => {
    client.on('error', ({ message }) => resolve(message))
    client.on('close', () => resolve('the connection was closed without an acknowledgement'))
  }).finally(() => (isClosed = true))
  let sent = 0
  for (const { id, letter } of letters) {
    const outcome = await Promise.race([publish(client, letter, options['onlyRule'] === true), closed])
    if (outcome === undefined) {
      await markResent(directory, [id], Date.now())
      print(`${id} resent`)
      sent += 1
    } else note(`${id} was not taken: ${outcome}.`)
    if (isClosed) break
  }
  await client.endAsync(true)
  return sent
}

/** Undefined when a rule took the message, else why not. */
async function publish(
  client: MqttClient,
  { rule, topic, payload, properties }: FoundLetter['letter'],
  onlyRule: boolean,
): Promise<string | undefined> {
  const seen = topic.replace(/^\$aws\/rules\/[^/]*\//, '')
  const { payloadFormatIndicator, messageExpiryInterval, userProperties, ...texts } = properties ?? {}
  try {
    const packet = await client.publishAsync(onlyRule ? `$aws/rules/${rule}/${seen}` : topic, payload, {
      qos: 1,
      properties: {
        ...texts,
        ...(payloadFormatIndicator !== undefined && { payloadFormatIndicator: payloadFormatIndicator === 1 }),
        ...(messageExpiryInterval !== undefined && { messageExpiryInterval }),
        ...(userProperties !== undefined && { userProperties: grouped(userProperties) }),
      },
    })
    const reason = (packet as { reasonCode?: number } | undefined)?.reasonCode
    return reason === NO_MATCHING_SUBSCRIBERS ? 'no rule selects it' : undefined
  } catch (error) {
    return (error as Error).message
  }
}

/** As MQTT.js takes them; values of one key keep their order. */
function grouped(pairs: readonly (readonly [key: string, value: string])[]): Record<string, string[]> {
  const byKey = new Map<string, string[]>()
  for (const [key, value] of pairs) byKey.set(key, [...(byKey.get(key) ?? []), value])
  return Object.fromEntries(byKey)
}
