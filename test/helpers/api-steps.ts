import { expect } from 'vitest'
import { type ApiCall, type ApiOutcome } from './aws-clients.ts'

/** One call and what must come of it: the members of the output, or the error with its status. */
export type Step = readonly [operation: string, input: ApiCall['input'], expected: object]

export const fails = (name: string, status: number, message: string | RegExp = /./): object => ({
  error: {
    name,
    message: typeof message === 'string' ? message : (expect.stringMatching(message) as string),
  },
  status,
})
export const succeeds = (output: object = {}): object => ({
  output: expect.objectContaining(output) as object,
})
/** A time of today: as text, or, by the command line, in seconds. */
export const time = {
  asymmetricMatch: (value: unknown) =>
    typeof value === 'number' ? value > 1.7e9 : /^20\d\d-\d\d-\d\d[T ]/.test(String(value)),
}

/** Checks what became of `steps`, one by one. */
export function expectSteps(steps: readonly Step[], outcomes: readonly ApiOutcome[]): void {
  expect(outcomes).toHaveLength(steps.length)
  for (const [index, [operation, input, expected]] of steps.entries()) {
    const { status, ...rest } = outcomes[index]!
    // The command line does not tell statuses.
    const seen =
      status === undefined && 'status' in expected ? { ...rest, status: expected.status } : outcomes[index]
    expect(seen, `${operation} ${JSON.stringify(input).slice(0, 120)}`).toMatchObject(expected)
  }
}

export const calls = (steps: readonly Step[]): ApiCall[] =>
  steps.map(([operation, input]) => ({ operation, input }))
