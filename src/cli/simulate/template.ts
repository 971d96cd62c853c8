import { type Chance } from '../../dryrun/index.ts'

/** What a message is about while its texts are made. */
export interface Moment {
  /** Device, from 1. */
  readonly device: number
  /** Message of this device, from 1. */
  readonly count: number
  /** Milliseconds since the Unix epoch. */
  readonly now: number
}

/** Makes the text of one device's messages; what wanders keeps where it is between them. */
export type TextMaker = (moment: Moment) => string

type TagMaker = (args: readonly number[], chance: Chance, words: string) => TextMaker

interface Tag {
  readonly usage: string
  readonly summary: string
  /** How many numbers it takes, at least and at most. */
  readonly numbers: readonly [least: number, most: number]
  readonly make: TagMaker
}

/** What may stand between {{ and }}. */
export const tags: Readonly<Record<string, Tag>> = {
  device: {
    usage: 'device [DIGITS]',
    summary: 'number of the device, from 1',
    numbers: [0, 1],
    make:
      ([digits = 0]) =>
      (moment) =>
        String(moment.device).padStart(digits, '0'),
  },
  count: {
    usage: 'count',
    summary: 'number of the message of this device, from 1',
    numbers: [0, 0],
    make: () => (moment) => String(moment.count),
  },
  now: {
    usage: 'now',
    summary: 'milliseconds since the Unix epoch',
    numbers: [0, 0],
    make: () => (moment) => String(moment.now),
  },
  iso: {
    usage: 'iso',
    summary: 'the time as ISO 8601',
    numbers: [0, 0],
    make: () => (moment) => new Date(moment.now).toISOString(),
  },
  walk: {
    usage: 'walk LOW HIGH [STEP [DIGITS]]',
    summary: 'a number that wanders between bounds, by at most STEP from message to message',
    numbers: [2, 4],
    make: ([low = 0, high = 1, step = (high - low) / 20, digits = 2], { random }) =>
      walk(low, high, step, digits, random),
  },
  number: {
    usage: 'number LOW HIGH [DIGITS]',
    summary: 'any number between bounds, whole unless DIGITS says otherwise',
    numbers: [2, 3],
    make: ([low = 0, high = 1, digits = 0], { random }) => {
      if (digits > 0) return () => (low + random() * (high - low)).toFixed(digits)
      return () => String(low + Math.floor(random() * (high - low + 1)))
    },
  },
  pick: {
    usage: 'pick ONE|OTHER|…',
    summary: 'one of some texts',
    numbers: [0, 0],
    make: (_numbers, { random }, words) => {
      const texts = words.split('|')
      return () => texts[Math.floor(random() * texts.length)]!
    },
  },
  uuid: {
    usage: 'uuid',
    summary: 'a version 4 UUID',
    numbers: [0, 0],
    make: (_numbers, { newUuid }) => newUuid,
  },
}

function walk(low: number, high: number, step: number, digits: number, random: () => number): TextMaker {
  let value = low + random() * (high - low)
  return () => {
    value = Math.min(high, Math.max(low, value + (random() - 0.5) * 2 * step))
    return value.toFixed(digits)
  }
}

/** Makes a maker for each device. */
export type Template = (chance: Chance) => TextMaker

/**
 * Reads a text with tags such as `{{walk 12 38}}`; other braces stay as they are.
 * @returns the template, or what is wrong with it
 */
export function readTemplate(
  text: string,
): { readonly ok: true; readonly template: Template } | { readonly ok: false; readonly reason: string } {
  const parts: (string | Template)[] = []
  let end = 0
  for (const match of text.matchAll(/\{\{\s*([a-z]+)(?:\s+([^}]*?))?\s*\}\}/g)) {
    const [whole, name = '', words = ''] = match
    const tag = Object.hasOwn(tags, name) ? tags[name] : undefined
    if (tag === undefined)
      return { ok: false, reason: `there is no {{${name}}}; there are ${Object.keys(tags).join(', ')}` }
    const numbers =
      name === 'pick'
        ? []
        : words
            .split(/\s+/)
            .filter((word) => word !== '')
            .map(Number)
    const [least, most] = tag.numbers
    const isFit = numbers.length >= least && numbers.length <= most && numbers.every(Number.isFinite)
    if (!isFit || (name === 'pick' && words === ''))
      return { ok: false, reason: `${whole} is not {{${tag.usage}}}` }
    parts.push(text.slice(end, match.index), (chance) => tag.make(numbers, chance, words))
    end = match.index + whole.length
  }
  parts.push(text.slice(end))
  return {
    ok: true,
    template: (chance) => joined(parts.map((part) => (typeof part === 'string' ? part : part(chance)))),
  }
}

function joined(parts: readonly (string | TextMaker)[]): TextMaker {
  return (moment) => {
    let text = ''
    for (const part of parts) text += typeof part === 'string' ? part : part(moment)
    return text
  }
}
