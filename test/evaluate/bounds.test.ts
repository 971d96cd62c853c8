import { describe, expect, it } from 'vitest'
import { createScope, evaluate } from '../../src/evaluate/index.ts'
import { type Message } from '../../src/message/index.ts'
import {
  compileStatement,
  type CompiledQuery,
  parseStatement,
  type SqlLimits,
  type SqlVersion,
} from '../../src/sql/index.ts'
import { compileRule } from '../../src/index.ts'
import { Payload } from '../../src/value/index.ts'

const environment = { accountId: '123456789012', now: () => 0, random: () => 0, newUuid: () => '' }

function queryOf(
  sql: string,
  limits: Partial<SqlLimits> = {},
  version: SqlVersion = '2016-03-23',
): CompiledQuery {
  const parsed = parseStatement(sql)
  if (!parsed.ok) throw new Error(parsed.diagnostics[0]!.message)
  const compiled = compileStatement(parsed.statement, version, { limits })
  if (!compiled.ok) throw new Error(compiled.diagnostics[0]!.message)
  return compiled.query
}

/** The output's length, `unmatched`, or the code of the failure; with the CPU time that it took. */
function outcome(
  query: CompiledQuery,
  payload: Buffer,
): { readonly got: number | string; readonly ms: number } {
  const message = { topic: 'a/b', payload } as Message
  const rule = { name: 'r', version: query.version, query }
  const started = process.cpuUsage()
  const scope = createScope(rule, 'a/b', message, new Payload(payload), environment)
  const evaluation = evaluate(query, scope)
  const { user, system } = process.cpuUsage(started)
  const ms = (user + system) / 1000
  if (evaluation instanceof Promise) throw new Error('nothing to wait for')
  if ('class' in evaluation) return { got: evaluation.code, ms }
  return { got: evaluation.matched ? evaluation.output.length : 'unmatched', ms }
}

const numbers = (count: number): Buffer => Buffer.from(`{"list":[${Array(count).fill('1').join(',')}],"a":1}`)
const text = (length: number, unit = 'x'): Buffer =>
  Buffer.from(JSON.stringify({ s: unit.repeat(length), a: 1 }))

describe('the limit on work', () => {
  const nested = "SELECT (SELECT VALUE r + 1 FROM list AS r) AS l FROM 'a/b'"

  it('lets a message through that stays within it, and fails one that goes beyond, whatever WHERE says', () => {
    const limits = { work: 1000 }
    expect(outcome(queryOf(nested, limits), numbers(50)).got).toBeTypeOf('number')
    expect(outcome(queryOf(nested, limits), numbers(500)).got).toBe('SQL_WORK_LIMIT')
    const where = "SELECT a FROM 'a/b' WHERE EXISTS (SELECT r FROM list AS r WHERE r > 1)"
    expect(outcome(queryOf(where, limits), numbers(50)).got).toBe('unmatched')
    expect(outcome(queryOf(where, limits), numbers(500)).got).toBe('SQL_WORK_LIMIT')
  })

  it('is of one message alone: the next one has all of it again', () => {
    const query = queryOf(nested, { work: 1000 })
    expect(outcome(query, numbers(500)).got).toBe('SQL_WORK_LIMIT')
    expect(outcome(query, numbers(50)).got).toBeTypeOf('number')
  })

  it('names its key and value in the failure', async () => {
    const sql = "SELECT concat(s, s) AS s FROM 'a/b'"
    const compiled = compileRule(
      { sql, awsIotSqlVersion: '2016-03-23', actions: [] },
      { limits: { work: 1000 } },
    )
    if (!compiled.ok) throw new Error('refused')
    const result = await compiled.rule.evaluate({ topic: 'a/b', payload: { s: 'x'.repeat(50_000) } })
    expect(result.error).toMatchObject({
      code: 'SQL_WORK_LIMIT',
      class: 'message',
      message: 'The message makes the rule do too much work: sql.limits.work allows 1000 units.',
    })
  })

  it('refuses a statement whose constants or size take more than it', () => {
    const limits = { work: 1000 }
    const growing = `SELECT replace('${'a'.repeat(500)}', 'a', '${'b'.repeat(500)}') AS x FROM 'a'`
    expect(() => queryOf(growing, limits)).toThrow('sql.limits.work allows 1000 units')
    expect(() => queryOf(growing)).not.toThrow()
    const long = `SELECT ${Array(100).fill('md5(a)').join(' + ')} AS x FROM 'a'`
    expect(() => queryOf(long, limits)).toThrow('sql.limits.work allows 1000')
  })
})

