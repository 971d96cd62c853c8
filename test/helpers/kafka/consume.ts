import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { runProcess } from '../process.ts'
import { type Access } from './client.ts'
import { javaArguments } from './java.ts'
import { type KafkaAddress } from './properties.ts'

/** A record as a consumer read it. Text is UTF-8; an absent key or value (tombstone) is null. */
export interface ConsumedRecord {
  readonly partition: number
  readonly offset: number
  readonly key: string | null
  readonly value: string | null
  readonly headers: readonly (readonly [key: string, value: string])[]
}

interface KcatRecord {
  partition: number
  offset: number
  key: string | null
  payload: string | null
  headers?: string[]
}

/** Reads a topic from its beginning to its end with kcat; records come ordered by partition and offset. */
export async function kcat(from: Access, topic: string): Promise<ConsumedRecord[]> {
  const args = ['-C', '-q', '-e', '-J', '-o', 'beginning', '-b', from.bootstrap, '-t', topic]
  const { stdout } = await runKcat(from, args)
  return stdout.map((line) => fromKcat(JSON.parse(line) as KcatRecord)).sort(byPosition)
}

/** Runs kcat with the settings of `from`. */
export async function runKcat(
  from: Access,
  args: readonly string[],
  input?: string,
): Promise<{ stdout: string[]; stderr: string[] }> {
  const flags = settings({ 'broker.address.family': 'v4', ...from.librdkafka })
  return runProcess('kcat', [...args, ...flags], { env: kcatEnvironment(from), input })
}

/**
 * librdkafka before 2.6.1 (Debian 12 has 2.0.2) repeats the client's nonce in SCRAM, which Kafka 4 refuses:
 * https://github.com/confluentinc/librdkafka/pull/4895. There kcat gets the library that node-rdkafka has built.
 */
function kcatEnvironment(from: Access): NodeJS.ProcessEnv {
  if (!from.name.startsWith('SCRAM')) return process.env
  const built = fileURLToPath(new URL('../../../node_modules/node-rdkafka/build/deps', import.meta.url))
  return { ...process.env, LD_LIBRARY_PATH: built }
}

/** A record as a Java consumer read it, byte for byte. */
export interface RawRecord extends Omit<ConsumedRecord, 'value'> {
  readonly value: Buffer | null
}

/** Reads `count` records of a topic with Kafka's own ConsoleConsumer; gives up after `timeout` ms without one. */
export async function javaConsole(
  kafka: KafkaAddress,
  from: Access,
  topic: string,
  count: number,
  timeout = 20_000,
): Promise<ConsumedRecord[]> {
  const read = await javaBytes(kafka, from, ['--topic', topic], count, timeout)
  return read.map((record) => ({ ...record, value: record.value?.toString() ?? null })).sort(byPosition)
}

/** Reads `count` records of every topic that `pattern` matches with one ConsoleConsumer. */
export function javaConsoleAll(
  kafka: KafkaAddress,
  from: Access,
  pattern: string,
  count: number,
  timeout = 20_000,
): Promise<RawRecord[]> {
  return javaBytes(kafka, from, ['--include', pattern], count, timeout)
}

async function javaBytes(
  kafka: KafkaAddress,
  from: Access,
  topics: readonly string[],
  count: number,
  timeout: number,
): Promise<RawRecord[]> {
  const directory = await mkdtemp(join(tmpdir(), 'topicrule-consumer-'))
  const config = join(directory, 'consumer.properties')
  try {
    await writeFile(config, properties(from.java), { mode: 0o600 })
    const args = [
      ...['--bootstrap-server', from.bootstrap, '--command-config', config, ...topics],
      ...['--from-beginning', '--max-messages', `${count}`, '--timeout-ms', `${timeout}`],
      ...Object.entries(FORMAT).flatMap(([key, value]) => ['--formatter-property', `${key}=${value}`]),
    ]
    const tool = javaArguments(kafka.jars, 'org.apache.kafka.tools.consumer.ConsoleConsumer', args)
    const options = { encoding: 'buffer', timeout: 60_000, maxBuffer: 1 << 26 } as const
    const { stdout } = await promisify(execFile)('java', tool, options)
    // One character a byte, so that bytes which are no text survive the cutting.
    return stdout.toString('latin1').split(END).slice(0, -1).map(fromConsole)
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
}

// Separators that no test puts into a record.
const FIELD = '<|>'
const HEADER = '<;>'
const NULL = '<null>'
const END = '<end>'

const FORMAT = {
  ...{ 'print.partition': true, 'print.offset': true, 'print.headers': true },
  ...{ 'print.key': true, 'print.value': true },
  ...{ 'key.separator': FIELD, 'headers.separator': HEADER, 'null.literal': NULL, 'line.separator': END },
}

function fromKcat(record: KcatRecord): ConsumedRecord {
  const flat = record.headers ?? []
  return {
    ...{ partition: record.partition, offset: record.offset, key: record.key, value: record.payload },
    headers: flat.flatMap((key, i) => (i % 2 === 0 ? [[key, flat[i + 1] ?? ''] as const] : [])),
  }
}

// Partition:0<|>Offset:3<|>name:value<;>name:value<|>key<|>value; NO_HEADERS stands for none.
function fromConsole(line: string): RawRecord {
  const [partition = '', offset = '', headers = '', key = '', ...rest] = line.split(FIELD)
  const value = rest.join(FIELD)
  return {
    partition: Number(partition.slice('Partition:'.length)),
    offset: Number(offset.slice('Offset:'.length)),
    key: key === NULL ? null : utf8(key),
    value: value === NULL ? null : Buffer.from(value, 'latin1'),
    headers: headers === 'NO_HEADERS' ? [] : headers.split(HEADER).map(cutHeader),
  }
}

function cutHeader(text: string): readonly [string, string] {
  const colon = text.indexOf(':')
  return [utf8(text.slice(0, colon)), utf8(text.slice(colon + 1))]
}

function utf8(bytes: string): string {
  return Buffer.from(bytes, 'latin1').toString()
}

function settings(entries: Readonly<Record<string, string>>): string[] {
  return Object.entries(entries).flatMap(([key, value]) => ['-X', `${key}=${value}`])
}

function properties(entries: Readonly<Record<string, string>>): string {
  return Object.entries(entries)
    .map(([key, value]) => `${key}=${value}\n`)
    .join('')
}

function byPosition(a: ConsumedRecord, b: ConsumedRecord): number {
  return a.partition - b.partition || a.offset - b.offset
}
