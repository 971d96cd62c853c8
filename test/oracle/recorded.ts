import { readFileSync } from 'node:fs'
import { Decimal, decimalOf, type Numeric } from '../../src/value/decimal.ts'

/** A question to the JVM (kind and arguments) and its answers; null is an exception or Undefined. */
export interface Recorded {
  readonly kind: string
  readonly args: readonly string[]
  readonly answers: readonly (string | null)[]
}

/** The cases of test/oracle/AREA.jsonl, which `npm run oracle` generates and compares again. */
export function recorded(area: string): readonly Recorded[] {
  const lines = readFileSync(new URL(`${area}.jsonl`, import.meta.url), 'utf8')
    .trimEnd()
    .split('\n')
  return lines.map((line) => {
    const [kind, ...rest] = JSON.parse(line) as string[]
    const answers = rest.pop() as unknown as (string | null)[]
    return { kind: kind!, args: rest, answers }
  })
}

/** A number without its scale, as Java's stripTrailingZeros().toString() writes it; null for Undefined. */
export function canonical(value: Numeric | undefined): string | null {
  if (value === undefined) return null
  let { coefficient, scale } = decimalOf(value)
  if (coefficient === 0n) return '0'
  while (coefficient % 10n === 0n) {
    coefficient /= 10n
    scale -= 1
  }
  return new Decimal(coefficient, scale).toString()
}

/** The cases whose answer is not ours, shown as text. */
export function differences(
  cases: readonly Recorded[],
  ours: (each: Recorded) => readonly (string | null)[],
): string[] {
  return cases.flatMap((each) => {
    const got = JSON.stringify(ours(each))
    const want = JSON.stringify(each.answers)
    return got === want ? [] : [`${JSON.stringify(each.args)}: ${got}, Java has ${want}`]
  })
}
