import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { formatted, pages } from '../../../scripts/generate-docs.ts'

it.each(pages)('%s is what its source gives', async (file, render) => {
  const text = readFileSync(new URL(`../../../${file}`, import.meta.url), 'utf8')
  expect(text, 'run node scripts/run.mjs generate-docs').toBe(await formatted(file, await render()))
})
