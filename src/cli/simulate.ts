import { randomUUID } from 'node:crypto'
import { type CommandSpec, note, type OptionSpec, print } from './command.ts'
import { connectionFault } from './connection-fault.ts'
import { readInput } from './mocks.ts'
import { onStopSignal } from './signals.ts'
import { type Simulation, type SimulationOptions } from './simulate/run.ts'
import { readTemplate, tags, type Template } from './simulate/template.ts'
import { terminal } from './terminal.ts'
import { FORMAT_OPTION, formatOf } from './format.ts'
import { Usage } from './usage.ts'

type Options = Readonly<Record<string, string | boolean | undefined>>

/** Each has a port of its own. */
const MOST_DEVICES = 64_000

const LIVE_MS = 1_000
const LIVE_MS_WITHOUT_TERMINAL = 10_000

const OPTIONS: readonly OptionSpec[] = [
  {
    flags: '--url <url>',
    description: 'Address of the server: mqtt://, mqtts://, ws:// or wss://.',
    default: 'mqtt://127.0.0.1:1883',
  },
  {
    flags: '--rate <number>',
    description: 'Messages per second over all devices; 10, or as captured with --capture.',
  },
  { flags: '--devices <number>', description: 'Devices; each has a connection of its own.', default: '9' },
  { flags: '--duration <seconds>', description: 'How long; 0 until it is stopped.', default: '0' },
  { flags: '--count <number>', description: 'Messages after which it ends; 0: no bound.', default: '0' },
  { flags: '--protocol <version>', description: 'MQTT version: 3.1.1 or 5.', default: '5' },
  { flags: '--qos <number>', description: 'Quality of service: 0, 1 or 2.', default: '1' },
  {
    flags: '--topic <template>',
    description: `Topic, with --payload in place of the thermometers, vehicles and doors. Tags: ${Object.values(
      tags,
    )
      .map(({ usage }) => `{{${usage}}}`)
      .join(', ')}.`,
  },
  { flags: '--payload <template>', description: 'Payload with the same tags; @FILE reads it from a file.' },
  {
    flags: '--capture <file>',
    description: 'Publish the messages of a capture (NDJSON, as tap writes it; gzip too), in its order.',
  },
  { flags: '--speed <factor>', description: 'How much faster than captured.', default: '1' },
  {
    flags: '--client-id <template>',
    description: 'Client identifier; simulated-{{device}}, or the names of thermometers, vehicles and doors.',
  },
  { flags: '--user <name>', description: 'User name.' },
  { flags: '--password-file <file>', description: 'File with its password.' },
  { flags: '--ca <file>', description: 'Authorities (PEM) to trust for mqtts and wss.' },
  { flags: '--cert <file>', description: 'Client certificate (PEM), with --key.' },
  { flags: '--key <file>', description: 'Its private key (PEM).' },
  { flags: '--seed <text>', description: 'Makes the same messages in each run.' },
  {
    flags: '--in-flight <number>',
    description: 'Most messages that wait for their acknowledgement; those due meanwhile are sent late.',
    default: '10000',
  },
  {
    flags: '--wait <seconds>',
    description: 'How long to wait for acknowledgements at the end.',
    default: '10',
  },
  FORMAT_OPTION,
  { flags: '--quiet', description: 'Do not tell how it goes.' },
]

export const simulate: CommandSpec = {
  name: 'simulate',
  summary:
    'Publish as a fleet of devices would, over real MQTT connections, and print how long acknowledgements took. Latency counts from when a message was due, so a server that stops answering is not spared. Exit code 1: something was not acknowledged.',
  options: OPTIONS,
  examples: [
    {
      does: 'A thousand messages a second from 200 devices, for a minute',
      command: `topicrule simulate --devices 200 --rate 1000 --duration 60 --topic 'sensors/d{{device 4}}/temperature' --payload '{"temperature": {{walk 15 40}}, "at": {{now}}}'`,
    },
    {
      does: 'A capture once more, ten times as fast',
      command: 'topicrule simulate --capture capture.ndjson --speed 10',
    },
  ],
  run: (options) => run(options as Options),
}

async function run(options: Options): Promise<number> {
  const format = formatOf(options)
  const settings = await settingsFrom(options)
  const stop = new AbortController()
  void onStopSignal().then(() => stop.abort())
  const [{ Simulation: Runner }, { liveLine, resultJson, resultText }] = await Promise.all([
    import('./simulate/run.ts'),
    import('./simulate/text.ts'),
  ])
  const simulation = new Runner(settings)
  const live = options['quiet'] === true ? undefined : startLive(simulation, liveLine)
  try {
    await simulation.run(stop.signal)
  } catch (error) {
    throw new Usage(`${settings.url} cannot be reached: ${connectionFault((error as Error).message)}.`)
  } finally {
    live?.()
  }
  if (format === 'json') print(JSON.stringify(resultJson(simulation, settings.qos), undefined, 2))
  else print(resultText(simulation, settings.qos, terminal().paint))
  return simulation.acknowledged === simulation.published ? 0 : 1
}

