import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { kafkaExtensions } from '../../config/index.ts'
import { type CompileOptions } from '../../dryrun/index.ts'
import {
  changesFor,
  countsOf,
  CoverageCollector,
  coverageReport,
  discover,
  type Discovery,
  edited,
  type FileReport,
  loadTestFile,
  RuleLibrary,
  rulesIn,
  runFile,
  serviceNames,
  type TestFile,
} from '../../testing/index.ts'
import { note } from '../command.ts'
import { configFile, readConfig } from '../read-config.ts'
import { ruleSettings } from '../rule-settings.ts'
import { onStopSignal } from '../signals.ts'
import { type RunReport } from './report.ts'
import { type Output, outputsFrom, writeReports } from './reporters.ts'
import { directoriesOf, Watcher } from './watch.ts'

/** What the options of the command come to. */
interface Settings {
  readonly paths: readonly string[]
  readonly compile: CompileOptions
  readonly outputs: readonly Output[]
  readonly filter: string | undefined
  readonly covers: boolean
  /** Percent that must be covered. */
  readonly coverageMin: number | undefined
  readonly updates: boolean
  readonly watches: boolean
}

/** Runs tests; the exit code is 0 when all passed, 1 when one failed, 2 when there was nothing to run. */
export async function testCommand(
  options: Readonly<Record<string, unknown>>,
  paths: readonly string[],
): Promise<number> {
  const settings = settingsFrom(options, paths)
  if (typeof settings === 'string') note(settings)
  if (typeof settings !== 'object') return 2
  const missing = settings.paths.filter((path) => statSync(path, { throwIfNoEntry: false }) === undefined)
  for (const path of missing) note(`There is no file or directory ${path}.`)
  if (missing.length > 0) return 2
  if (settings.watches) return watchTests(settings)
  return runOnce(settings)
}

/** A text says what is wrong; undefined when that has been said. */
function settingsFrom(
  options: Readonly<Record<string, unknown>>,
  paths: readonly string[],
): Settings | string | undefined {
  const outputs = outputsFrom((options['reporter'] ?? []) as string[])
  if (typeof outputs === 'string') return outputs
  const [watches, updates] = [options['watch'] === true, options['update'] === true]
  const least = options['coverageMin']
  const coverageMin = least === undefined ? undefined : Number(least)
  if (coverageMin !== undefined && !(coverageMin >= 0 && coverageMin <= 100)) {
    return `--coverage-min is ${String(least)}; it takes a number from 0 to 100.`
  }
  const covers = options['coverage'] === true || coverageMin !== undefined
  if (watches && (updates || covers)) return '--watch goes with neither --update nor --coverage.'
  const configured = configuredOptions(options['config'])
  if (configured === undefined) return undefined
  return {
    paths: paths.length > 0 ? paths : [configured.directory ?? '.'],
    compile: configured.compile,
    outputs,
    filter: options['filter'] as string | undefined,
    covers,
    coverageMin,
    updates,
    watches,
  }
}

/** Rules as a server with the configuration would read them; without one, everything that can be allowed is. */
function configuredOptions(
  file: unknown,
): { readonly directory?: string; readonly compile: CompileOptions } | undefined {
  const services = Object.fromEntries(serviceNames.map((name) => [name, () => null]))
  if (configFile(file) === undefined) return { compile: { extensions: kafkaExtensions, services } }
  const config = readConfig(file)
  const settings = config && ruleSettings(config)
  if (config === undefined || settings === undefined) return undefined
  const { services: _names, protobuf: _descriptors, ...rest } = settings
  const protobufDirectory = config.services?.protobuf?.directory
  return {
    directory: config.rules.directory,
    compile: {
      ...rest,
      services,
      accountId: config.account.id,
      ...(protobufDirectory !== undefined && { protobufDirectory }),
    },
  }
}

// ---- once

async function runOnce(settings: Settings): Promise<number> {
  const found = discover(settings.paths)
  let { report } = await runFiles(found, found.tests, settings)
  if (settings.updates && updateFiles(report)) report = (await runFiles(found, found.tests, settings)).report
  const { passed, failed, skipped, faults } = report.counts
  if (passed + failed + skipped + faults === 0) {
    note(nothingFound(settings, found))
    return 2
  }
  writeReports(report, settings.outputs)
  return failed + faults > 0 || isTooLittle(report, settings) ? 1 : 0
}

