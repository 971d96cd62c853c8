import { describe, expect, it } from 'vitest'
import { compileStatement, type Effect, parseStatement, type TraceNode } from '../../src/sql/index.ts'
import { compiled, run, scopeFor, value } from './evaluate-text.ts'

const payload =
  '{"i":5,"d":5.5,"w":5.0,"q":"10","s":"abc","t":true,"st":"TRUE","n":null,"a":[1,2],"o":{"k":1}}'

describe('operators', () => {
  it.each([
    ['0.1 + 0.2', '0.3'],
    ['i + q', '"510"'],
    ['s + a', '"abc[1,2]"'],
    ['s + n', undefined],
    ['i - q', '-5'],
    ['q * 2', '20'],
    ['7 / 2', '3.5'],
    ['6 / 2', '3'],
    ['1 / 0', undefined],
    ['-7 % 3', '-1'],
    ['9007199254740993 + 1', '9007199254740994'],
    ["q > '9'", 'true'],
    ['s > 1', undefined],
    ['t > 1', undefined],
    ["1 = '1'", 'false'],
    ["1 <> '1'", 'true'],
    ['i = w', 'true'],
    ['n = null', 'true'],
    ['zz = zz', undefined],
    ['t AND st', 'true'],
    ['t OR zz', undefined],
    ['NOT st', 'false'],
    ['NOT i', undefined],
    ['2 IN a', 'true'],
    ["'2' IN a", 'false'],
    ['2 IN o', undefined],
    ['-q', '-10'],
    ['-s', undefined],
  ])('%s is %s', (expression, expected) => {
    expect(value(expression, payload)).toBe(expected)
  })
})

describe('forms', () => {
  it.each([
    ['CASE i WHEN 4 THEN 1 WHEN 5.0 THEN 2 ELSE 3 END', '2'],
    ['CASE zz WHEN 1 THEN 1 ELSE 2 END', undefined],
    ['CASE i WHEN 1 THEN 1 END', undefined],
    ["cast('12.9' AS Int)", '12'],
    ['cast(-1.5 AS INTEGER)', '-2'],
    ['cast(true AS Decimal)', '1'],
    ['cast(0.0 AS Bool)', 'false'],
    ['cast(a AS String)', '"[1,2]"'],
    ['cast(n AS String)', undefined],
    ['(SELECT VALUE x * 2 FROM [{"x": 1}, {"y": 2}, {"x": 3}])', '[2,6]'],
    ['(SELECT VALUE e FROM a AS e WHERE e > 1)', '[2]'],
    ['(SELECT k FROM o)', '{"k":1}'],
    ['get((SELECT i FROM *), 0).i', '5'],
    ['(SELECT VALUE i FROM a)', '[5,5]'],
    ['EXISTS (SELECT * FROM a AS e WHERE e = 2)', 'true'],
    ['EXISTS (SELECT * FROM a AS e WHERE e = 3)', 'false'],
    ['(SELECT VALUE (SELECT VALUE e + f FROM a AS f) FROM a AS e)', '[[2,3],[3,4]]'],
  ])('%s is %s', (expression, expected) => {
    expect(value(expression, payload)).toBe(expected)
  })
})

describe('the SELECT list', () => {
  it.each([
    ['i, s AS t', '{"i":5,"t":"abc"}'],
    ['zz, o.k', '{"k":1}'],
    ['o.k AS x.y, i AS x.z', '{"x":{"y":1,"z":5}}'],
    ['o AS p, i AS p.z', '{"p":{"k":1,"z":5}}'],
    ['{"x-y": i}, s', '{"x-y":5,"s":"abc"}'],
    ['i AS x, s AS x', '{"x":"abc"}'],
    ["i AS 'x y'", '{"x y":5}'],
    ['o.*, i', '{"k":1,"i":5}'],
    ['o.*, i AS k', '{"k":5}'],
    ['*.o.* AS x', '{"x":{"k":1}}'],
    ['get([o], 0).*', '{"k":1}'],
    ['a.*, zz.*, s.*', '{}'],
    ['(SELECT e.*, 1 AS x FROM [o, {"k": 2}] AS e) AS r', '{"r":[{"k":1,"x":1},{"k":2,"x":1}]}'],
  ])('%s gives %s', (list, expected) => {
    expect(run(`SELECT ${list} FROM 'a/b'`, payload)).toBe(expected)
  })

  it('never changes the payload that it copies from', () => {
    const query = compiled("SELECT *, 1 AS o.z FROM 'a/b'")
    const scope = scopeFor(query, payload)
    query.select(scope)
    expect(scope.payload.get('o')).toEqual(new Map([['k', 1]]))
  })

  it('passes a payload that is no object through SELECT *', () => {
    expect(run("SELECT * FROM 'a/b'", '[1,2]')).toBe('[1,2]')
  })
})

