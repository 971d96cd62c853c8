import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { run } from './run.ts'

const directory = mkdtempSync(join(tmpdir(), 'topicrule-check-files-'))
afterAll(() => rmSync(directory, { recursive: true }))

const good = JSON.stringify({ sql: "SELECT * FROM 'a'", awsIotSqlVersion: '2016-03-23', actions: [] })

function folder(): string {
  return mkdtempSync(join(directory, 'd-'))
}

interface Entry {
  readonly file: string
  readonly rule: string | null
  readonly accepted: boolean
  readonly diagnostics: readonly { code: string; message: string; line?: number; column?: number }[]
}

async function entries(path: string): Promise<Entry[]> {
  const { code, stdout } = await run('check', '--format', 'json', path)
  const read = JSON.parse(stdout) as Entry[]
  expect(code).toBe(read.every(({ accepted }) => accepted) ? 0 : 1)
  return read
}

describe('the files that check reads', () => {
  it('has an entry for what cannot be read in a directory, and reads the others', async () => {
    const path = folder()
    writeFileSync(join(path, 'good.json'), good)
    symlinkSync('nowhere', join(path, 'dangling.json'))
    expect(await entries(path)).toMatchObject([
      {
        file: join(path, 'dangling.json'),
        rule: null,
        accepted: false,
        diagnostics: [{ code: 'STORE_UNREADABLE', message: expect.stringMatching(/ENOENT/) as string }],
      },
      { rule: 'good', accepted: true },
    ])
  })

  it('has an entry for a file that is too large', async () => {
    const path = folder()
    writeFileSync(join(path, 'a.json'), good)
    truncateSync(join(path, 'a.json'), 64 * 1024 * 1024 + 1)
    writeFileSync(join(path, 'b.json'), good)
    const [large, other] = await entries(path)
    expect(large!.diagnostics[0]!.message).toMatch(/a\.json is larger than 64 MiB\.$/)
    expect(other!.accepted).toBe(true)
  })

  it('goes round in no loop of links, waits for no pipe, and follows links to files', async () => {
    const path = folder()
    mkdirSync(join(path, 'below'))
    symlinkSync('..', join(path, 'below', 'up'))
    symlinkSync('.', join(path, 'loop.json'))
    mkdirSync(join(path, 'folder.json'))
    execFileSync('mkfifo', [join(path, 'pipe.json')])
    writeFileSync(join(path, 'below', 'good.json'), good)
    symlinkSync(join('below', 'good.json'), join(path, 'link.json'))
    expect((await entries(path)).map(({ rule }) => rule)).toEqual(['link', 'good'])
  })

  it.each([
    ['a byte that is no UTF-8', Buffer.from('{\n  "sql": "\xff"}', 'latin1'), / is not UTF-8\.$/, 2, 11],
    ['one byte', Buffer.from([0xff]), / is not UTF-8\.$/, 1, 1],
    [
      'UTF-16',
      Buffer.from(`\uFEFF${good}`, 'utf16le'),
      / is UTF-16; save it as UTF-8\.$/,
      undefined,
      undefined,
    ],
  ])('says of %s what it is', async (_what, bytes, words, line, column) => {
    const path = join(folder(), 'r.json')
    writeFileSync(path, bytes)
    const [entry] = await entries(path)
    expect(entry).toMatchObject({ accepted: false, diagnostics: [{ code: 'STORE_UNREADABLE' }] })
    const [{ message, ...place }] = entry!.diagnostics as [Entry['diagnostics'][0]]
    expect(message).toMatch(words)
    expect([place.line, place.column]).toEqual([line, column])
  })

  it('puts the caret behind the last word where a block of YAML ends with a line break', async () => {
    const path = join(folder(), 'r.yaml')
    writeFileSync(
      path,
      "actions: []\nawsIotSqlVersion: '2016-03-23'\nsql: |\n  SELECT *\n  FROM 'a'\n  WHERE t >\n",
    )
    const { stdout } = await run('check', path)
    expect(stdout).toContain('line 3, column 10)')
    expect(stdout).toContain('    3:10 | WHERE t >\n                    ^\n')
  })
})

it('says where a rule belongs that stands beside its name', async () => {
  const path = join(folder(), 'r.json')
  writeFileSync(path, JSON.stringify({ ruleName: 'r', ...(JSON.parse(good) as object) }))
  expect((await run('check', path)).stdout).toContain('the rule itself stands under topicRulePayload')
})
