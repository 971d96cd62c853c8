import { z } from 'zod'
import { duration, size } from './units.ts'

export const deadLetterSchema = z
  .strictObject({
    directory: z
      .string()
      .min(1)
      .describe('Directory of the dead letters, created with mode 0700; it belongs to one server.'),
    maxBytes: size('1GiB', 'Bound on the files together; beyond it the oldest file is removed.', {
      min: '128KiB',
    }),
    maxAge: duration('14d', 'Files last written longer ago are removed.', { min: '1m' }),
    segmentBytes: size('16MiB', 'A file that has this size is followed by a new one.', { min: '64KiB' }),
  })
  .optional()
  .describe(
    'Where failed messages go that no error action took. Left out, they are counted and logged, and gone.',
  )
