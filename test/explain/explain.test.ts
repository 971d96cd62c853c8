import { describe, expect, it } from 'vitest'
import {
  type ExplainedNode,
  explainRule,
  explanationJson,
  renderExplanation,
} from '../../src/explain/index.ts'
import { type ServiceAnswer, type Services } from '../../src/sql/index.ts'
import {
  allNodes,
  environmentOf,
  explain,
  explainValue,
  kafkaAction,
  messageOf,
  ruleOf,
} from './explain-text.ts'

/** `text = value` of each node, indented by its depth; what was skipped in brackets. */
function outline(node: ExplainedNode, depth = 0): string[] {
  const role = node.role === undefined ? '' : `${node.role}: `
  const line = `${'  '.repeat(depth)}${role}${node.text}`
  const own = node.skipped === undefined ? `${line} = ${node.preview}` : `(${line.trim()})`
  return [own, ...node.children.flatMap((child) => outline(child, depth + 1))]
}

describe('the verdict of WHERE', () => {
  it.each([
    ['t > 30', '{"t":31}', true, undefined],
    ['t > 30', '{"t":21}', false, '`t > 30` is false: `t` is the Int 21'],
    ['t > 30', '{}', 'Undefined', '`t` is not in the payload, which is empty'],
    [
      't = 30',
      '{"t":"30"}',
      false,
      '`t = 30` is false: `t` is the String "30"; String and Int are never equal',
    ],
    ['t > low AND ok', '{"t":2,"low":1,"ok":false}', false, '`ok` is false'],
    [
      't > low AND t < 2',
      '{"t":2,"low":3}',
      false,
      '`t > low` is false: `t` is the Int 2, `low` is the Int 3',
    ],
    ['NOT (t = 1 OR ok)', '{"t":1,"ok":false}', false, '`t = 1` is true: `t` is the Int 1'],
    ['t = 1 OR t = 2', '{"t":3}', false, '`t = 1 OR t = 2` is false: none of its operands is true'],
    ['t > 1 OR ok', '{"t":2}', 'Undefined', '`ok` is not in the payload'],
    ["startswith(n, 'x')", '{"n":"abc"}', false, '`startswith(n, \'x\')` is false: `n` is the String "abc"'],
    ['t IN [1, 2]', '{"t":3}', false, '`t IN [1, 2]` is false: `t` is the Int 3; it equals none of 2'],
    [
      't IN [1, 2]',
      '{"t":"1"}',
      false,
      '`t IN [1, 2]` is false: `t` is the String "1"; it equals none of 2, for each is a number',
    ],
    [
      "n = 'on'",
      '{"n":"ON"}',
      false,
      '`n = \'on\'` is false: `n` is the String "ON"; they differ in upper and lower case alone; lower() makes them equal',
    ],
    [
      "n = 'on '",
      '{"n":"on"}',
      false,
      '`n = \'on \'` is false: `n` is the String "on"; they differ in blanks at their ends alone',
    ],
    ["n = 'on'", '{"n":"off"}', false, '`n = \'on\'` is false: `n` is the String "off"'],
    ['n', '{"n":"true"}', 'not a Boolean', '`n` is the String "true"; WHERE passes the Boolean true alone'],
    [
      'EXISTS (SELECT * FROM l WHERE x = 1)',
      '{"l":[{"x":2}]}',
      false,
      '`EXISTS (SELECT * FROM l WHERE x = 1)` is false: `l` is an Array of 1 element; none of 1 passes',
    ],
  ])('of %s on %s is %s', async (where, payload, verdict, reason) => {
    const explanation = await explain(`SELECT * FROM 'a/b' WHERE ${where}`, payload)
    expect(explanation.where).toMatchObject({ verdict })
    expect(explanation.where!.reason).toBe(reason)
    expect(explanation.selected).toBe(verdict === true)
  })

  it('says of a name that SELECT gives what to write, in WHERE and in templates', async () => {
    const meant = 'is not in the payload: SELECT gives this name to `t * 2`, which is what to write here'
    const given = { actions: [kafkaAction({ key: '${x}' })] }
    const { where } = await explain("SELECT t * 2 AS x FROM 'a/b' WHERE x > 1", '{"t":5}', given)
    expect(where!.reason).toBe(`\`x\` ${meant}`)
    const { actions } = await explain("SELECT t * 2 AS x, y AS x.z FROM 'a/b'", '{"t":5}', given)
    const key = actions![0]!.templates.find(({ field }) => field === 'key')
    expect(key!.tags[0]!.node.reason).toBe(`\`x\` ${meant}`)
    const { where: own } = await explain("SELECT 1 AS x FROM 'a/b' WHERE x > 1", '{"x":5}')
    expect(own!.verdict).toBe(true)
  })

  it('says where + joins texts and a sum may have been meant', async () => {
    const { select } = await explain("SELECT t + 1 AS x, t + 'a' AS y FROM 'a/b'", '{"t":"5"}')
    const notes = select!.items.map(({ node }) => node.note)
    expect(notes).toEqual(['an operand is a String, so + joins texts', undefined])
  })

  it('shows every operand of AND, also those after the one that decided', async () => {
    const { where } = await explain(
      "SELECT * FROM 'a/b' WHERE a = 1 AND b = 2 AND c",
      '{"a":0,"b":2,"c":true}',
    )
    expect(outline(where!.node)).toEqual([
      'a = 1 AND b = 2 AND c = false',
      ...['  a = 1 = false', '    a = 0', '    1 = 1'],
      ...['  b = 2 = true', '    b = 2', '    2 = 2'],
      '  c = true',
    ])
    expect(where!.node.decidedBy).toEqual([0])
  })

  it('draws no random number that the ordinary run would not', async () => {
    const sql = "SELECT * FROM 'a/b' WHERE a = 1 AND rand() < 2"
    const { where } = await explain(sql, '{"a":0}')
    expect(where!.node.children[1]).toMatchObject({ skipped: 'what comes before it decides' })
  })
})