async function runFiles(
  found: Discovery,
  tests: readonly string[],
  { compile, filter, covers }: Settings,
): Promise<{ readonly report: RunReport; readonly loaded: readonly TestFile[] }> {
  const start = performance.now()
  const library = new RuleLibrary(compile)
  const collector = covers ? new CoverageCollector() : undefined
  const files: FileReport[] = []
  const loaded: TestFile[] = []
  for (const file of tests) {
    const testFile = loadTestFile(file, library)
    loaded.push(testFile)
    for (const rule of testFile.rules) collector?.add(rule)
    files.push(
      await runFile(testFile, {
        ...(filter !== undefined && { filter }),
        ...(collector !== undefined && { watch: (result) => collector.observe(result) }),
      }),
    )
  }
  if (collector !== undefined) for (const rule of rulesIn(found.others, library)) collector.add(rule)
  const report = {
    files,
    counts: countsOf(files),
    milliseconds: performance.now() - start,
    ...(collector !== undefined && { coverage: coverageReport(collector.rules) }),
  }
  return { report, loaded }
}

/** Writes what rules make of the messages of failed cases into their files; true when a file has changed. */
function updateFiles({ files }: RunReport): boolean {
  let count = 0
  for (const { file, results, isList } of files) {
    const edits = results.flatMap((result) => {
      const { index } = result.testCase
      const steps = isList ? [index] : ['cases', index]
      return changesFor(result).map((change) => ({ steps: [...steps, ...change.steps], value: change.value }))
    })
    if (edits.length === 0) continue
    const text = readFileSync(file, 'utf8')
    const updated = edited(file, text, edits)
    if (updated === text) continue
    writeFileSync(file, updated)
    note(`Updated ${file}.`)
    count += 1
  }
  return count > 0
}

function isTooLittle({ coverage }: RunReport, { coverageMin }: Settings): boolean {
  if (coverage === undefined || coverageMin === undefined || coverage.percent >= coverageMin) return false
  note(`${coverage.percent}% is covered, less than the ${coverageMin}% that --coverage-min asks for.`)
  return true
}

function nothingFound({ paths, filter }: Settings, { tests }: Discovery): string {
  const where = paths.join(', ')
  if (tests.length === 0) {
    return `There are no tests in ${where}: a test of R.json is R.test.json or R.test.yaml beside it.`
  }
  return filter === undefined
    ? `The tests in ${where} have no cases.`
    : `No case in ${where} has "${filter}" in the name of its file, its rule or itself.`
}

// ---- again and again

/** Runs all tests, then those that a change concerns, until it is stopped; the exit code is that of the last run. */
async function watchTests(settings: Settings): Promise<number> {
  let last = 0
  /** What each test file was made of when it was last read. */
  const sources = new Map<string, readonly string[]>()
  /** Test files with faults: what is missing may come from anywhere. */
  const faulty = new Set<string>()
  let running = Promise.resolve()
  const run = async (changed: ReadonlySet<string> | undefined): Promise<void> => {
    const paths = settings.paths.filter((path) => statSync(path, { throwIfNoEntry: false }) !== undefined)
    const found = discover(paths)
    watcher.watch([...found.directories, ...directoriesOf([...sources.values()].flat())])
    const concerned = found.tests.filter((test) => {
      const known = sources.get(test)
      return (
        changed === undefined ||
        known === undefined ||
        faulty.has(test) ||
        known.some((file) => changed.has(resolve(file)))
      )
    })
    for (const test of [...sources.keys()]) if (!found.tests.includes(test)) sources.delete(test)
    if (concerned.length > 0) {
      const { report, loaded } = await runFiles(found, concerned, settings)
      for (const { file, sources: made, faults } of loaded) {
        sources.set(file, made)
        if (faults.length > 0) faulty.add(file)
        else faulty.delete(file)
      }
      writeReports(report, settings.outputs)
      last = report.counts.failed + report.counts.faults > 0 ? 1 : 0
    }
    watcher.watch([...found.directories, ...directoriesOf([...sources.values()].flat())])
    if (concerned.length > 0 || changed === undefined) note('Waiting for changes; Ctrl+C ends it.')
  }
  const watcher = new Watcher((changed) => {
    running = running.then(() => run(changed)).catch((error: unknown) => note(String(error)))
  })
  const stopped = onStopSignal()
  running = run(undefined)
  await running
  await stopped
  watcher.close()
  return last
}
