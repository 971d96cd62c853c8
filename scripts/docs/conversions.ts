import { converterOf, type DeclaredType, param } from '../../src/sql/functions/index.ts'
import { compileExpression, parseExpression, type Scope, type SqlVersion } from '../../src/sql/index.ts'
import { type Value, writeJson } from '../../src/value/index.ts'
import { cell } from './markdown.ts'

/** One value or two of each type, as a statement writes them. */
const samples = [
  '5',
  '-2.5',
  'true',
  "'-2.5'",
  "'5E3'",
  "'TRUE'",
  "'abc'",
  "[1, 'a']",
  "{'k': null}",
  'null',
] as const
const types: readonly Exclude<DeclaredType, 'Any'>[] = [
  'Int',
  'Decimal',
  'String',
  'Boolean',
  'Array',
  'Object',
]
const castTypes = ['Int', 'Decimal', 'String', 'Boolean'] as const

/** What becomes of each type: tables whose cells are results of the conversions themselves. */
export function conversionSections(guide: string): string[] {
  return [
    '## Conversions',
    '',
    `What an argument becomes where its parameter names a type ([AWS](${guide}iot-sql-data-types.html#iot-sql-conversions)).`,
    'Undefined becomes Undefined. A string is a number when it matches `-?\\d+(\\.\\d+)?(E-?\\d+)?`, E in any case.',
    '',
    ...table(types, (sample, type) => converterOf(param('value', type, ''))!(valueOf(sample))),
    '',
    '## cast',
    '',
    '```sql',
    'cast(value AS type)',
    '```',
    '',
    `Converts on demand ([AWS](${guide}iot-sql-functions.html#iot-sql-function-cast)). Types, in any case: \`String\`,`,
    '`Nvarchar`, `Text`, `Ntext`, `Varchar`; `Int`, `Integer`; `Double`; since 2016-03-23 `Decimal`; `Bool`, `Boolean`.',
    'A Boolean is 1 or 0 as a number, a number is true unless it is zero, and a number rounds down to an Int. In',
    '2016-03-23 a whole Decimal is an Int; in 2015-10-08 it keeps its point: `cast(true AS Double)` is `1.0`.',
    '',
    ...table(castTypes, (sample, type) => valueOf(`cast(${sample} AS ${type})`)),
    '',
  ]
}

function table<T extends string>(
  columns: readonly T[],
  convert: (sample: string, column: T) => Value,
): string[] {
  const cells = (sample: string): string[] => columns.map((column) => cellOf(convert(sample, column)))
  return [
    `| Value | ${columns.join(' | ')} |`,
    `|---|${columns.map(() => '---|').join('')}`,
    ...samples.map((sample) => `| \`${sample}\` | ${cells(sample).join(' | ')} |`),
  ]
}

function cellOf(value: Value): string {
  return value === undefined ? 'Undefined' : `\`${cell(writeJson(value)!)}\``
}

/** Value of an expression that needs no message. */
function valueOf(text: string, version: SqlVersion = '2016-03-23'): Value {
  const parsed = parseExpression(text)
  if (!parsed.ok) throw new Error(`${text}: ${parsed.diagnostics[0]!.message}`)
  const compiled = compileExpression(parsed.expression, version)
  if (!compiled.ok) throw new Error(`${text}: ${compiled.diagnostics[0]!.message}`)
  return compiled.expression.evaluate({} as Scope)
}
