import { z } from 'zod'

const DURATION = /^(\d+(?:\.\d+)?)\s*(ms|s|m|h|d)?$/
const MILLISECONDS = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const
const SIZE = /^(\d+(?:\.\d+)?)\s*(B|KiB|MiB|GiB|KB|MB|GB)?$/i
const BYTES = { b: 1, kib: 1024, mib: 1024 ** 2, gib: 1024 ** 3, kb: 1e3, mb: 1e6, gb: 1e9 } as const

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

function quantity(
  parse: (value: string | number) => number | undefined,
  what: string,
  fallback: string | number,
  description: string,
): z.ZodDefault<z.ZodPipe<z.ZodUnion<[z.ZodString, z.ZodNumber]>, z.ZodTransform<number, string | number>>> {
  return z
    .union([z.string(), z.number()])
    .transform((value, context) => {
      const parsed = parse(value)
      if (parsed === undefined) context.addIssue({ code: 'custom', message: `must be ${what}` })
      return parsed ?? 0
    })
    .prefault(fallback)
    .describe(description) as never
}

/** A key that holds milliseconds; documents may write `500`, `500ms`, `60s`, `10m`, `1h` or `7d`. */
export function duration(fallback: string, description: string): ReturnType<typeof quantity> {
  return quantity(parseDuration, 'a duration such as 500ms, 60s, 10m, 1h or 7d', fallback, description)
}

/** A key that holds bytes; documents may write `65536`, `64KiB`, `4MiB` or `1GB`. */
export function size(fallback: string, description: string): ReturnType<typeof quantity> {
  return quantity(parseSize, 'a size in bytes such as 65536, 64KiB or 4MiB', fallback, description)
}

export function count(fallback: number, description: string): z.ZodDefault<z.ZodNumber> {
  return z.int().min(0).default(fallback).describe(description)
}
