import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { runCli } from '../../src/cli/index.ts'
import { compileRule } from '../../src/rule/index.ts'
import { run } from '../cli/run.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const page = readFileSync(join(ROOT, 'docs/api.md'), 'utf8')

const blocks = (language: string): string[] =>
  [...page.matchAll(new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``, 'g'))].map(([, text]) => text!)

/** test/integration/api-page.test.ts runs the programs of the page. */
describe('docs/api.md', () => {
  it('shows a payload that AWS would take', () => {
    const document: unknown = JSON.parse(blocks('json')[0]!)
    expect(compileRule(document, { name: 'alerts', services: new Set(['get_secret']) })).toMatchObject({
      ok: true,
    })
  })

  it('names commands and options that exist', async () => {
    const lines = blocks('sh').flatMap((block) => block.match(/topicrule rules [^|>\n]*/g) ?? [])
    expect(lines.length).toBeGreaterThan(4)
    for (const line of lines) {
      const [, , name = '', ...rest] = line.trim().split(' ')
      const { stdout } = await run('rules', name, '--help')
      for (const option of rest.filter((word) => word.startsWith('-') && word !== '-'))
        expect(stdout, `${name} ${option}`).toContain(option)
    }
    expect(await runCli(['rules', 'list', '--format', 'none'])).toBe(2)
  })
})
