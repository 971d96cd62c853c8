import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { startProcess } from '../helpers/process.ts'
import { directoryOf, kafka, ruleText } from '../testing/files.ts'
import { run } from './run.ts'

const main = fileURLToPath(new URL('../../src/main.ts', import.meta.url))
const rule = (least: number): string =>
  ruleText(`SELECT t, CASE t > 90 WHEN true THEN 'high' ELSE 'low' END AS l FROM 'a' WHERE t > ${least}`, {
    actions: [kafka({})],
  })
const test = 'cases:\n  - {topic: a, payload: {t: 2}, expect: {output: {t: 2, l: low}}}\n'

describe('topicrule test --watch', () => {
  it('runs what a change concerns, goes on past broken files, and ends with the last result', async () => {
    const directory = directoryOf({
      'r.json': rule(1),
      'r.test.yaml': test,
      's.json': rule(1),
      's.test.yaml': test,
    })
    const child = startProcess(process.execPath, ['--import', 'tsx', main, 'test', directory, '--watch'])
    await child.line(/^2 passed in 2 files/)
    await child.line(/Waiting for changes/)
    writeFileSync(join(directory, 'r.json'), rule(5))
    await child.line(/^0 passed, 1 failed in 1 file/)
    writeFileSync(join(directory, 'r.test.yaml'), 'cases: [')
    await child.line(/^0 passed, \d+ faults? in 1 file/)
    rmSync(join(directory, 'r.test.yaml'))
    writeFileSync(join(directory, 't.test.yaml'), `rule: s.json\n${test}`)
    await child.line(/✓ .*t\.test\.yaml \(1 case\)/)
    child.signal('SIGINT')
    expect(await child.exited).toMatchObject({ code: 0 })
  })

  it('goes with neither --update nor --coverage', async () => {
    const directory = directoryOf({ 'r.json': rule(1), 'r.test.yaml': test })
    expect(await run('test', directory, '--watch', '--coverage')).toMatchObject({
      code: 2,
      stderr: '--watch goes with neither --update nor --coverage.\n',
    })
  })
})

describe('topicrule test --coverage', () => {
  it('shows a line for each rule, what no test has seen with carets, and rules without tests', async () => {
    const directory = directoryOf({ 'r.json': rule(1), 'r.test.yaml': test, 's.json': rule(1) })
    const { code, stdout } = await run('test', directory, '--coverage')
    expect(code).toBe(0)
    const shown = stdout
      .replaceAll(directory, 'DIR')
      .replace(/\d+ ms/, 'N ms')
      .replace(/ +25%/, ' 25%')
    expect(shown).toBe(
      [
        '✓ DIR/r.test.yaml (1 case)',
        '',
        'Coverage',
        '  r    DIR/r.json  50% (2 of 4)',
        '  s    DIR/s.json  0% (0 of 4), no tests',
        '  all 25% (2 of 8)',
        '',
        'DIR/r.json:2:3 r: WHEN true is never taken (sql, line 1, column 28)',
        "  1:28 | SELECT t, CASE t > 90 WHEN true THEN 'high' ELSE 'low' END AS l FROM 'a' WHERE t > 1",
        `  ${' '.repeat('1:28 | '.length + 27)}${'^'.repeat("WHEN true THEN 'high'".length - 5)}`,
        'DIR/r.json:2:3 r: WHERE is never false (sql, line 1, column 80)',
        "  1:80 | SELECT t, CASE t > 90 WHEN true THEN 'high' ELSE 'low' END AS l FROM 'a' WHERE t > 1",
        `  ${' '.repeat('1:80 | '.length + 79)}${'^'.repeat(5)}`,
        '',
        '1 passed in 1 file, N ms',
        '',
      ].join('\n'),
    )
  })

  it('fails below --coverage-min, and has everything in the JSON report', async () => {
    const directory = directoryOf({ 'r.json': rule(1), 'r.test.yaml': test })
    const { code, stdout, stderr } = await run(
      'test',
      directory,
      '--coverage-min',
      '51',
      '--reporter',
      'json',
    )
    expect(code).toBe(1)
    expect(stderr).toBe('50% is covered, less than the 51% that --coverage-min asks for.\n')
    expect(JSON.parse(stdout)).toMatchObject({
      coverage: {
        covered: 2,
        total: 4,
        percent: 50,
        rules: [{ rule: 'r', uncovered: [{ sqlColumn: 28 }, { sqlColumn: 80 }] }],
      },
    })
    expect(await run('test', directory, '--coverage-min', '50')).toMatchObject({ code: 0 })
    expect(await run('test', directory, '--coverage-min', 'x')).toMatchObject({ code: 2 })
  })
})

describe('topicrule test --update', () => {
  it('writes the files, says which, and passes', async () => {
    const directory = directoryOf({
      'r.json': rule(1),
      'r.test.yaml': 'cases:\n  - {topic: a, payload: {t: 2}}\n',
    })
    const { code, stdout, stderr } = await run('test', directory, '--update')
    expect({ code, stderr }).toEqual({ code: 0, stderr: `Updated ${directory}/r.test.yaml.\n` })
    expect(stdout).toContain('1 passed in 1 file')
    expect(readFileSync(join(directory, 'r.test.yaml'), 'utf8')).toContain('output: { t: 2, l: low }')
    expect(await run('test', directory, '--update')).toMatchObject({ code: 0, stderr: '' })
  })
})
