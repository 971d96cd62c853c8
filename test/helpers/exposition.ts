/** One sample of the Prometheus text format. */
export interface Sample {
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
}

export interface Family {
  readonly type: string
  readonly help: string
  readonly samples: readonly Sample[]
}

const NAME = '[a-zA-Z_:][a-zA-Z0-9_:]*'
const SAMPLE = new RegExp(`^(${NAME})(?:\\{(.*)\\})? (\\S+)$`)
const LABEL = /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\["\\n])*)"(,|$)/y
const SUFFIXES = ['', '_bucket', '_sum', '_count']

/**
 * Reads a page of the Prometheus text exposition format 0.0.4 as strictly as Prometheus does.
 * @throws Error naming the first line that is none, a series that is there twice, or a histogram that does not add up
 * @see https://github.com/prometheus/docs/blob/main/content/docs/instrumenting/exposition_formats.md
 */
export function parseExposition(text: string): ReadonlyMap<string, Family> {
  if (!text.endsWith('\n')) throw new Error('the last line has no end')
  const families = new Map<string, { type: string; help: string; samples: Sample[] }>()
  const series = new Set<string>()
  let current: { name: string; family: { type: string; help: string; samples: Sample[] } } | undefined
  for (const line of text.slice(0, -1).split('\n')) {
    const head = new RegExp(`^# (HELP|TYPE) (${NAME}) (.+)$`).exec(line)
    if (head !== null) {
      const [, kind, name, rest] = head as unknown as [string, string, string, string]
      if (current?.name !== name) {
        if (families.has(name)) throw new Error(`${name} comes in two groups`)
        current = { name, family: { type: '', help: '', samples: [] } }
        families.set(name, current.family)
      }
      if (kind === 'HELP') current.family.help = rest
      else if (['counter', 'gauge', 'histogram'].includes(rest)) current.family.type = rest
      else throw new Error(`no type: ${line}`)
      continue
    }
    const sample = sampleOf(line)
    if (current === undefined || !SUFFIXES.some((suffix) => sample.name === current!.name + suffix))
      throw new Error(`outside of its group: ${line}`)
    const key = `${sample.name}${JSON.stringify(Object.entries(sample.labels).sort())}`
    if (series.has(key)) throw new Error(`twice: ${line}`)
    series.add(key)
    current.family.samples.push(sample)
  }
  for (const [name, family] of families) checkFamily(name, family)
  return families
}

function sampleOf(line: string): Sample {
  const found = SAMPLE.exec(line)
  if (found === null) throw new Error(`no sample: ${line}`)
  const [, name, pairs, text] = found as unknown as [string, string, string | undefined, string]
  const labels: Record<string, string> = {}
  LABEL.lastIndex = 0
  while (pairs !== undefined && LABEL.lastIndex < pairs.length) {
    const label = LABEL.exec(pairs)
    if (label === null || label[1]! in labels) throw new Error(`no labels: ${line}`)
    labels[label[1]!] = label[2]!.replace(/\\(.)/g, (_, char: string) => (char === 'n' ? '\n' : char))
  }
  const value = text === '+Inf' ? Infinity : Number(text)
  if (Number.isNaN(value)) throw new Error(`no value: ${line}`)
  return { name, labels, value }
}

function checkFamily(name: string, { type, help, samples }: Family): void {
  if (type === '' || help === '') throw new Error(`${name} lacks type or help`)
  if (type === 'counter' && samples.some(({ value }) => value < 0)) throw new Error(`${name} is below zero`)
  if (type !== 'histogram') return
  const buckets = samples.filter((sample) => sample.name === `${name}_bucket`)
  const counts = buckets.map(({ value }) => value)
  const bounds = buckets.map(({ labels }) => (labels['le'] === '+Inf' ? Infinity : Number(labels['le'])))
  const rises = (numbers: readonly number[]): boolean =>
    numbers.every((number, index) => index === 0 || number >= numbers[index - 1]!)
  const count = samples.find((sample) => sample.name === `${name}_count`)?.value
  const sum = samples.find((sample) => sample.name === `${name}_sum`)?.value
  if (!rises(counts) || !rises(bounds) || bounds.at(-1) !== Infinity || counts.at(-1) !== count)
    throw new Error(`the buckets of ${name} do not add up`)
  if (sum === undefined) throw new Error(`${name} has no sum`)
}

/** The value of one series; undefined where the page does not have it. */
export function sampleValue(
  families: ReadonlyMap<string, Family>,
  name: string,
  labels: Readonly<Record<string, string>> = {},
): number | undefined {
  const wanted = Object.entries(labels)
  return families
    .get(name)
    ?.samples.find(
      (sample) => sample.name === name && wanted.every(([label, value]) => sample.labels[label] === value),
    )?.value
}
