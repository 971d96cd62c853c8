#!/usr/bin/env node
// Puts the jars of Apache Kafka (test/helpers/kafka/pom.xml) into a cache outside the work tree, once.
// Plain Node: runs before node_modules exists. As a command it prints the directory on stdout.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const POM = fileURLToPath(new URL('../test/helpers/kafka/pom.xml', import.meta.url))

/** Directory that holds (or will hold) the jars; its name follows the pom, so that a changed pom means fresh jars. */
export function kafkaJarsDirectory() {
  const pom = readFileSync(POM, 'utf8')
  const version = /<kafka\.version>(.*?)</.exec(pom)?.[1] ?? 'unknown'
  const digest = createHash('sha256').update(pom).digest('hex').slice(0, 8)
  const cache = process.env.XDG_CACHE_HOME || join(homedir(), '.cache')
  return join(cache, 'topicrule', `kafka-${version}-${digest}`)
}

/** Maven arguments that copy the jars into `directory`. */
export function kafkaJarsCommand(directory) {
  return ['-B', '-q', '-f', POM, 'dependency:copy-dependencies', `-DoutputDirectory=${directory}`]
}

/** Fetches the jars with `run(command, args)` unless they are there; two runs at once do not hurt each other. */
export async function ensureKafkaJars(run) {
  const directory = kafkaJarsDirectory()
  if (existsSync(directory)) return directory
  mkdirSync(join(directory, '..'), { recursive: true })
  const fresh = mkdtempSync(`${directory}.`)
  try {
    await run('mvn', kafkaJarsCommand(fresh))
    if (!existsSync(directory)) renameSync(fresh, directory)
  } finally {
    rmSync(fresh, { recursive: true, force: true })
  }
  return directory
}

if (resolve(process.argv[1] ?? '') === fileURLToPath(import.meta.url)) {
  const directory = await ensureKafkaJars((command, args) => {
    const { status, error } = spawnSync(command, args, { stdio: ['ignore', 2, 2] })
    if (status !== 0)
      throw new Error(`${command} could not fetch Apache Kafka: ${error?.message ?? `exit code ${status}`}`)
  })
  console.log(directory)
}