describe('SET', () => {
  it('lets each variable see the ones before it', () => {
    expect(run("SET @a = i + 1, @b = {'k': @a} SELECT @b.k AS r FROM 'a/b' WHERE @a = 6", payload)).toBe(
      '{"r":6}',
    )
  })

  it('drops a value that does not fit into 128 KiB', () => {
    const long = JSON.stringify({ x: 'y'.repeat(128 * 1024 + 1) })
    expect(run("SET @a = x, @b = 1 SELECT @a AS a, @b AS b FROM 'a/b'", long)).toBe('{"b":1}')
  })

  it.each([
    ['SET @a = 1, @a = 2 SELECT 1 AS r', 'SQL_VARIABLE_TWICE'],
    ['SET @a = @b, @b = 1 SELECT 1 AS r', 'SQL_VARIABLE_UNKNOWN'],
    [`SET @${'a'.repeat(65)} = 1 SELECT 1 AS r`, 'SQL_VARIABLE_LIMIT'],
    [
      `SET ${Array.from({ length: 11 }, (_, i) => `@v${i} = 1`).join(', ')} SELECT 1 AS r`,
      'SQL_VARIABLE_LIMIT',
    ],
  ])('%s is refused', (sql, code) => {
    expect(() => compiled(`${sql} FROM 'a'`)).toThrow(code)
  })
})

describe('language versions', () => {
  it.each([
    ['SELECT w AS r', '{"r":5.0}', '{"r":5}'],
    ['SELECT d + d AS r', '{"r":11.0}', '{"r":11}'],
    ['SELECT 10.0 AS r', '{"r":10.0}', '{"r":10}'],
    ['SELECT cast(w AS String) AS r', '{"r":"5.0"}', '{"r":"5"}'],
    ['SELECT cast(true AS Double) AS r', '{"r":1.0}', '{"r":1}'],
  ])('%s writes %s in 2015-10-08 and %s in 2016-03-23', (sql, old, current) => {
    expect(run(`${sql} FROM 'a/b'`, payload, '2015-10-08')).toBe(old)
    expect(run(`${sql} FROM 'a/b'`, payload, '2016-03-23')).toBe(current)
  })

  it.each(['[1]', "{'a': 1}", '(SELECT VALUE x FROM a)', 'cast(i AS Decimal)'])(
    '%s needs 2016-03-23',
    (expression) => {
      expect(() => compiled(`SELECT ${expression} AS r FROM 'a'`, '2015-10-08')).toThrow('SQL_NEEDS_VERSION')
    },
  )
})

describe('a compiled statement', () => {
  it.each<[string, Effect]>([
    ["SELECT 1 AS a FROM 'a'", 'pure'],
    ["SELECT i FROM 'a'", 'message'],
    ["SELECT timestamp() AS t FROM 'a'", 'clock'],
    ["SET @r = rand() SELECT i FROM 'a'", 'random'],
    ["SELECT i FROM 'a' WHERE timestamp() > 1 AND i = 1", 'clock'],
  ])('%s has the effect %s', (sql, effect) => {
    expect(compiled(sql).effect).toBe(effect)
  })

  it('folds WHERE true away and warns of one that cannot be true', () => {
    expect(compiled("SELECT * FROM 'a' WHERE 1 + 1 = 2").where).toBeUndefined()
    const parsed = parseStatement("SELECT * FROM 'a' WHERE 1 = 2 AND true")
    const result = parsed.ok && compileStatement(parsed.statement, '2016-03-23')
    expect(result && result.ok && result.warnings.map(({ code }) => code)).toEqual(['SQL_WHERE_CONSTANT'])
  })

  it.each([
    ['t', true],
    ['st', false],
    ['st AND t', true],
    ['t AND zz', false],
    ['i', false],
    ["'true'", false],
  ])('passes WHERE %s: %s', (where, passes) => {
    expect(run(`SELECT 1 AS r FROM 'a/b' WHERE ${where}`, payload)).toBe(passes ? '{"r":1}' : 'unmatched')
  })

  it('reports every sub-expression while tracing, constants too, and nothing otherwise', () => {
    const query = compiled("SELECT i + 1 AS r, zz.x AS u FROM 'a'", '2016-03-23', { tracing: true })
    const seen: unknown[] = []
    const textOf = ({ expression: { span } }: TraceNode): string => query.text.slice(span.start, span.end)
    const tracer = {
      enter: (node: TraceNode) => seen.push(textOf(node)),
      leave: (result: unknown) => seen.push({ result }),
    }
    query.select(scopeFor(query, payload, tracer))
    expect(seen).toEqual([
      ...['i + 1', 'i', { result: 5 }, { result: 6 }],
      ...['zz.x', 'zz', { result: undefined }, { result: undefined }],
    ])
    const constants = [...query.trace!.nodes.values()].filter(({ constant }) => constant)
    expect(constants.map((node) => [textOf(node), node.value])).toEqual([['1', 1]])
    expect(compiled("SELECT i FROM 'a'").trace).toBeUndefined()
  })
})
