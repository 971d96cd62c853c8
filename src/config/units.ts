import { z } from 'zod'

const DURATION = /^(\d+(?:\.\d+)?)\s*(ms|s|m|h|d)?$/
const MILLISECONDS = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const
const SIZE = /^(\d+(?:\.\d+)?)\s*(B|KiB|MiB|GiB|KB|MB|GB)?$/i
const BYTES = { b: 1, kib: 1024, mib: 1024 ** 2, gib: 1024 ** 3, kb: 1e3, mb: 1e6, gb: 1e9 } as const
/** Node.js timers take at most 2³¹ - 1 ms, a little more than 24 days. */
const LONGEST_TIMER = '24d'
const LARGEST_SIZE = '1024GiB'

/** Milliseconds of a number (already milliseconds) or a text such as `60s`; undefined when it is neither. */
export function parseDuration(value: string | number): number | undefined {
  const match = DURATION.exec(String(value).trim())
  if (match === null) return undefined
  return Math.round(Number(match[1]) * MILLISECONDS[(match[2] ?? 'ms') as keyof typeof MILLISECONDS])
}

/** Bytes of a number or a text such as `4MiB`; undefined when it is neither. */
export function parseSize(value: string | number): number | undefined {
  const match = SIZE.exec(String(value).trim())
  if (match === null) return undefined
  return Math.round(Number(match[1]) * BYTES[(match[2] ?? 'B').toLowerCase() as keyof typeof BYTES])
}

/** The shortest text that `parseDuration` reads as this many milliseconds: `60000` is `1m`. */
export function formatDuration(milliseconds: number): string {
  return inUnits(milliseconds, [
    ['d', MILLISECONDS.d],
    ['h', MILLISECONDS.h],
    ['m', MILLISECONDS.m],
    ['s', MILLISECONDS.s],
    ['ms', 1],
  ])
}

/** The shortest text that `parseSize` reads as this many bytes: `4194304` is `4MiB`. */
export function formatSize(bytes: number): string {
  return inUnits(bytes, [
    ['GiB', BYTES.gib],
    ['MiB', BYTES.mib],
    ['KiB', BYTES.kib],
    ['B', 1],
  ])
}

function inUnits(value: number, units: readonly (readonly [name: string, factor: number])[]): string {
  const [name, factor] = units.find((unit) => value !== 0 && value % unit[1] === 0) ?? units.at(-1)!
  return `${value / factor}${name}`
}

interface Bounds {
  readonly min?: string
  readonly max?: string
}

type Quantity = z.ZodPrefault<
  z.ZodPipe<z.ZodUnion<readonly [z.ZodNumber, z.ZodString]>, z.ZodTransform<number, string | number>>
>

function quantity(
  unit: 'duration' | 'size',
  fallback: string,
  description: string,
  bounds: Required<Bounds>,
): Quantity {
  return parsed(unit, bounds).prefault(fallback).meta({ description, unit })
}

type Parsed = z.ZodPipe<
  z.ZodUnion<readonly [z.ZodNumber, z.ZodString]>,
  z.ZodTransform<number, string | number>
>

function parsed(unit: 'duration' | 'size', bounds: Required<Bounds>): Parsed {
  const parse = unit === 'duration' ? parseDuration : parseSize
  const what =
    unit === 'duration'
      ? 'a duration such as 500ms, 60s, 10m, 1h or 7d'
      : 'a size such as 65536, 64KiB or 4MiB'
  const [least, most] = [parse(bounds.min)!, parse(bounds.max)!]
  return z.union([z.number(), z.string()], { error: `must be ${what}` }).transform((value, context) => {
    const number = parse(value)
    if (number === undefined) context.addIssue({ code: 'custom', message: `must be ${what}` })
    else if (number < least || number > most)
      context.addIssue({ code: 'custom', message: `must be from ${bounds.min} to ${bounds.max}` })
    return number ?? 0
  })
}

/** A key that holds milliseconds; documents may write `500`, `500ms`, `60s`, `10m`, `1h` or `7d`. */
export function duration(fallback: string, description: string, bounds: Bounds = {}): Quantity {
  return quantity('duration', fallback, description, { min: '0ms', max: LONGEST_TIMER, ...bounds })
}

/** A key that holds bytes; documents may write `65536`, `64KiB`, `4MiB` or `1GB`. */
export function size(fallback: string, description: string, bounds: Bounds = {}): Quantity {
  return quantity('size', fallback, description, { min: '0B', max: LARGEST_SIZE, ...bounds })
}

/** The same for a key that may be left out. */
export function optionalSize(description: string, bounds: Bounds = {}): z.ZodOptional<Parsed> {
  return parsed('size', { min: '0B', max: LARGEST_SIZE, ...bounds })
    .optional()
    .meta({ description, unit: 'size' })
}

export function count(fallback: number, description: string, min = 0): z.ZodDefault<z.ZodInt> {
  return z.int().min(min).default(fallback).describe(description)
}
