/** Forms of other SQL dialects and languages, and what AWS IoT SQL has for them. Keys in upper case. */
type Advice = Readonly<Record<string, string>>

const eachMessage = 'every message is evaluated by itself'

/** Words that stand where an operator or a clause would. */
export const foreignWords: Advice = {
  LIKE: "there is no LIKE: use startswith(field, 'text'), endswith(field, 'text') or regexp_matches(field, 'pattern')",
  ILIKE: "there is no ILIKE: use regexp_matches(lower(field), 'pattern')",
  RLIKE: "there is no RLIKE: use regexp_matches(field, 'pattern')",
  REGEXP: "there is no REGEXP operator: use regexp_matches(field, 'pattern')",
  MATCHES: "there is no operator MATCHES: use regexp_matches(field, 'pattern')",
  CONTAINS: "there is no operator CONTAINS: use indexof(field, 'text') >= 0",
  BETWEEN: 'there is no BETWEEN: write field >= low AND field <= high',
  IS: 'there is no IS NULL: use isNull(field) or isUndefined(field)',
  ISNULL: 'use isNull(field)',
  NOTNULL: 'use NOT isNull(field)',
  GROUP: `there is no GROUP BY: ${eachMessage}`,
  HAVING: 'there is no HAVING: use WHERE',
  ORDER: `there is no ORDER BY: ${eachMessage}`,
  PARTITION: `there is no PARTITION BY: ${eachMessage}`,
  OVER: `there are no window functions: ${eachMessage}`,
  WINDOW: `there are no windows: ${eachMessage}`,
  LIMIT: `there is no LIMIT: ${eachMessage}`,
  OFFSET: `there is no OFFSET: ${eachMessage}`,
  FETCH: `there is no FETCH: ${eachMessage}`,
  JOIN: 'there is no JOIN: a rule reads one message',
  INNER: 'there is no JOIN: a rule reads one message',
  LEFT: 'there is no JOIN: a rule reads one message',
  RIGHT: 'there is no JOIN: a rule reads one message',
  FULL: 'there is no JOIN: a rule reads one message',
  OUTER: 'there is no JOIN: a rule reads one message',
  CROSS: 'there is no JOIN: a rule reads one message',
  UNION: 'there is no UNION: write two rules',
  INTERSECT: 'there is no INTERSECT: write one WHERE',
  EXCEPT: 'there is no EXCEPT: name the fields to select',
  INTO: 'there is no INTO: the actions of the rule say where the output goes',
  DIV: 'there is no DIV: use floor(a / b)',
  MOD: 'write a % b or mod(a, b)',
  XOR: 'there is no XOR: write (a AND NOT b) OR (b AND NOT a)',
  EQUALS: 'write =',
  COLLATE: 'there is no COLLATE: strings compare by their characters; use lower(text)',
  ESCAPE: "there is no ESCAPE: a backslash escapes in strings, as in 'it\\'s'",
}

/** Words between SELECT and the first item. */
export const foreignAfterSelect: Advice = {
  DISTINCT: `there is no DISTINCT: ${eachMessage}`,
  ALL: 'leave ALL out',
  TOP: `there is no TOP: ${eachMessage}`,
}

/** First words of statements that AWS IoT SQL does not have. */
export const foreignStatements: ReadonlySet<string> = new Set([
  ...['INSERT', 'UPDATE', 'DELETE', 'MERGE', 'UPSERT', 'CREATE', 'ALTER', 'DROP', 'WITH', 'DECLARE', 'EXEC'],
])

/** Signs, alone or two in a row. */
export const foreignSigns: Advice = {
  '=>': 'write >=',
  '=<': 'write <=',
  '><': 'write <>',
  '<=>': 'write =',
  '<>=': 'write <>',
  '===': 'write =',
  '==': 'write =',
  ':=': 'write =',
  '::': 'write cast(value AS Type)',
  '->': 'a member of an object is written with a dot: object.field',
  '**': 'use power(base, exponent)',
  '//': 'there are no comments: remove it; a division has one /',
  '<<': 'there is no shift: use a * power(2, b)',
  '>>': 'there is no shift: use floor(a / power(2, b))',
  '++': 'write a + 1',
  '${': 'there is no ${...} in an expression: write what is inside by itself',
  '!': 'write NOT',
  '&': 'write AND, or bitand(a, b)',
  '|': 'write OR, or bitor(a, b)',
  '^': 'use power(base, exponent), or bitxor(a, b)',
  '~': "use bitnot(number), or regexp_matches(field, 'pattern')",
  '?': 'there are no parameters and no a ? b : c: use CASE condition WHEN true THEN b ELSE c END',
  '@': 'a variable has letters, digits and _ after the @',
  '#': 'there are no comments: remove it',
  '\\': 'a backslash has a meaning inside strings alone',
  $: 'a $ has a meaning in topics alone; a field with one in its name needs get(*, "$name")',
}
