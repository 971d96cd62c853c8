import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { errorCatalogue, type ErrorCode } from '../src/errors.ts'

const source = fileURLToPath(new URL('../src/', import.meta.url))

it('a failure made in the code has the class that the catalogue says', () => {
  const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.ts'),
  )
  const made = files.flatMap((file) =>
    [...readFileSync(source + file, 'utf8').matchAll(/code: '([A-Z_0-9]+)',\s*class: '(\w+)'/g)].map(
      ([, code, kind]) => ({ file, code: code as ErrorCode, kind }),
    ),
  )
  expect(made.length).toBeGreaterThan(10)
  expect(made.filter(({ code, kind }) => errorCatalogue[code].class !== kind)).toEqual([])
})