describe('the limit on output', () => {
  it('is exact in bytes, for a flat list and for a whole value', () => {
    for (const sql of ["SELECT s FROM 'a/b'", "SELECT VALUE {'s': s} FROM 'a/b'"]) {
      const size = Buffer.byteLength('{"s":"xxxx"}')
      expect(outcome(queryOf(sql, { outputSize: size }), text(4)).got).toBe(size)
      expect(outcome(queryOf(sql, { outputSize: size - 1 }), text(4)).got).toBe('SQL_OUTPUT_TOO_LARGE')
      expect(outcome(queryOf(sql, { outputSize: 200_000 }), text(300_000)).got).toBe('SQL_OUTPUT_TOO_LARGE')
    }
  })

  it('does not count what is forwarded as it came', () => {
    expect(outcome(queryOf("SELECT * FROM 'a/b'", { outputSize: 1024 }), text(300_000)).got).toBeGreaterThan(
      300_000,
    )
  })

  it('leaves the output of the next message whole', () => {
    const query = queryOf("SELECT s FROM 'a/b'", { outputSize: 100_000 })
    expect(outcome(query, text(200_000)).got).toBe('SQL_OUTPUT_TOO_LARGE')
    expect(outcome(query, text(90_000)).got).toBe(90_008)
  })
})

describe('reading a payload', () => {
  const scansOf = (payload: Buffer, ...statements: readonly string[]): number => {
    const shared = new Payload(payload)
    const message = { topic: 'a/b', payload } as Message
    for (const sql of statements) {
      for (const version of ['2016-03-23', '2015-10-08'] as const) {
        const query = queryOf(sql, {}, version)
        const scope = createScope({ name: 'r', version, query }, 'a/b', message, shared, environment)
        void evaluate(query, scope)
      }
    }
    return shared.scans
  }

  it('does not happen for SELECT * alone', () => {
    expect(scansOf(text(10), "SELECT * FROM 'a/b'", "SELECT topic() AS t FROM 'a/b'")).toBe(0)
  })

  it('happens once for all rules of both versions, JSON or not', () => {
    const rules = [
      "SELECT s FROM 'a/b' WHERE a = 1",
      "SELECT *, upper(s) AS u FROM 'a/b'",
      "SELECT * FROM 'a/b' WHERE a > 1",
    ]
    expect(scansOf(text(10), ...rules)).toBe(1)
    expect(scansOf(Buffer.from('no json'), ...rules)).toBe(1)
  })

  it('is not undone by reading other JSON in between', () => {
    const payload = Buffer.from(JSON.stringify({ e: 'eyJhIjoxfQ==', a: 1, b: 2 }))
    const query = queryOf("SELECT decode(e, 'base64').a + a AS x, decode(e, 'base64').a + b AS y FROM 'a/b'")
    const shared = new Payload(payload)
    const scope = createScope(
      { name: 'r', version: query.version, query },
      'a/b',
      { payload } as Message,
      shared,
      environment,
    )
    const evaluation = evaluate(query, scope)
    expect('matched' in evaluation && evaluation.matched && evaluation.output.toString()).toBe(
      '{"x":2,"y":3}',
    )
    expect(shared.scans).toBe(1)
  })
})

describe('the limits on a statement', () => {
  const limitsOf = (limits: Partial<SqlLimits>): SqlLimits => ({
    length: 1000,
    tokens: 1000,
    literals: 1000,
    nesting: 128,
    depth: 1000,
    work: 1_000_000,
    outputSize: 1_000_000,
    ...limits,
  })

  it.each<[keyof SqlLimits, number, string, string]>([
    ['length', 24, "SELECT abcd FROM 'a/bcd'", "SELECT abcde FROM 'a/bcd'"],
    ['tokens', 6, "SELECT a, b FROM 'a'", "SELECT a, b, c FROM 'a'"],
    ['literals', 2, "SELECT 1 AS a, 'x' AS b FROM 'a'", "SELECT 1 AS a, 'x' AS b, TRUE AS c FROM 'a'"],
    ['literals', 2, "SELECT {'a': 1} AS a FROM 'a'", "SELECT {'a': 1, 'b': 2} AS a FROM 'a'"],
    ['nesting', 3, "SELECT (((a))) AS b FROM 'a'", "SELECT ((((a)))) AS b FROM 'a'"],
    ['depth', 4, "SELECT a + 1 + 1 + 1 AS b FROM 'a'", "SELECT a + 1 + 1 + 1 + 1 AS b FROM 'a'"],
  ])('%s takes what has just %d, and refuses more by its name', (name, limit, within, beyond) => {
    const bounds = limitsOf({ [name]: limit })
    expect(parseStatement(within, bounds)).toMatchObject({ ok: true })
    const refused = parseStatement(beyond, bounds)
    expect(refused).toMatchObject({
      ok: false,
      diagnostics: [{ sqlLine: expect.any(Number) as number, sqlColumn: expect.any(Number) as number }],
    })
    if (!refused.ok) expect(refused.diagnostics[0]!.message).toContain(`sql.limits.${name} allows ${limit}`)
  })
})

