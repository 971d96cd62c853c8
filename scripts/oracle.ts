import { readFileSync, writeFileSync } from 'node:fs'
import { Chance } from './oracle/chance.ts'
import { type Case, decimalCases } from './oracle/decimal-cases.ts'
import { regexpCases } from './oracle/regexp-cases.ts'
import { timeCases } from './oracle/time-cases.ts'
import { zoneNamesSource } from './oracle/zone-names.ts'
import { answersOf } from './oracle/jvm.ts'

const NAMES = 'src/sql/functions/zone-names.ts'
const SEED = 20261121
const areas: Readonly<Record<string, (chance: Chance) => Case[]>> = {
  decimal: decimalCases,
  regexp: regexpCases,
  time: (chance) => timeCases(chance, answersOf),
}

/**
 * Generates the cases of test/oracle/*.jsonl again, asks the JVM for the answers and compares them with the recorded
 * ones: `npm run oracle`. With `--write` the answers are recorded. Exit code 1 when an answer is not the recorded one.
 */
export async function main(args: readonly string[]): Promise<number> {
  const [versions] = answersOf([['versions']])
  console.log(`seed ${SEED}; ${versions!.join(', ')}`)
  let differing = 0
  const names = zoneNamesSource(answersOf)
  if (args.includes('--write')) writeFileSync(NAMES, names)
  if (readFileSync(NAMES, 'utf8') !== names) {
    console.log(`the names of time zones differ from ${NAMES}`)
    differing += 1
  }
  for (const [area, generate] of Object.entries(areas)) {
    const cases = generate(new Chance(SEED))
    const answers = answersOf(cases)
    const lines = cases.map((each, index) => JSON.stringify([...each, answers[index]]))
    const file = `test/oracle/${area}.jsonl`
    if (args.includes('--write')) writeFileSync(file, lines.join('\n') + '\n')
    const different = differences(lines, readFileSync(file, 'utf8').trimEnd().split('\n'))
    console.log(`${area}: ${cases.length} cases, ${different.length} answers differ from ${file}`)
    for (const line of different.slice(0, 5)) console.log(`  ${line}`)
    differing += different.length
  }
  return differing === 0 ? 0 : 1
}

function differences(lines: readonly string[], recorded: readonly string[]): string[] {
  const length = Math.max(lines.length, recorded.length)
  return Array.from({ length }, (_, index) => index)
    .filter((index) => lines[index] !== recorded[index])
    .map((index) => `${lines[index] ?? 'nothing'}, recorded ${recorded[index] ?? 'nothing'}`)
}