describe('the tree', () => {
  it('has each sub-expression with value, type and place, constants too', async () => {
    const node = await explainValue('(a + 1.50) * abs(-2)', '{"a":1}')
    expect(outline(node)).toEqual([
      '(a + 1.50) * abs(-2) = 5',
      ...['  a + 1.50 = 2.5', '    a = 1', '    1.50 = 1.50'],
      ...['  abs(-2) = 2', '    number: -2 = -2', '      2 = 2'],
    ])
    expect(allNodes(node).map(({ type }) => type)).toEqual([
      'Int',
      'Decimal',
      'Int',
      'Decimal',
      'Int',
      'Int',
      'Int',
    ])
    expect(node.children[0]!.span).toEqual({ start: 8, end: 16, line: 1, column: 9 })
    expect(node.children[1]).toMatchObject({ kind: 'call', constant: true, value: 2 })
  })

  it('counts lines and columns from one', async () => {
    const { where } = await explain("SELECT *\r\nFROM 'a/b'\n  WHERE x\n    > 1", '{"x":2}')
    expect(where!.node.span).toMatchObject({ line: 3, column: 9 })
    expect(where!.node.children[1]!.span).toMatchObject({ line: 4, column: 7 })
  })

  it('shows which branch of CASE was taken, and not the others', async () => {
    const node = await explainValue(
      "CASE k WHEN 'a' THEN 1 WHEN b THEN x + 1 ELSE 3 END",
      '{"k":"y","b":"y","x":5}',
    )
    expect(outline(node).slice(1)).toEqual([
      '  CASE: k = "y"',
      '  WHEN: \'a\' = "a"',
      '(THEN: 1)',
      '  WHEN: b = "y"',
      '  THEN: x + 1 = 6',
      '    x = 5',
      '    1 = 1',
      '(ELSE: 3)',
    ])
    expect(node.note).toBe('WHEN b equals it')
    expect((await explainValue("CASE k WHEN 'a' THEN 1 ELSE 3 END", '{"k":"y"}')).note).toBe(
      'no WHEN equals it: ELSE',
    )
    expect((await explainValue("CASE 2 WHEN 1 THEN 'a' WHEN 2 THEN 'b' END", '{}')).note).toBe(
      'WHEN 2 equals it',
    )
  })

  it('looks at each element of a nested SELECT', async () => {
    const node = await explainValue(
      '(SELECT VALUE v * 2 FROM list WHERE v > 1)',
      '{"list":[{"v":1},{"v":2}]}',
    )
    expect(outline(node)).toEqual([
      'SELECT VALUE v * 2 FROM list WHERE v > 1 = [4]',
      '  FROM: list = [{"v":1},{"v":2}]',
      '  element 0: {"v":1} = {"v":1}',
      ...['    WHERE: v > 1 = false', '      v = 1', '      1 = 1'],
      '  element 1: {"v":2} = {"v":2}',
      ...['    WHERE: v > 1 = true', '      v = 2', '      1 = 1'],
      ...['    VALUE: v * 2 = 4', '      v = 2', '      2 = 2'],
    ])
    expect(node.note).toBe('1 of 2 selected')
    expect(node.children[1]!.note).toBe('left out: its WHERE is not true')
  })

  it('shows the first twenty elements and counts the rest', async () => {
    const list = Array.from({ length: 1000 }, (_, v) => ({ v }))
    const node = await explainValue('(SELECT v AS r FROM list WHERE v >= 0)', JSON.stringify({ list }))
    expect(node.children).toHaveLength(21)
    expect(node.more).toBe(980)
    expect(node.note).toBe('1000 of 1000 selected')
  })

  it('leads from a variable to what was assigned to it', async () => {
    const { set, select } = await explain("SET @x = a.b SELECT @x + 1 AS r FROM 'a/b'", '{"a":{}}')
    expect(set).toMatchObject([{ name: 'x', node: { text: 'a.b', type: 'Undefined' } }])
    expect(select!.items[0]).toMatchObject({ path: ['r'], note: 'Undefined is left out of the output' })
    expect(select!.items[0]!.node.because).toMatchObject({ text: 'a.b', reason: '`a` has no member `b`' })
    const large = await explain(
      "SET @x = s SELECT @x AS r FROM 'a/b'",
      JSON.stringify({ s: 'x'.repeat(140_000) }),
    )
    expect(large.select!.items[0]!.node.reason).toBe('what was assigned to @x does not fit into 128 KiB')
  })

  it('stays small whatever rule and message are', async () => {
    const items = Array.from({ length: 3000 }, (_, index) => `s + ${index} AS r${index}`).join(', ')
    const explanation = await explain(`SELECT ${items} FROM 'a/b'`, JSON.stringify({ s: 'x'.repeat(5000) }))
    expect(explanation.cut).toBe('sub-expressions were left out: there are too many')
    expect(explanationJson(explanation).length).toBeLessThan(2_000_000)
    const { node } = explanation.select!.items[0]!
    expect(node).toMatchObject({ cut: true, type: 'String' })
    expect(node.preview!.length).toBeLessThan(1100)
  })
})

