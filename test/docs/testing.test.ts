import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { runCli } from '../../src/cli/index.ts'
import { testFileJsonSchema } from '../../src/testing/index.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const page = readFileSync(join(ROOT, 'docs/testing.md'), 'utf8')

interface Block {
  readonly language: string
  readonly text: string
}

const blocks: readonly Block[] = [...page.matchAll(/```(\w+)\n([\s\S]*?)```/g)].map(([, language, text]) => ({
  language: language!,
  text: text!,
}))
const [rule, test, statement, awsCase] = blocks.filter(({ language }) => language !== 'console')

/** The words of a command line; quotes keep blanks. */
function words(line: string): string[] {
  return [...line.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)].map(
    ([, single, double, bare]) => single ?? double ?? bare!,
  )
}

/** What a command prints, standard error included, in its order. */
async function outputOf(command: string): Promise<string> {
  const [name, ...args] = words(command)
  if (name !== 'topicrule') return execFileSync('sh', ['-c', command], { encoding: 'utf8' })
  let written = ''
  const spies = (['stdout', 'stderr'] as const).map((stream) =>
    vi.spyOn(process[stream], 'write').mockImplementation((text) => {
      written += String(text)
      return true
    }),
  )
  try {
    await runCli(args)
  } finally {
    for (const spy of spies) spy.mockRestore()
  }
  return written.replace(/\d+ ms|\d+\.\d s/g, 'N ms')
}

/** Runs the commands of a block and puts what they print below them. */
async function transcriptOf(text: string): Promise<string> {
  let transcript = ''
  for (const [, command] of text.matchAll(/^\$ (.*)$/gm)) {
    transcript += `$ ${command}\n${await outputOf(command!)}`
  }
  return transcript
}

describe('docs/testing.md', () => {
  const directory = mkdtempSync(join(tmpdir(), 'topicrule-docs-'))
  const before = process.cwd()
  beforeAll(() => process.chdir(directory))
  afterAll(() => {
    process.chdir(before)
    rmSync(directory, { recursive: true })
  })

  it('shows what its commands print', async () => {
    writeFileSync('alerts.json', rule!.text)
    const consoles = blocks.filter(({ language }) => language === 'console')
    expect(consoles.length).toBe(4)
    for (const [index, { text }] of consoles.entries()) {
      if (index === 1) writeFileSync('alerts.test.yaml', test!.text)
      expect(await transcriptOf(text)).toBe(text)
    }
  })

  it('shows a statement with mocks that passes, and a case of the tool of AWS that does', async () => {
    writeFileSync('other.yaml', statement!.text)
    expect(await outputOf('topicrule test other.yaml')).toContain('1 passed in 1 file')
    writeFileSync('case.json', awsCase!.text)
    expect(await outputOf('topicrule test case.json')).toContain('1 passed in 1 file')
  })

  it('names only keys that expectations have', () => {
    const { cases } = testFileJsonSchema().properties!
    const known = Object.keys(cases!.items!.properties!['expect']!.properties!)
    const table = page.slice(page.indexOf('| Key'), page.indexOf('- Numbers are equal'))
    const named = [...table.matchAll(/^\| `(\w+)/gm)].map(([, name]) => name!)
    expect(named.length).toBeGreaterThan(8)
    expect(named.filter((name) => !known.includes(name))).toEqual([])
    expect(known.filter((name) => !page.includes(`\`${name}`))).toEqual([])
  })
})

describe('examples', () => {
  it('pass their tests', async () => {
    const text = await outputOf(`topicrule test ${join(ROOT, 'examples')}`)
    expect(text).toContain('6 passed in 2 files')
  })
})
