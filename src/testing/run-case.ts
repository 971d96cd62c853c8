import { type Rule, seededChance, type Trial } from '../dryrun/index.ts'
import { type Explanation, renderExplanation } from '../explain/index.ts'
import { type Environment } from '../sql/index.ts'
import { unmet } from './expect.ts'
import { compareText, mismatch, type Mismatch } from './mismatch.ts'
import { MockServices } from './mocks.ts'
import { type TestCase } from './test-file.ts'

export interface CaseResult {
  readonly testCase: TestCase
  readonly status: 'passed' | 'failed' | 'skipped'
  /** What was not met; empty unless it failed. */
  readonly mismatches: readonly Mismatch[]
  readonly milliseconds: number
  /** Absent when it was skipped. */
  readonly trial?: Trial
  /** Present when the case failed, or was run to be explained. */
  readonly explanation?: Explanation
}

/** Wide enough that no line is broken. */
const UNBROKEN = 1_000_000

/** Runs a case; with `explained` it is explained even when it passes. */
export async function runCase(testCase: TestCase, explained = false): Promise<CaseResult> {
  if (testCase.skip) return { testCase, status: 'skipped', mismatches: [], milliseconds: 0 }
  const start = performance.now()
  const { rule, services } = prepared(testCase)
  const trial = await rule.trial(testCase.message, { failing: testCase.failing })
  const found = services.unanswered.map(unansweredCall)
  if (found.length === 0) found.push(...unmetBy(testCase, trial))
  const wanted = testCase.expect?.data.explain?.contains
  const isExplained = explained || found.length > 0 || wanted !== undefined
  // Chance and answers begin anew, so that the explanation is of the same run.
  const explanation = isExplained ? await prepared(testCase).rule.explain(testCase.message) : undefined
  if (wanted !== undefined && explanation !== undefined)
    found.push(...unmetTexts([wanted].flat(), explanation))
  return {
    testCase,
    status: found.length === 0 ? 'passed' : 'failed',
    mismatches: found,
    milliseconds: performance.now() - start,
    trial,
    ...(explanation !== undefined && { explanation }),
  }
}

function prepared({ rule, seed, accountId, secrets, answers }: TestCase): {
  rule: Rule
  services: MockServices
} {
  const services = new MockServices(secrets, answers)
  const { random, newUuid } = seededChance(String(seed))
  const surroundings: Partial<Environment> = {
    random,
    newUuid,
    services,
    ...(accountId !== undefined && { accountId }),
  }
  return { rule: rule.rule!.within(surroundings), services }
}

function unansweredCall(call: string): Mismatch {
  return mismatch('services', `${call} was called, and the test has no answer for it: add one to services`)
}

function unmetBy({ expect, expectText, failing }: TestCase, trial: Trial): Mismatch[] {
  if (expectText !== undefined) {
    if (!trial.matched) return [mismatch('topic', 'the topic does not match the rule')]
    if (!trial.selected) return [mismatch('where', 'WHERE does not select the message')]
    return compareText('expectedOutput', expectText, trial.output!)
  }
  if (expect === undefined || Object.keys(expect.data).length === 0) {
    return [
      mismatch('expect', 'the case expects nothing; --update writes what the rule makes of the message'),
    ]
  }
  return unmet(trial, expect, failing)
}

function unmetTexts(wanted: readonly string[], explanation: Explanation): Mismatch[] {
  const text = flat(renderExplanation(explanation, { width: UNBROKEN }))
  return wanted
    .filter((each) => !text.includes(flat(each)))
    .map((each) => mismatch('explain', 'the explanation does not contain it', [{ mark: '-', text: each }]))
}

function flat(text: string): string {
  return text.replace(/\s+/g, ' ').trim()
}