describe('a rule at the bounds of the language', () => {
  it('names the cause that is too far down to be shown', async () => {
    const chain = `${'a = 1 AND '.repeat(5000)}zz`
    const { where, cut } = await explain(`SELECT * FROM 'a/b' WHERE ${chain}`, '{"a":1}')
    expect(where).toMatchObject({ verdict: 'Undefined', reason: '`zz` is not in the payload' })
    expect(where!.node.more).toBeGreaterThan(3000)
    expect(cut).toBeDefined()
  })

  it('draws no deeper than a terminal can show', async () => {
    const explanation = await explain(`SELECT ${'NOT '.repeat(300)}zz AS r FROM 'a/b'`, '{"a":1}')
    const lines = renderExplanation(explanation, { width: 100 }).split('\n')
    expect(explanation.select!.items[0]!.node.because).toMatchObject({ text: 'zz' })
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThan(140)
    expect(lines.some((line) => line.endsWith('… deeper'))).toBe(true)
  })
})

describe('the whole explanation', () => {
  it('says why the topic does not trigger the rule, and then no more', async () => {
    const rule = ruleOf("SELECT * FROM 'sensors/+/t' WHERE x > 1")
    const explanation = await explainRule(rule, messageOf('{}', 'sensors/7/h'), environmentOf())
    expect(explanation).toEqual({
      rule: 'rule',
      version: '2016-03-23',
      sql: "SELECT * FROM 'sensors/+/t' WHERE x > 1",
      topic: {
        filter: 'sensors/+/t',
        topic: 'sensors/7/h',
        matched: false,
        reason: "level 3 is 'h' in the topic and 't' in the filter",
      },
      payload: { bytes: 2, json: true },
      selected: false,
    })
    const other = await explainRule(rule, messageOf('{}', '$aws/rules/other/x'), environmentOf())
    expect(other.topic.reason).toBe("Basic Ingest names the rule 'other', not this one")
    const own = await explainRule(rule, messageOf('{}', '$aws/rules/rule/x'), environmentOf())
    expect(own.topic).toMatchObject({ matched: true, seen: 'x', reason: 'Basic Ingest names this rule' })
  })

  it('tells that the payload is passed on unread', async () => {
    const { select, payload } = await explain("SELECT * FROM 'a/b'", Buffer.from([1, 2, 3]))
    expect(select).toMatchObject({ forwards: true, items: [], output: { bytes: 3 } })
    expect(payload).toEqual({
      bytes: 3,
      json: false,
      fault: 'the payload is not JSON (unexpected character at byte 0)',
    })
  })

  it('shows each rendered template with the trees of its tags', async () => {
    const headers = [{ key: 'k', value: '${missing}' }]
    const actions = [kafkaAction({ topic: 't-${topic(1)}-${rand()}', key: '${a + 1}', headers })]
    const explanation = await explain("SELECT * FROM 'a/b'", '{"a":1}', { actions })
    const [action] = explanation.actions!
    expect(action!.failure).toBeUndefined()
    expect(action!.templates.map(({ field, rendered }) => [field, rendered])).toEqual([
      ['topic', 't-a-0.0009765625'],
      ['key', '2'],
      ['headers[0].key', 'k'],
      ['headers[0].value', ''],
    ])
    const [topic, key, , header] = action!.templates
    expect(topic!.tags.map(({ source, rendered }) => [source, rendered])).toEqual([
      ['${topic(1)}', 'a'],
      ['${rand()}', '0.0009765625'],
    ])
    expect(key!.tags[0]!.node.span).toEqual({ start: 2, end: 7, line: 1, column: 3 })
    expect(header).toMatchObject({
      undefinedAt: '${missing}',
      tags: [{ node: { reason: '`missing` is not in the payload' } }],
    })
  })

  it('says why an action has no record, and shows the error action', async () => {
    const parts = {
      actions: [kafkaAction({ topic: '${missing}' })],
      errorAction: kafkaAction({ topic: 'errors-${topic(2)}' }),
    }
    const { actions, errorAction } = await explain("SELECT * FROM 'a/b'", '{}', parts)
    expect(actions![0]!.failure).toMatchObject({ class: 'message' })
    expect(actions![0]!.failure!.message).toContain('${missing}')
    expect(errorAction!.templates[0]).toMatchObject({ field: 'topic', rendered: 'errors-b' })
  })

  it('writes JSON with exact numbers', async () => {
    const payload = '{"big":12345678901234567890123,"d":1.10}'
    const json = explanationJson(await explain("SELECT big + d AS r FROM 'a/b'", payload))
    expect(json).toContain('"value":12345678901234567890124.1')
    expect(json).toContain('"value":1.10')
    expect(JSON.parse(json)).toMatchObject({
      select: { items: [{ path: ['r'], node: { type: 'Decimal' } }] },
    })
  })
})

