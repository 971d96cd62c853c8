import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { parseConfig } from '../../src/config/index.ts'
import { compileRule } from '../../src/index.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const readme = readFileSync(join(ROOT, 'README.md'), 'utf8')

function block(language: string, containing: string): string {
  const blocks = [...readme.matchAll(new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``, 'g'))].map(
    ([, text]) => text!,
  )
  const found = blocks.filter((text) => text.includes(containing))
  if (found.length !== 1)
    throw new Error(`README.md has ${found.length} ${language} blocks with "${containing}"`)
  return found[0]!
}

describe('README.md', () => {
  it('quotes the example rule as it is', () => {
    const rule = readFileSync(join(ROOT, 'examples/temperature-alerts/rule.json'), 'utf8')
    expect(block('json', 'topicRulePayload').trim()).toBe(rule.trim())
  })

  it('shows a configuration without faults', () => {
    expect(parseConfig(block('yaml', 'listeners'), '/etc/topicrule', {})).toMatchObject({ ok: true })
  })

  it('shows a use of the library that works', async () => {
    const text = block('ts', 'compileRule')
    const document: unknown = JSON.parse(
      readFileSync(join(ROOT, 'examples/temperature-alerts/rule.json'), 'utf8'),
    )
    const body = `return (async () => { ${text.replace(/^import .*$/m, '')}; return result })()`
    const run = new Function('compileRule', 'document', body) as (
      ...args: unknown[]
    ) => Promise<{ matched: boolean }>
    const result = await run(compileRule, document)
    expect(result.matched).toBe(true)
  })

  it('names only commands that package.json or the command line has', () => {
    const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
      scripts: Record<string, string>
    }
    for (const [, name] of readme.matchAll(/npm run (\w+)/g)) expect(scripts).toHaveProperty(name!)
  })
})