/** Says now and then how it goes; on a terminal on one line. Returns what ends it. */
function startLive(simulation: Simulation, line: (run: Simulation) => string): () => void {
  const { isTTY } = process.stderr
  const show = (): void => {
    process.stderr.write(isTTY ? `\r\u001b[2K${line(simulation)}` : `${line(simulation)}\n`)
    simulation.recent.reset()
  }
  const timer = setInterval(show, isTTY ? LIVE_MS : LIVE_MS_WITHOUT_TERMINAL)
  return () => {
    clearInterval(timer)
    if (isTTY) process.stderr.write('\r\u001b[2K')
  }
}

async function settingsFrom(options: Options): Promise<SimulationOptions> {
  const { protocol, qos, user, cert, key } = options as Readonly<Record<string, string | undefined>>
  const url = String(options['url'])
  if (!URL.canParse(url) || !/^(mqtts?|wss?):$/.test(new URL(url).protocol))
    throw new Usage(`--url is ${url}; it takes an address such as mqtt://127.0.0.1:1883.`)
  if (protocol !== '5' && protocol !== '3.1.1')
    throw new Usage(`--protocol is ${protocol}; it takes 3.1.1 or 5.`)
  if (qos !== '0' && qos !== '1' && qos !== '2') throw new Usage(`--qos is ${qos}; it takes 0, 1 or 2.`)
  if ((cert === undefined) !== (key === undefined)) throw new Usage('--cert and --key belong together.')
  const devices = whole(options, 'devices', 1)
  if (devices > MOST_DEVICES)
    throw new Usage(`--devices is ${devices}; ${MOST_DEVICES} are the most, as a machine has no more ports.`)
  return {
    url,
    protocol,
    qos: Number(qos) as 0 | 1 | 2,
    username: user,
    password: fileOf(options, 'passwordFile', 'password-file')?.toString('utf8').trimEnd(),
    ca: fileOf(options, 'ca'),
    cert: fileOf(options, 'cert'),
    key: fileOf(options, 'key'),
    clientIds: await clientIdsFrom(options, devices),
    messages: await messagesFrom(options, devices),
    duration: number(options, 'duration'),
    count: whole(options, 'count', 0),
    inFlight: whole(options, 'inFlight', 1, 'in-flight'),
    patience: number(options, 'wait'),
  }
}

async function clientIdsFrom(options: Options, devices: number): Promise<string[]> {
  const { clientId, topic, capture } = options as Readonly<Record<string, string | undefined>>
  if (clientId === undefined && topic === undefined && capture === undefined) {
    const { makeDevices } = await import('./simulate/devices.ts')
    return makeDevices(devices, Math.random).map((device) => device.topic.split('/')[1]!)
  }
  const make = templateFrom('client-id', clientId ?? 'simulated-{{device}}')
  const maker = make({ random: Math.random, newUuid: randomUUID })
  return Array.from({ length: devices }, (_, index) =>
    maker({ device: index + 1, count: 0, now: Date.now() }),
  )
}

async function messagesFrom(options: Options, devices: number): Promise<SimulationOptions['messages']> {
  const { topic, payload, capture, seed } = options as Readonly<Record<string, string | undefined>>
  if ((topic === undefined) !== (payload === undefined))
    throw new Usage('--topic and --payload belong together.')
  if (capture !== undefined && topic !== undefined)
    throw new Usage('--capture has topics and payloads of its own.')
  const rate = options['rate'] === undefined ? undefined : number(options, 'rate')
  const speed = number(options, 'speed')
  if (rate === 0 || speed === 0) throw new Usage('--rate and --speed take a number above zero.')
  const { captureMessages, fleetMessages } = await import('./simulate/source.ts')
  if (capture !== undefined) {
    const onUnreadable = (line: number, reason: string): void => note(`line ${line} is no message: ${reason}`)
    return captureMessages({ file: capture, devices, rate, speed, onUnreadable })
  }
  const text =
    payload?.startsWith('@') === true ? readInput(payload.slice(1), '--payload').toString('utf8') : payload
  const texts =
    topic === undefined || text === undefined
      ? undefined
      : { topic: templateFrom('topic', topic), payload: templateFrom('payload', text) }
  return fleetMessages({ devices, rate: rate ?? 10, seed: seed ?? randomUUID(), texts })
}

function templateFrom(option: string, text: string): Template {
  const read = readTemplate(text)
  if (!read.ok) throw new Usage(`--${option}: ${read.reason}.`)
  return read.template
}

function number(options: Options, name: string): number {
  const value = Number(options[name])
  if (!(value >= 0 && Number.isFinite(value)))
    throw new Usage(`--${name} is ${String(options[name])}; it takes a number from zero.`)
  return value
}

function whole(options: Options, name: string, least: number, flag = name): number {
  const value = Number(options[name])
  if (!Number.isInteger(value) || value < least)
    throw new Usage(`--${flag} is ${String(options[name])}; it takes a whole number from ${least}.`)
  return value
}

function fileOf(options: Options, name: string, flag = name): Buffer | undefined {
  const file = options[name]
  return file === undefined ? undefined : readInput(String(file), `--${flag}`)
}
