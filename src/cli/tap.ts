import { type CommandSpec, note, print, untilDrained } from './command.ts'
import { SERVICE_OPTIONS, withService } from './rules/options.ts'
import { type TapLine, tapText } from './tap/text.ts'
import { terminal } from './terminal.ts'
import { oneOf, Usage } from './usage.ts'

type Options = Readonly<Record<string, unknown>>

/** Options of the group `rules` without AWS, which has nothing like this. */
const SERVER_OPTIONS = SERVICE_OPTIONS.filter(({ flags }) => !flags.startsWith('--aws'))

export const tap: CommandSpec = {
  name: 'tap',
  summary:
    'Watch messages on a running server: what each rule made of them and where Kafka put the records. Ends with Ctrl-C. With --format ndjson the lines are a capture for `replay` and `eval --lines`.',
  options: [
    { flags: '--rule <name>', description: 'Only messages whose topic triggers this rule.' },
    { flags: '--topic <filter>', description: 'Only messages whose topic matches this MQTT filter.' },
    { flags: '--sample <rate>', description: 'Messages a second at most, such as 5 or 5/s.' },
    {
      flags: '--redact <path>',
      description: 'Mask a field of payloads, such as user.name; the server does it.',
      repeatable: true,
    },
    { flags: '--count <number>', description: 'End after this many messages.' },
    { flags: '--format <format>', description: 'text or ndjson.', default: 'text' },
    ...SERVER_OPTIONS,
  ],
  examples: [
    { does: 'Why does nothing arrive', command: "topicrule tap --topic 'sensors/#' --count 10" },
    {
      does: 'A capture of a thousand messages, without names',
      command: 'topicrule tap --format ndjson --redact user.name --count 1000 > capture.ndjson',
    },
  ],
  async run(options) {
    const format = oneOf('--format', options['format'], 'text', 'ndjson')
    const request = requestOf(options)
    return withService(options, async (service) => {
      const stream = await service.open('/x-tap', request)
      const reader = new Reader(format)
      const stop = (): void => void stream.destroy()
      process.once('SIGINT', stop).once('SIGTERM', stop)
      process.stdout.once('error', stop)
      try {
        return await reader.read(stream, request['count'])
      } finally {
        stop()
        process.off('SIGINT', stop).off('SIGTERM', stop)
      }
    })
  },
}

/**
 * The body of the request.
 * @throws Usage when an option is not as it should be
 */
function requestOf(options: Options): Readonly<Record<string, unknown>> {
  const { rule, topic, sample, count, redact } = options as Readonly<Record<string, string | undefined>>
  const rate = sample === undefined ? undefined : Number(sample.replace(/\/s$/, ''))
  if (rate !== undefined && !(rate > 0)) throw new Usage(`--sample is ${sample}; it takes messages a second.`)
  const most = count === undefined ? undefined : Number(count)
  if (most !== undefined && !(Number.isInteger(most) && most > 0))
    throw new Usage(`--count is ${count}; it takes a number.`)
  return {
    ...(rule !== undefined && { rule }),
    ...(topic !== undefined && { topic }),
    ...(rate !== undefined && { sample: rate }),
    ...(most !== undefined && { count: most }),
    ...(redact !== undefined && redact.length > 0 && { redact }),
  }
}

interface Notice {
  readonly dropped?: number
  readonly end?: string
  readonly open?: boolean
}

/** Writes what a tap sends. */
class Reader {
  readonly #format: 'text' | 'ndjson'
  readonly #paint = terminal().paint
  #messages = 0
  #dropped = 0
  #end: string | undefined
  #warned = false

  constructor(format: 'text' | 'ndjson') {
    this.#format = format
  }

  /** Resolves with the exit code: 0 when the reader or --count ended it, else 1. */
  async read(stream: AsyncIterable<Buffer>, count: unknown): Promise<number> {
    let rest = ''
    let isWhole = false
    const decoder = new TextDecoder()
    try {
      for await (const chunk of stream) {
        const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n')
        rest = lines.pop() ?? ''
        for (const line of lines) this.#take(line)
        if (process.stdout.writableNeedDrain) await untilDrained(process.stdout)
      }
      isWhole = true
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      if (code !== 'ERR_STREAM_PREMATURE_CLOSE' && code !== 'ABORT_ERR')
        this.#end ??= 'The connection was lost.'
    }
    if (isWhole && this.#messages !== count) this.#end ??= 'The server ended the connection.'
    if (this.#end !== undefined) note(this.#end)
    const dropped =
      this.#dropped === 0 ? '' : `, ${this.#dropped} more were dropped because they came too fast`
    note(`${this.#messages} message${this.#messages === 1 ? '' : 's'}${dropped}.`)
    return this.#end === undefined ? 0 : 1
  }

  #take(text: string): void {
    if (text === '') return
    const line = JSON.parse(text) as TapLine & { readonly tap?: Notice }
    if (line.tap !== undefined) {
      this.#noticed(line.tap)
      return
    }
    this.#messages += 1
    if (this.#format === 'text') print(tapText(line, this.#paint))
    else print(text)
    if (line.payloadBytes !== undefined && !this.#warned) {
      this.#warned = true
      note('Your role does not see payloads, so this is no capture that can be replayed.')
    }
  }

  #noticed({ dropped = 0, end, open }: Notice): void {
    if (open === true) note('Watching; Ctrl-C ends it.')
    if (dropped > 0) {
      this.#dropped += dropped
      note(
        `… ${dropped} messages were dropped here because they came too fast; --sample, --topic or --rule make them fewer.`,
      )
    }
    this.#end ??= end
  }
}