describe('the worst that a payload can do to a statement', () => {
  const rows = (count: number): Buffer =>
    Buffer.from(
      `{"list":[${Array.from({ length: count }, (_, index) => `{"k":${index},"s":"v${index}"}`).join(',')}],"a":1.5}`,
    )
  const wide = Buffer.from(
    `{${Array.from({ length: 60_000 }, (_, index) => `"k${index}":${index}`).join(',')}}`,
  )
  const aLot = (item: string, count: number): string => Array(count).fill(item).join(', ')
  const q = (item: string, alias: string): string => `SELECT ${item} AS ${alias} FROM 'a/b'`

  it.each<[string, string, Buffer]>([
    [
      'rows in rows',
      q('(SELECT (SELECT VALUE r.k + p.k FROM list AS p) AS i FROM list AS r)', 'x'),
      rows(30_000),
    ],
    [
      'EXISTS in every row',
      q('(SELECT VALUE k FROM list AS r WHERE EXISTS (SELECT k FROM list AS p WHERE p.k = r.k + 0.5))', 'x'),
      rows(30_000),
    ],
    [
      'IN over the list in every row',
      q('(SELECT VALUE k FROM list WHERE 7.5 IN (SELECT VALUE k FROM list))', 'x'),
      rows(30_000),
    ],
    ['the payload again in every row', q("(SELECT VALUE {'all': *} FROM list AS r)", 'x'), rows(30_000)],
    ['the payload as text in every row', q('(SELECT VALUE upper(list) FROM list)', 'x'), rows(20_000)],
    [
      'comparing the payload in every row',
      q("(SELECT VALUE [list] = [decode(encode(list, 'base64'), 'base64')] FROM list)", 'x'),
      rows(20_000),
    ],
    [
      'decoding in every row',
      q("(SELECT VALUE decode('eyJhIjoxfQ==', 'base64').a + a FROM list)", 'x'),
      rows(40_000),
    ],
    [
      'members of a wide payload',
      `SELECT ${Array.from({ length: 8000 }, (_, index) => `x${index} AS a${index}`).join(', ')} FROM 'a/b'`,
      wide,
    ],
    [
      'a path into a wide payload',
      `SELECT * AS a, ${Array.from({ length: 2000 }, (_, index) => `1 AS a.b${index}`).join(', ')} FROM 'a/b'`,
      wide,
    ],
    ['the payload many times', `SELECT VALUE [${aLot('*', 9000)}] FROM 'a/b'`, rows(30_000)],
    ['a growing text', q(`concat(${aLot('s', 9000)})`, 'x'), text(1_000_000)],
    [
      'replacing everything',
      q("replace(replace(s, 'x', 'xxxxxxxxxxxxxxxx'), 'x', 'yyyyyyyyyyyyyyyy')", 'x'),
      text(1_000_000),
    ],
    [
      'looking for a long part',
      q('indexof(s, p)', 'x'),
      Buffer.from(
        JSON.stringify({ s: 'a'.repeat(600_000), p: `${'a'.repeat(200_000)}b${'a'.repeat(200_000)}` }),
      ),
    ],
    ['a digest of a long text', q(`[${aLot('md2(s)', 50)}]`, 'x'), text(1_000_000)],
    ['a search that starts over', q("regexp_replace(s, 'x*?y|x', '_')", 'x'), text(1_000_000)],
    ['a large expression', q("regexp_matches(s, '(.{1,90}){1,9}[0-9]z[0-9]')", 'x'), text(1_000_000, 'abcz')],
    [
      'an expression from the message',
      q('regexp_matches(s, p)', 'x'),
      Buffer.from(JSON.stringify({ s: 'ab'.repeat(400_000), p: '[^a-z]{1,900}'.repeat(60) })),
    ],
    [
      'numbers of many digits',
      q('(SELECT VALUE (r * r + r) / r FROM list AS r)', 'x'),
      Buffer.from(`{"list":[${Array(900).fill('9'.repeat(1000)).join(',')}]}`),
    ],
    [
      'times in every row',
      q("(SELECT VALUE parse_time('EEEE zzzz', r.k, 'Europe/Paris') FROM list AS r)", 'x'),
      rows(40_000),
    ],
    [
      'deep arrays',
      q('[list] = [more] OR [more] = [more2]', 'x'),
      Buffer.from(
        `{"list":${'['.repeat(500)}${']'.repeat(500)},"more":[${Array(150_000).fill('[]').join(',')}],"more2":[${Array(150_000).fill('[]').join(',')}]}`,
      ),
    ],
    [
      'one number of a million digits',
      `SELECT ${Array.from({ length: 3000 }, (_, index) => `a AS a${index}`).join(', ')} FROM 'a/b'`,
      Buffer.from(`{"a":1.${'0'.repeat(1_000_000)}1}`),
    ],
  ])('%s ends soon', (_, sql, payload) => {
    const query = queryOf(sql)
    outcome(query, Buffer.from('{"list":[],"s":"","p":"a"}'))
    const { ms, got } = outcome(query, payload)
    if (process.env['SHOW_TIMES'] !== undefined) console.log(_, ms.toFixed(1), got)
    // About 100 ms on a machine by itself; the margin is for one that is not.
    expect(ms).toBeLessThan(400)
  })
})
