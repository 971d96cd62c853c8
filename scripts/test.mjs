// npm test: sets everything up, then runs every check. A check that fails does not hide the ones after it.
// The last line is `N passed, N failed`: vitest's tests, and one for each other check.
import { spawn } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { ensureAwsCli } from './awscli.mjs'
import { ensureKafkaJars } from './kafka-jars.mjs'
import { ensureMoto } from './moto.mjs'
import { run, SetupError, step } from './setup/progress.mjs'
import { ROOT, setUp } from './setup/index.mjs'

await setUp({ forTests: true })
try {
  await step('Fetching Apache Kafka for the integration tests', (onLine) =>
    ensureKafkaJars((command, args) => run(command, args, { onLine })),
  )
  await step('Fetching a stand-in for AWS Secrets Manager for the tests', (onLine) =>
    ensureMoto((command, args) => run(command, args, { onLine })),
  )
  await step('Fetching the AWS CLI for the tests', (onLine) =>
    ensureAwsCli((command, args) => run(command, args, { onLine })),
  )
} catch (error) {
  if (!(error instanceof SetupError)) throw error
  console.error(`\nCannot go on: ${error.message}`)
  process.exit(1)
}

const report = join(ROOT, '.cache/vitest.json')
mkdirSync(join(ROOT, '.cache'), { recursive: true })
rmSync(report, { force: true })
const bin = (path) => join(ROOT, 'node_modules', path)
const checks = [
  ['types', [bin('typescript/bin/tsc'), '-p', 'tsconfig.json']],
  ['lint', [bin('eslint/bin/eslint.js'), '.', '--max-warnings', '0']],
  ['format', [bin('prettier/bin/prettier.cjs'), '--check', '--log-level', 'warn', '.']],
  ['the generated parser is fresh', ['scripts/generate-parser.mjs', '--check']],
  ['the generated documentation is fresh', ['scripts/run.mjs', 'generate-docs', '--check']],
]

/** Runs a check with its output shown; resolves with whether it passed. */
function check(name, args) {
  console.error(`\n=== ${name}`)
  return new Promise((resolve) => {
    const child = spawn(process.execPath, args, { cwd: ROOT, stdio: ['ignore', 'inherit', 'inherit'] })
    child.once('exit', (code) => resolve(code === 0))
  })
}

let passed = 0
let failed = 0
const failures = []
for (const [name, args] of checks) {
  if (await check(name, args)) passed += 1
  else {
    failed += 1
    failures.push(name)
  }
}
const vitestPassed = await check('tests', [
  bin('vitest/vitest.mjs'),
  'run',
  '--reporter=default',
  '--reporter=json',
  `--outputFile.json=${report}`,
  ...process.argv.slice(2),
])
try {
  const { numPassedTests, numFailedTests, numFailedTestSuites } = JSON.parse(readFileSync(report, 'utf8'))
  passed += numPassedTests
  failed += numFailedTests
  if (numFailedTests > 0) failures.push(`${numFailedTests} tests`)
  // A file that fails before its tests begin has none to count; vitest also fails on errors outside of tests.
  if (!vitestPassed && numFailedTests === 0) {
    failed += 1
    failures.push(`a test file or an error outside the tests (${numFailedTestSuites} suites)`)
  }
} catch {
  failed += 1
  failures.push('vitest wrote no report')
}
if (failures.length > 0) console.log(`failed: ${failures.join(', ')}`)
console.log(`${passed} passed, ${failed} failed`)
process.exit(failed === 0 ? 0 : 1)