describe('services', () => {
  const answering = (answer: (name: string) => ServiceAnswer): Services => ({
    call: (name) => Promise.resolve(answer(name)),
  })
  const failed: ServiceAnswer = {
    ok: false,
    failure: {
      code: 'SERVICE_FAILED',
      class: 'message',
      resource: 'aws_lambda',
      message: 'the function is on strike',
    },
  }
  const options = { services: new Set(['aws_lambda']) }
  const lambda = "aws_lambda('arn:aws:lambda:us-east-1:123456789012:function:f', {'a': a})"

  it('shows what a service answered, from the pass that had the answer', async () => {
    const rule = ruleOf(`SET @r = ${lambda} SELECT @r.x AS x FROM 'a/b' WHERE a = 1 AND @r.x > 2`, {
      options,
    })
    const services = answering(() => ({ ok: true, value: new Map([['x', 3]]) }))
    const explanation = await explainRule(rule, messageOf('{"a":1}'), { ...environmentOf(), services })
    expect(explanation.set![0]!.node.preview).toBe('{"x":3}')
    expect(explanation.where!.verdict).toBe(true)
    expect(explanation.select!.output!.preview).toBe('{"x":3}')
  })

  it('shows a failure of a service where it happened, and as that of the rule', async () => {
    const services = answering(() => failed)
    const environment = { ...environmentOf(), services }
    const rule = ruleOf(`SELECT ${lambda} AS x FROM 'a/b' WHERE a = 1`, { options })
    const explanation = await explainRule(rule, messageOf('{"a":1}'), environment)
    expect(explanation).toMatchObject({ selected: false, failure: { message: 'the function is on strike' } })
    expect(explanation.select!.items[0]!.node.reason).toBe('aws_lambda(): the function is on strike')
    const saved = ruleOf(`SELECT get_or_default(${lambda}, 0) AS x FROM 'a/b'`, { options })
    const taken = await explainRule(saved, messageOf('{"a":1}'), environment)
    expect(taken.failure).toBeUndefined()
    expect(taken.select!.items[0]!.node.preview).toBe('0')
    expect(taken.select!.items[0]!.node.children[0]!.reason).toBe('aws_lambda(): the function is on strike')
  })

  it('asks no service that the ordinary run would not ask', async () => {
    const asked: string[] = []
    const services = answering((name) => {
      asked.push(name)
      return { ok: true, value: true }
    })
    const rule = ruleOf(`SELECT * FROM 'a/b' WHERE a = 2 AND ${lambda}`, { options })
    const explanation = await explainRule(rule, messageOf('{"a":1}'), { ...environmentOf(), services })
    expect(asked).toEqual([])
    expect(explanation.where!.node.children[1]!.skipped).toBe('what comes before it decides')
  })
})
