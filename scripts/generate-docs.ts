import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { format, resolveConfig } from 'prettier'
import { cliPage } from './docs/cli.ts'
import { configurationPage, configurationSchema } from './docs/configuration.ts'
import { errorsPage } from './docs/errors.ts'
import { functionsPage } from './docs/functions.ts'
import { kafkaPropertiesPage } from './docs/kafka-properties.ts'
import { observabilityPage } from './docs/observability.ts'
import { testFilesPage, testFilesSchema } from './docs/test-files.ts'

/** The generated pages of docs/reference: file and what renders it. */
export const pages: readonly (readonly [file: string, render: () => string | Promise<string>])[] = [
  ['docs/reference/cli.md', cliPage],
  ['docs/reference/configuration.md', configurationPage],
  ['docs/reference/errors.md', errorsPage],
  ['docs/reference/functions.md', functionsPage],
  ['docs/reference/kafka-properties.md', kafkaPropertiesPage],
  ['docs/reference/observability.md', observabilityPage],
  ['docs/reference/test-files.md', testFilesPage],
  ['docs/reference/test-files.schema.json', testFilesSchema],
  ['docs/reference/topicrule.schema.json', configurationSchema],
]

/**
 * Writes the generated reference pages: `node scripts/run.mjs generate-docs`. With `--check` it writes nothing and
 * exits with 1 when a page differs from what its source gives.
 */
export async function main(args: readonly string[]): Promise<number> {
  const check = args.includes('--check')
  let stale = 0
  for (const [file, render] of pages) {
    const text = await formatted(file, await render())
    if (text === textOf(file)) continue
    stale += 1
    console.log(check ? `${file} is stale: run node scripts/run.mjs generate-docs` : `wrote ${file}`)
    if (check) continue
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, text)
  }
  return check && stale > 0 ? 1 : 0
}

/** The page in the project's format, so that the formatter has nothing to say about it. */
export async function formatted(file: string, text: string): Promise<string> {
  return format(text, { ...(await resolveConfig(file)), filepath: file })
}

function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
}
