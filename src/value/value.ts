import { type Decimal } from './decimal.ts'

/**
 * The eight types of AWS IoT SQL as JavaScript values.
 * Source: https://docs.aws.amazon.com/iot/latest/developerguide/iot-sql-data-types.html
 *
 * | SQL type  | here                                                                              |
 * |-----------|-----------------------------------------------------------------------------------|
 * | Undefined | `undefined`                                                                       |
 * | Null      | `null`                                                                            |
 * | Boolean   | `boolean`                                                                         |
 * | Int       | `number` that is a safe integer, else a `Decimal` of scale 0                      |
 * | Decimal   | `number` that is no integer, of ≤ 15 digits and ≥ 0.000001, else `Decimal`        |
 * | String    | `string` (UTF-16; JSON output has lone surrogates as \ud800 escapes, other U+FFFD) |
 * | Array     | `readonly Value[]`                                                                |
 * | Object    | `SqlObject`                                                                       |
 *
 * A `number` stands for the decimal that its shortest text names (0.1 is exactly one tenth); a value that a
 * double cannot carry that way (34 digits, `10.0` in language version 2015-10-08, `1.50`, `1E-7`) is a `Decimal`.
 * -0, NaN and infinities never occur.
 */
export type Value = undefined | null | boolean | number | Decimal | string | readonly Value[] | SqlObject

/** An SQL Object: keys in order of first appearance; a duplicate key keeps its place and takes the last value. */
export type SqlObject = ReadonlyMap<string, Value>

/** Name of a value's type, as documentation and diagnostics spell it. */
export type TypeName = 'Undefined' | 'Null' | 'Boolean' | 'Int' | 'Decimal' | 'String' | 'Array' | 'Object'
