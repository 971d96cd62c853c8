import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest'
import { loadCommands } from '../../src/cli/program.ts'
import { run } from './run.ts'

const directory = mkdtempSync(join(tmpdir(), 'topicrule-width-'))
afterAll(() => rmSync(directory, { recursive: true }))
afterEach(() => vi.unstubAllEnvs())

function file(name: string, document: object): string {
  const path = join(directory, name)
  writeFileSync(path, JSON.stringify(document))
  return path
}

/** Lines of several words that are wider than the terminal; what users copy stays whole. */
function tooWide(text: string, width: number): string[] {
  return text
    .split('\nExamples:\n')[0]!
    .split('\n')
    .filter((line) => [...line].length > width && line.trim().includes(' ') && !line.startsWith('Usage: '))
}

describe('the width of a terminal', () => {
  it.each([40, 60, 80, 200])('has the help of every command in %i columns', async (width) => {
    vi.stubEnv('COLUMNS', String(width))
    for (const { name, options } of await loadCommands()) {
      const { code, stdout } = await run(...name.split(' '), '--help')
      expect([name, code, tooWide(stdout, width)]).toEqual([name, 0, []])
      for (const { flags } of options) expect(stdout).toContain(`  ${flags}`)
      expect(stdout).not.toContain('default: []')
    }
    expect(tooWide((await run('--help')).stdout, width)).toEqual([])
  })

  it('leaves the lines of a pipe whole', async () => {
    vi.stubEnv('COLUMNS', '')
    const { stdout } = await run('check', '--help')
    expect(stdout).toMatch(/^Check rules: .* Exit code 1: a rule has errors\.$/m)
    expect(stdout).toMatch(/^ {2}--extension <names> +Allow Kafka .*\.$/m)
  })

  it('has findings and their hints, and no line of a statement is parted from its caret', async () => {
    const path = file('r.json', {
      sql: "SELECT * FROM 'a' WHERE temperature ==  30",
      unheardOf: 1,
      actions: [],
    })
    for (const width of [40, 80, 200]) {
      vi.stubEnv('COLUMNS', String(width))
      const { stdout } = await run('check', path)
      expect(tooWide(stdout.replaceAll(path, 'r.json'), width)).toEqual([])
      expect(stdout).toMatch(/\n {4}1:37 \| .* == .*\n +\^\^\n/)
    }
    vi.stubEnv('COLUMNS', '')
    expect((await run('check', path)).stdout).toMatch(
      /^.*:1:1 warning RULE_VERSION_OMITTED: .* on AWS\.\n {4}Set /,
    )
  })

  it('has the reference of the functions', async () => {
    vi.stubEnv('COLUMNS', '60')
    expect(tooWide((await run('functions')).stdout, 60)).toEqual([])
    const { stdout } = await run('functions', 'decode')
    expect(stdout).toMatch(/\n {2}\S+ +\w+: .*\n {10,}\S/)
  })

  it('is not disturbed by the name of a file', async () => {
    const path = file('a\u001b[2J.json', { sql: 'SELECT' })
    const { stdout } = await run('check', path)
    expect(stdout).toContain('a\\u001b[2J.json:1:2 error')
    expect(stdout).not.toContain('\u001b')
  })
})
