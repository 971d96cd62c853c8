import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { tags } from '../../src/cli/simulate/template.ts'
import { run } from '../cli/run.ts'

const page = readFileSync(new URL('../../docs/tap-and-replay.md', import.meta.url), 'utf8')
const directory = mkdtempSync(join(tmpdir(), 'topicrule-page-'))
afterAll(() => rmSync(directory, { recursive: true }))

/** Blocks of the page that stand behind a comment: what the comment says, and the text. */
const blocks = [...page.matchAll(/<!-- (\w+) ?(\S*) -->\n\n```\w*\n([\s\S]*?)```/g)].map(
  ([, kind, name, text]) => ({ kind, name: name!, text: text! }),
)
const files = blocks.filter(({ kind }) => kind === 'file')
for (const { name, text } of files) writeFileSync(join(directory, name), text)

describe('docs/tap-and-replay.md', () => {
  it('has its files and examples', () => {
    expect(files).toHaveLength(3)
  })

  it.each(blocks.filter(({ kind }) => kind === 'run').map(({ text }) => text.split('\n')))(
    '%s',
    async (command, ...lines) => {
      const argv = command
        .replace(/^\$ topicrule /, '')
        .split(' ')
        .map((word) => (files.some(({ name }) => name === word) ? join(directory, word) : word))
      const { stdout } = await run(...argv)
      expect(stdout.trimEnd()).toBe(lines.join('\n').trimEnd())
    },
  )

  it('names every tag of a template as the code does', () => {
    for (const { usage, summary } of Object.values(tags)) {
      const row = page
        .split('\n')
        .find((line) => line.startsWith(`| \`{{${usage.replaceAll('|', '\\|')}}}\``))
      expect(row, usage).toContain(summary)
    }
  })
})
