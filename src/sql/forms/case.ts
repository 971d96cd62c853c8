import { equals } from '../../value/index.ts'
import { type CaseExpression } from '../ast.ts'
import { type Compiled, constantOf, folded } from '../compiled.ts'
import { type Compiling } from '../context.ts'

/**
 * `CASE value WHEN other THEN result ... ELSE result END`: the first branch whose `other` equals the value as `=`
 * has it. An Undefined value gives Undefined, also with ELSE; no match without ELSE too.
 * Source: https://docs.aws.amazon.com/iot/latest/developerguide/iot-sql-case.html
 */
export function compileCase(expression: CaseExpression, compiling: Compiling): Compiled {
  const subject = compiling.compile(expression.subject)
  const branches = expression.branches.map(({ when, then }) => ({
    when: compiling.compile(when),
    then: compiling.compile(then),
  }))
  const otherwise =
    expression.otherwise === undefined ? constantOf(undefined) : compiling.compile(expression.otherwise)
  return folded(
    (scope) => {
      const value = subject.evaluate(scope)
      if (value === undefined) return undefined
      for (const { when, then } of branches) {
        if (equals(value, when.evaluate(scope))) return then.evaluate(scope)
      }
      return otherwise.evaluate(scope)
    },
    [subject, otherwise, ...branches.flatMap(({ when, then }) => [when, then])],
  )
}
