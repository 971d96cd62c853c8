import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Case } from './decimal-cases.ts'

const POM = 'scripts/oracle/pom.xml'

/** What the JVM answers to each case, in their order. Needs `java`, and `mvn` once for Joda-Time. */
export function answersOf(cases: readonly Case[]): (string | null)[][] {
  const classes = mkdtempSync(join(tmpdir(), 'oracle-'))
  try {
    const jars = jodaJar()
    execFileSync('javac', ['-encoding', 'UTF-8', '-cp', jars, '-d', classes, 'scripts/oracle/Oracle.java'])
    const lines = execFileSync('java', ['-cp', `${jars}:${classes}`, 'Oracle'], {
      input: cases.map((each) => JSON.stringify(each) + '\n').join(''),
      encoding: 'utf8',
      maxBuffer: 1 << 28,
    })
    return lines
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as (string | null)[])
  } finally {
    rmSync(classes, { recursive: true, force: true })
  }
}

/** Path of the jar, which Maven puts into the cache beside Kafka's once. */
function jodaJar(): string {
  const digest = createHash('sha256').update(readFileSync(POM)).digest('hex').slice(0, 8)
  const cache = process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache')
  const directory = join(cache, 'topicrule', `joda-${digest}`)
  if (!existsSync(directory)) {
    mkdirSync(join(cache, 'topicrule'), { recursive: true })
    const fresh = mkdtempSync(`${directory}.`)
    try {
      const goals = ['dependency:copy-dependencies', `-DoutputDirectory=${fresh}`]
      execFileSync('mvn', ['-B', '-q', '-f', POM, ...goals], { stdio: ['ignore', 'inherit', 'inherit'] })
      if (!existsSync(directory)) renameSync(fresh, directory)
    } finally {
      rmSync(fresh, { recursive: true, force: true })
    }
  }
  const jar = readdirSync(directory).find((file) => file.startsWith('joda-time-'))
  if (jar === undefined) throw new Error(`${directory} has no jar of Joda-Time`)
  return join(directory, jar)
}
