/**
 * The one catalogue of stable codes. A released code is never reused for another meaning.
 * `class` says whose fault a failure on the message path is (docs/architecture.md, failure): `message` and `rule`
 * failures settle the message at once, `environment` failures withhold the acknowledgement; `define` codes occur
 * only when a document or a configuration is read; `start` codes end the process before it serves.
 */
export interface ErrorSpec {
  readonly class: 'define' | 'start' | 'message' | 'rule' | 'environment' | 'protocol'
  /** What happened, one sentence, for the reference page. */
  readonly summary: string
  /** What to do about it, one sentence. */
  readonly remedy: string
}

export const errorCatalogue = {
  // ---- configuration (config, store, cli)
  // ---- rule documents (rule)
  // ---- AWS IoT SQL (sql)
  SQL_FUNCTION_UNAVAILABLE: {
    class: 'define',
    summary: 'The statement calls a function of AWS IoT SQL that this release cannot run.',
    remedy: 'Remove the call, or run the rule where the function is available.',
  },
  SQL_FUNCTION_NOT_IN_VERSION: {
    class: 'define',
    summary: 'The function is not part of the language version of the rule.',
    remedy: 'Set awsIotSqlVersion to the version that the message names.',
  },
  SQL_ARGUMENT_COUNT: {
    class: 'define',
    summary: 'A function is called with too few or too many arguments, so the call is always Undefined.',
    remedy: 'Give the arguments that the function reference lists.',
  },
  SQL_ARGUMENT_TYPE: {
    class: 'define',
    summary: 'A constant argument does not convert to the type that the function needs, so the call is always Undefined.',
    remedy: 'Pass a value of the type that the function reference lists.',
  },
  SQL_REGEX_UNSUPPORTED: {
    class: 'define',
    summary: 'A regular expression uses a construct that cannot run in linear time, such as a back-reference or lookaround.',
    remedy: 'Rewrite the pattern without the construct that the message names.',
  },
  SQL_REGEX_INVALID: {
    class: 'define',
    summary: 'A constant regular expression is malformed, so the call is always Undefined.',
    remedy: 'Correct the pattern.',
  },
  SQL_TIME_PATTERN_INVALID: {
    class: 'define',
    summary: 'A constant time pattern is malformed, so the call is always Undefined.',
    remedy: 'Use the pattern letters that the function reference lists.',
  },
  SQL_TOO_LONG: {
    class: 'define',
    summary: 'The statement or expression is longer than can be read.',
    remedy: 'Shorten it; AWS bounds a whole rule at 256 KB.',
  },
  SQL_TOO_DEEP: {
    class: 'define',
    summary: 'Brackets, CASE or operators nest too deeply.',
    remedy: 'Split the expression with SET variables.',
  },
  SQL_SYNTAX: {
    class: 'define',
    summary: 'The text is no statement or expression of AWS IoT SQL.',
    remedy: 'Correct the text at the position given; the hint names the usual form.',
  },
  SQL_NOT_SUPPORTED: {
    class: 'define',
    summary: 'The text uses a form of other SQL dialects that AWS IoT SQL does not have.',
    remedy: 'Use the form that the hint names.',
  },
  SQL_NUMBER_RANGE: {
    class: 'define',
    summary: 'A number literal is outside 34 digits or exponent 999.',
    remedy: 'Write a smaller number.',
  },
  SQL_UNKNOWN_FUNCTION: {
    class: 'define',
    summary: 'There is no function of this name.',
    remedy: 'Use one of the functions that `topicrule functions` lists.',
  },
  SQL_UNKNOWN_VERSION: {
    class: 'define',
    summary: 'There is no such version of AWS IoT SQL.',
    remedy: 'Use 2016-03-23, 2015-10-08 or beta.',
  },
  SQL_NEEDS_VERSION: {
    class: 'define',
    summary: 'The statement uses something that its language version does not have.',
    remedy: 'Set awsIotSqlVersion to 2016-03-23.',
  },
  SQL_CAST_TYPE: {
    class: 'define',
    summary: 'cast names a type that does not exist.',
    remedy: 'Use String, Int, Decimal or Boolean.',
  },
  SQL_VARIABLE_UNKNOWN: {
    class: 'define',
    summary: 'A variable is used that SET does not assign before.',
    remedy: 'Assign it in SET, before its first use.',
  },
  SQL_VARIABLE_TWICE: {
    class: 'define',
    summary: 'SET assigns a variable twice.',
    remedy: 'Give the second value a name of its own.',
  },
  SQL_VARIABLE_LIMIT: {
    class: 'define',
    summary: 'SET assigns more than 10 variables or a name is longer than 64 characters.',
    remedy: 'Use fewer variables or shorter names.',
  },
  SQL_TAG_UNCLOSED: {
    class: 'define',
    summary: 'A substitution template has a `${` without its `}`.',
    remedy: 'Close the tag.',
  },
  SQL_FROM_MISSING: {
    class: 'define',
    summary: 'The statement has no FROM: only Basic Ingest reaches its rule.',
    remedy: 'Add FROM with a topic filter in single quotes, unless that is meant.',
  },
  SQL_FROM_QUOTES: {
    class: 'define',
    summary: 'The topic filter after FROM is not in single quotes.',
    remedy: 'Put it into single quotes.',
  },
  SQL_QUOTE_DOUBLED: {
    class: 'define',
    summary: 'A doubled quote inside a string is read as one; AWS does not document that.',
    remedy: 'Use the other kind of quotes around the string.',
  },
  SQL_ALIAS_QUOTED: {
    class: 'define',
    summary: 'The name after AS is in quotes; AWS does not document that.',
    remedy: 'Use an object literal for a key that is no plain name.',
  },
  SQL_HYPHEN: {
    class: 'define',
    summary: 'A hyphen without spaces is read as a subtraction.',
    remedy: 'Use get(object, "name-with-hyphen") for such a field, or spaces for a subtraction.',
  },
  SQL_SELECT_IN_WHERE: {
    class: 'define',
    summary: 'WHERE contains a SELECT, which AWS may refuse.',
    remedy: 'Move it to SET if the rule must also run on AWS.',
  },
  SQL_WHERE_CONSTANT: {
    class: 'define',
    summary: 'WHERE does not depend on the message and is not true: the rule never matches.',
    remedy: 'Correct the condition, or disable the rule.',
  },
  SQL_UNNAMED_ITEM: {
    class: 'define',
    summary: 'A selected expression has no name; the name AWS gives it is not documented.',
    remedy: 'Name it with AS.',
  },
  // ---- templates (render)
  // ---- MQTT ingest (ingest)
  // ---- delivery (deliver, engine)
} as const satisfies Record<string, ErrorSpec>

export type ErrorCode = keyof typeof errorCatalogue

/** One fault or warning in a document, as `check --format json` prints it. Lines and columns count from 1. */
export interface Diagnostic {
  readonly code: ErrorCode
  readonly severity: 'error' | 'warning'
  /** A clear sentence: what, where, and what to do. Never a secret. */
  readonly message: string
  /** Field path inside the document, e.g. `actions[0].kafka.topic`. */
  readonly path?: string
  readonly line?: number
  readonly column?: number
  /** Position inside the SQL statement or template body. */
  readonly sqlLine?: number
  readonly sqlColumn?: number
  readonly hint?: string
}

/** Why a delivery or a rendering failed: a value on the message path, never thrown. */
export interface Failure {
  readonly code: ErrorCode
  readonly class: 'message' | 'rule' | 'environment'
  /** The resource that failed as the error action names it (Kafka topic or bootstrap servers). */
  readonly resource: string
  readonly message: string
}
