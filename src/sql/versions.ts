/**
 * The language versions and everything that differs between them.
 * Source: https://docs.aws.amazon.com/iot/latest/developerguide/iot-rule-sql-version.html
 */
export type SqlVersion = '2015-10-08' | '2016-03-23'

/** Version of a rule that names none, as on AWS (iot-create-rule). */
export const defaultSqlVersion: SqlVersion = '2015-10-08'
export const newestSqlVersion: SqlVersion = '2016-03-23'

/** Values that `awsIotSqlVersion` may have. */
export const sqlVersionNames = ['2015-10-08', '2016-03-23', 'beta'] as const

/** The version behind a name in a rule document; `beta` is the newest. Undefined when there is no such version. */
export function resolveSqlVersion(name: string): SqlVersion | undefined {
  if (name === 'beta') return newestSqlVersion
  return name === '2015-10-08' || name === '2016-03-23' ? name : undefined
}

/** True when something introduced in `since` exists in `version`; the names sort by date. */
export function isAvailable(since: SqlVersion, version: SqlVersion): boolean {
  return since <= version
}

interface VersionTraits {
  /** What becomes of `5.0`: an Int, or a Decimal that stays as it is written. */
  readonly wholeDecimals: 'int' | 'keep'
  /** Object and array literals (iot-sql-literals). */
  readonly literals: boolean
  /** SELECT inside an expression (iot-sql-nested-queries). */
  readonly nestedSelect: boolean
}

export const versionTraits: Readonly<Record<SqlVersion, VersionTraits>> = {
  '2015-10-08': { wholeDecimals: 'keep', literals: false, nestedSelect: false },
  '2016-03-23': { wholeDecimals: 'int', literals: true, nestedSelect: true },
}
