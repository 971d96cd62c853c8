import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { directoryOf, kafka, ruleText } from '../testing/files.ts'
import { run } from './run.ts'

const main = fileURLToPath(new URL('../../src/main.ts', import.meta.url))
const rule = ruleText("SELECT t FROM 'a' WHERE t > 1", { actions: [kafka({})] })
const good = 'cases:\n  - {name: warm, topic: a, payload: {t: 2}, expect: {output: {t: 2}}}\n'
const bad = `${good}  - name: cold & <"odd">\n    topic: a\n    payload: {t: 1}\n    expect: {output: {t: 1}}\n`

describe('topicrule test', () => {
  it('prints a line for each file and the counts, and exits with 0 when all pass', async () => {
    const directory = directoryOf({ 'r.json': rule, 'r.test.yaml': good })
    const { code, stdout, stderr } = await run('test', directory)
    expect(stdout.replaceAll(directory, 'DIR').replace(/\d+ ms/, 'N ms')).toBe(
      '✓ DIR/r.test.yaml (1 case)\n\n1 passed in 1 file, N ms\n',
    )
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  })

  it('shows what was not met and why WHERE was not true, and exits with 1', async () => {
    const directory = directoryOf({ 'r.json': rule, 'r.test.yaml': bad })
    const { code, stdout } = await run('test', directory)
    expect(code).toBe(1)
    expect(stdout.replaceAll(directory, 'DIR').replace(/\d+ ms/, 'N ms')).toBe(
      [
        '✗ DIR/r.test.yaml (2 cases, 1 failed)',
        '',
        '✗ DIR/r.test.yaml:3:5 > r > cold & <"odd">',
        '    WHERE does not select the message',
        '',
        '    WHERE is false: `t > 1` is false: `t` is the Int 1',
        '      t > 1',
        '      |',
        '      1',
        '',
        '1 passed, 1 failed in 1 file, N ms (- expected, + got)',
        '',
      ].join('\n'),
    )
  })

  it('tells faults of test files with their place, runs the others, and exits with 1', async () => {
    const directory = directoryOf({ 'r.json': rule, 'r.test.yaml': good, 's.test.yaml': 'csaes: []' })
    const { code, stdout } = await run('test', directory)
    expect(code).toBe(1)
    expect(stdout).toContain('s.test.yaml:1:1 error TEST_KEY_UNKNOWN: csaes is not a key of test files.')
    expect(stdout).toContain('Did you mean "cases"?')
    expect(stdout).toContain('1 passed, 2 faults in 2 files')
  })

  it('runs what the filter names', async () => {
    const directory = directoryOf({ 'r.json': rule, 'r.test.yaml': bad })
    expect(await run('test', directory, '--filter', 'WARM')).toMatchObject({ code: 0 })
    expect(await run('test', directory, '--filter', 'r > cold')).toMatchObject({ code: 1 })
    const { code, stderr } = await run('test', directory, '--filter', 'x y')
    expect(code).toBe(2)
    expect(stderr).toBe(`No case in ${directory} has "x y" in the name of its file, its rule or itself.\n`)
  })

  it('exits with 2 where there is nothing to run, or an option is wrong', async () => {
    const directory = directoryOf({ 'r.json': rule })
    expect(await run('test', directory)).toEqual({
      code: 2,
      stdout: '',
      stderr: `There are no tests in ${directory}: a test of R.json is R.test.json or R.test.yaml beside it.\n`,
    })
    const none = await run('test', join(directory, 'none'))
    expect(none).toMatchObject({ code: 2, stderr: `There is no file or directory ${directory}/none.\n` })
    const reporter = await run('test', directory, '--reporter', 'jnuit')
    expect(reporter).toMatchObject({
      code: 2,
      stderr: '--reporter jnuit does not exist; did you mean junit?\n',
    })
    const two = await run('test', directory, '--reporter', 'json', '--reporter', 'pretty')
    expect(two.code).toBe(2)
    expect(await run('test', directory, '--no-such-option')).toMatchObject({ code: 2 })
  })

  it('tests the rules directory of the configuration where no path is given', async () => {
    const directory = directoryOf({
      'topicrule.yaml': 'rules: {directory: there}\nkafka: {embedded: true}\naccount: {id: "123456789012"}',
      'there/r.json': ruleText("SELECT accountid() AS a FROM 'a'", { actions: [kafka({})] }),
      'there/r.test.yaml': "cases: [{topic: a, expect: {output: {a: '123456789012'}}}]",
    })
    const { code, stdout } = await run('test', '--config', join(directory, 'topicrule.yaml'))
    expect(stdout).toContain('1 passed in 1 file')
    expect(code).toBe(0)
  })

  it('writes several reports at once', async () => {
    const directory = directoryOf({ 'r.json': rule, 'r.test.yaml': bad, 's.test.yaml': '{' })
    const [xml, json] = [join(directory, 'out/junit.xml'), join(directory, 'out/report.json')]
    const reporters = ['pretty', `junit=${xml}`, `json=${json}`].flatMap((each) => ['--reporter', each])
    const { code, stdout } = await run('test', directory, ...reporters)
    expect(code).toBe(1)
    expect(stdout).toContain('1 passed, 1 failed')
    const report = JSON.parse(readFileSync(json, 'utf8')) as Record<string, unknown>
    expect(report).toMatchObject({
      counts: { files: 2, passed: 1, failed: 1, skipped: 0 },
      files: [
        {
          cases: [
            { name: 'warm', rule: 'r', status: 'passed', line: 2, column: 5, mismatches: [] },
            {
              status: 'failed',
              mismatches: [{ key: 'where', message: 'WHERE does not select the message' }],
              why: expect.arrayContaining(['WHERE is false: `t > 1` is false: `t` is the Int 1']) as string[],
            },
          ],
        },
        { faults: [{ code: 'TEST_UNREADABLE' }] },
      ],
    })
    const text = readFileSync(xml, 'utf8')
    expect(text).toContain('<testsuites name="topicrule test" tests="3" failures="1" errors="1" time="')
    expect(text).toContain('name="cold &amp; &lt;&quot;odd&quot;&gt;"')
    expect(text).toContain('<failure type="where" message="WHERE does not select the message">')
    expect(text).toContain('WHERE is ')
    expect(text).toMatch(/>[^<]*r\.test\.yaml:\d+:\d+\nWHERE does not select/)
    // What junit-10.xsd of the xUnit plugin of Jenkins knows.
    const known: Readonly<Record<string, RegExp>> = {
      testsuites: /^(?:name|time|tests|failures|errors)$/,
      testsuite: /^(?:name|tests|failures|errors|skipped|time|file)$/,
      testcase: /^(?:name|time|classname)$/,
    }
    for (const [, element = '', attributes = ''] of text.matchAll(/<(test\w+)([^>]*)>/g))
      for (const [, attribute = ''] of attributes.matchAll(/ (\w+)="/g))
        expect(attribute).toMatch(known[element]!)
  })

  it('writes XML that a parser accepts whatever names and payloads hold', async () => {
    const name = JSON.stringify('a\u0000b\u0007]]>\ud800\n\t\r&amp;\uffff')
    const odd = `[{"name": ${name}, "topic": "a", "payload": {"t": 1}, "expect": {"outputText": ${name}}}]`
    const directory = directoryOf({ 'r.json': ruleText("SELECT * FROM 'a'"), 'r.test.json': odd })
    const { stdout } = await run('test', directory, '--reporter', 'junit')
    const script =
      'import sys, xml.dom.minidom as m; d = m.parseString(sys.stdin.buffer.read()); print(ascii(d.getElementsByTagName("testcase")[0].getAttribute("name")))'
    const read = execFileSync('python3', ['-c', script], { input: stdout, encoding: 'utf8' })
    expect(read.trim()).toBe("'a\\ufffdb\\ufffd]]>\\ufffd\\n\\t\\r&amp;\\ufffd'")
  })

  it('prints the JSON Schema of test files', async () => {
    const { stdout, code } = await run('test', '--schema')
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({
      properties: { cases: { type: 'array' } },
      additionalProperties: false,
    })
  })

  it('colours for a terminal, not where NO_COLOR is set', () => {
    const directory = directoryOf({ 'r.json': rule, 'r.test.yaml': good })
    const textOf = (environment: NodeJS.ProcessEnv): string =>
      execFileSync(process.execPath, ['--import', 'tsx', main, 'test', directory], {
        env: { ...process.env, NO_COLOR: '', FORCE_COLOR: '1', ...environment },
        encoding: 'utf8',
      })
    expect(textOf({})).toContain('\u001b[32m✓\u001b[0m')
    expect(textOf({ NO_COLOR: '1' })).not.toContain('\u001b')
  })

  it('runs 1,000 cases without native code in a few seconds', () => {
    const cases = Array.from({ length: 1000 }, (_, index) => ({
      name: `case ${index}`,
      topic: 'a',
      payload: { t: index + 2, list: [1, 2, 3] },
      expect: { output: { t: index + 2 }, kafka: { topic: 'out' } },
    }))
    const directory = directoryOf({ 'r.json': rule, 'r.test.json': JSON.stringify({ cases }) })
    const script = `
      import { runCli } from ${JSON.stringify(fileURLToPath(new URL('../../src/cli/index.ts', import.meta.url)))}
      process.exitCode = await runCli(['test', ${JSON.stringify(directory)}])
      const native = process.report.getReport().sharedObjects.filter((file) => file.endsWith('.node'))
      console.log('native', native.length)`
    const start = performance.now()
    const stdout = execFileSync(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], {
      encoding: 'utf8',
    })
    expect(stdout).toContain('1000 passed in 1 file')
    expect(stdout).toContain('native 0')
    expect(performance.now() - start).toBeLessThan(20_000)
  })
})
