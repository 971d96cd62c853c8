import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { compileRule, type ServiceFunction } from '../../src/dryrun/index.ts'

interface PublicStatement {
  readonly sql: string
  /** On GitHub; absent where it is not known. */
  readonly repository?: string
  /** The code of the first fault, for those that AWS would not take either. */
  readonly refused?: string
}

/** Statements of rules in public repositories, as people wrote them. */
const statements = JSON.parse(
  readFileSync(new URL('../fixtures/public-statements.json', import.meta.url), 'utf8'),
) as PublicStatement[]

const services: Record<string, ServiceFunction> = Object.fromEntries(
  ['aws_lambda', 'get_dynamodb', 'get_thing_shadow', 'machinelearning_predict'].map((name) => [
    name,
    () => null,
  ]),
)

function verdict(sql: string): string | undefined {
  const result = compileRule({ sql, awsIotSqlVersion: '2016-03-23', actions: [] }, { services })
  return result.ok ? undefined : result.diagnostics[0]!.code
}

it('accepts 500 statements of public repositories but those with faults of their own', () => {
  expect(statements.length).toBeGreaterThanOrEqual(500)
  expect(new Set(statements.map(({ sql }) => sql.replace(/\s+/g, ' '))).size).toBe(statements.length)
  expect(statements.filter(({ refused }) => refused !== undefined).length).toBeLessThan(15)
  const surprises = statements
    .map(({ sql, refused }) => ({ sql, refused, found: verdict(sql) }))
    .filter(({ refused, found }) => refused !== found)
  expect(surprises).toEqual([])
})
