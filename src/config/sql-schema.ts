import { z } from 'zod'
import { size } from './units.ts'

/** The largest `nesting` and `depth` are what parser and evaluation, which recurse, are known to bear. */
const bounded = (
  fallback: number,
  least: number,
  most: number,
  description: string,
): z.ZodDefault<z.ZodInt> => z.int().min(least).max(most).default(fallback).describe(description)

const limits = z
  .strictObject({
    length: bounded(262_144, 100, 1_048_576, 'Characters of a statement, expression or template.'),
    tokens: bounded(50_000, 10, 200_000, 'Words, numbers, strings and signs of one.'),
    literals: bounded(
      10_000,
      1,
      100_000,
      'Numbers, strings and constants of one, and keys of object literals.',
    ),
    nesting: bounded(128, 1, 128, 'Brackets and CASE open at one time.'),
    depth: bounded(1000, 10, 1000, 'Operations inside one another, chains of one operator included.'),
    work: bounded(
      2_000_000,
      1000,
      1_000_000_000,
      'Units of work that a statement, or the templates of an action, may take for a message. A unit is about 25 ns: a step over an element, 16 characters of a long text. A message that needs more fails, and goes to the error action.',
    ),
    outputSize: size(
      '4MiB',
      'Bytes that a statement may write. A message that makes it write more fails likewise.',
      {
        min: '1KiB',
        max: '256MiB',
      },
    ),
  })
  .prefault({})
  .describe('Bounds that keep a rule document or a payload from stalling the server.')

export const sqlSchema = z.strictObject({ limits }).prefault({}).describe('AWS IoT SQL.')
