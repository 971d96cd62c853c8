import { isArray, isObject, spend, type Value } from '../../value/index.ts'
import { type ExistsExpression, type NestedSelect } from '../ast.ts'
import { type Compiled, dynamic, heaviestOf } from '../compiled.ts'
import { type Compiling } from '../context.ts'
import { type Scope } from '../scope.ts'
import { versionTraits } from '../versions.ts'
import { weightOfRow } from '../weight.ts'
import { compileSelect, planSelect } from './select.ts'

interface Query {
  readonly source: Compiled
  /** FROM * makes a row of an object; FROM of an attribute takes the object for the result. */
  readonly ofPayload: boolean
  readonly where: Compiled | undefined
  readonly row: Compiled
  /** Place of the element in `scope.frames`. */
  readonly depth: number
  /** Units of work of one row. */
  readonly weight: number
}

/**
 * A query over an attribute: of an Array it makes an Array of rows, of an Object attribute one row by itself, of
 * `FROM *` an Array of one. A row whose WHERE is not true is dropped, and one that is Undefined.
 * Source: https://docs.aws.amazon.com/iot/latest/developerguide/iot-sql-nested-queries.html
 */
export function compileNestedSelect(select: NestedSelect, compiling: Compiling): Compiled {
  const query = compileQuery(select, compiling)
  return dynamic((scope) => runQuery(query, scope), effectOf(query))
}

/**
 * Whether a query has at least one row.
 * Source: https://docs.aws.amazon.com/iot/latest/developerguide/iot-sql-operators.html
 */
export function compileExists({ query: select }: ExistsExpression, compiling: Compiling): Compiled {
  const query = compileQuery(select, compiling)
  return dynamic((scope) => hasRow(query, scope), effectOf(query))
}

function compileQuery(select: NestedSelect, compiling: Compiling): Query {
  if (!versionTraits[compiling.version].nestedSelect) {
    const message = `Nested SELECT exists from version 2016-03-23 on; this statement is read in ${compiling.version}.`
    compiling.findings.error(
      'SQL_NEEDS_VERSION',
      select.span,
      message,
      'set awsIotSqlVersion to "2016-03-23"',
    )
  }
  const source = compiling.compile(select.source)
  const depth = compiling.frames.length
  return compiling.within(select, () => ({
    source,
    ofPayload: select.source.kind === 'payload',
    where: select.where === undefined ? undefined : compiling.compile(select.where),
    row: compileSelect(planSelect(select.select, compiling)),
    depth,
    weight: weightOfRow(select),
  }))
}

function effectOf({ source, where, row }: Query) {
  return heaviestOf(where === undefined ? [source, row] : [source, row, where])
}

function runQuery(query: Query, scope: Scope): Value {
  const source = query.source.evaluate(scope)
  if (isArray(source)) return rowsOf(query, source, scope)
  if (!isObject(source)) return undefined
  if (query.ofPayload) return rowsOf(query, [source], scope)
  return rowsOf(query, [source], scope)[0]
}

function rowsOf({ where, row, depth, weight }: Query, elements: readonly Value[], scope: Scope): Value[] {
  const rows: Value[] = []
  for (const element of elements) {
    if (!spend(weight)) break
    scope.frames[depth] = element
    if (where !== undefined && where.evaluate(scope) !== true) continue
    const value = row.evaluate(scope)
    if (value !== undefined) rows.push(value)
  }
  scope.frames.length = depth
  return rows
}

function hasRow({ source, where, depth, weight }: Query, scope: Scope): boolean {
  const value = source.evaluate(scope)
  const elements = isArray(value) ? value : isObject(value) ? [value] : []
  let found = false
  for (const element of elements) {
    if (!spend(weight)) break
    scope.frames[depth] = element
    if (where !== undefined && where.evaluate(scope) !== true) continue
    found = true
    break
  }
  scope.frames.length = depth
  return found
}
