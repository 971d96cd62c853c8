import { describe, expect, it } from 'vitest'
import { explainRule, type RenderOptions, renderExplanation } from '../../src/explain/index.ts'
import { environmentOf, kafkaAction, messageOf, type Parts, ruleOf } from './explain-text.ts'

async function textOf(
  sql: string,
  payload: string | Buffer,
  { parts, options, topic }: { parts?: Parts; options?: RenderOptions; topic?: string } = {},
): Promise<string[]> {
  const explanation = await explainRule(ruleOf(sql, parts), messageOf(payload, topic), environmentOf())
  return renderExplanation(explanation, options).split('\n')
}

describe('the text of an explanation', () => {
  it('begins with the verdict and its reason, and points at the values', async () => {
    const sql = "SELECT * FROM 'a/b' WHERE temperature > 30 AND battery > limits.low"
    const payload = '{"temperature":"abc","battery":17,"limits":{"low":20}}'
    expect(await textOf(sql, payload)).toEqual([
      'rule     rule, version 2016-03-23',
      'topic    a/b: the topic matches the filter',
      'filter   a/b',
      'payload  54 bytes of JSON',
      'WHERE    Undefined: the message is not selected',
      '         `temperature` is the String "abc", which is not a number; > compares numbers',
      '',
      'WHERE',
      '  temperature > 30 AND battery > limits.low',
      '  |                    |         |',
      '  "abc"                17        20',
      '',
      'temperature > 30 AND battery > limits.low = Undefined',
      '├─ temperature > 30 = Undefined',
      '│  │  `temperature` is the String "abc", which is not a number; > compares numbers',
      '│  └─ temperature = "abc" String',
      '└─ battery > limits.low = false',
      '   ├─ battery = 17 Int',
      '   └─ limits.low = 20 Int',
      '',
    ])
  })

  it('shows SET, CASE, a nested SELECT, templates and a failing action', async () => {
    const sql =
      "SET @f = t * 1.8 SELECT @f + 32 AS f, CASE kind WHEN 'x' THEN 1 ELSE 2 END AS k, " +
      "(SELECT v FROM list WHERE v > 1) AS big, a.b FROM 'a/b'"
    const payload = '{"t":20,"kind":"y","list":[{"v":1},{"v":2}],"a":5}'
    const parts = { actions: [kafkaAction({ topic: 't-${a.b}', key: '${topic(2)}' })] }
    const lines = await textOf(sql, payload, { parts })
    expect(lines.slice(4, -2)).toEqual([
      'WHERE    none: every message is selected',
      '',
      'SET',
      '@f: t * 1.8 = 36 Int',
      '└─ t = 20 Int',
      '',
      'SELECT',
      'f: @f + 32 = 68 Int',
      '└─ @f = 36 Int',
      "k: CASE kind WHEN 'x' THEN 1 ELSE 2 END = 2 Int",
      '│  no WHEN equals it: ELSE',
      '├─ CASE: kind = "y" String',
      "├─ WHEN: 'x'",
      '├─ THEN: 1  not evaluated: another branch is taken',
      '└─ ELSE: 2',
      'big: SELECT v FROM list WHERE v > 1 = [{"v":2}] Array',
      '│  1 of 2 selected',
      '├─ FROM: list = [{"v":1},{"v":2}] Array',
      '├─ element 0: {"v":1}',
      '│  │  left out: its WHERE is not true',
      '│  └─ WHERE: v > 1 = false',
      '│     └─ v = 1 Int',
      '└─ element 1: {"v":2}',
      '   ├─ WHERE: v > 1 = true',
      '   │  └─ v = 2 Int',
      '   └─ v = 2 Int',
      'b: a.b = Undefined',
      '│  `a` is an Int and has no members',
      '└─ a = 5 Int',
      '   Undefined is left out of the output',
      'output, 30 bytes: {"f":68,"k":2,"big":[{"v":2}]}',
      '',
      'action 0: kafka',
      'topic: t-${a.b} = t-',
      '└─ ${a.b} = Undefined',
      '   │  `a` is an Int and has no members',
      '   └─ a = 5 Int',
      '   ${a.b} has no text form and is rendered as empty text',
      'key: ${topic(2)} = b',
      '└─ ${topic(2)} = "b" String',
    ])
    expect(lines.at(-2)).toMatch(/^TEMPLATE_|^KAFKA_/)
  })

  it('ends with the topic where that does not match', async () => {
    expect(await textOf("SELECT * FROM 'a/+/c' WHERE x > 1", '{}', { topic: 'a/b' })).toEqual([
      'rule     rule, version 2016-03-23',
      "topic    a/b: the topic ends after level 2, the filter wants a level 3: 'c'",
      'filter   a/+/c',
      'payload  2 bytes of JSON',
      '',
    ])
  })

  it('tells of a payload that is not JSON where it is asked for', async () => {
    const lines = await textOf("SELECT encode(*, 'base64') AS raw, x FROM 'a/b'", '{"x":tru}')
    expect(lines.slice(3)).toEqual([
      'payload  9 bytes: the payload is not JSON (unexpected character at byte 5)',
      'WHERE    none: every message is selected',
      '',
      'SELECT',
      'raw: encode(*, \'base64\') = "eyJ4Ijp0cnV9" String',
      '└─ value: *  not evaluated: the function reads it by itself',
      'x = Undefined',
      '   the payload is not JSON (unexpected character at byte 5), so `x` has no value',
      '   Undefined is left out of the output',
      'output, 22 bytes: {"raw":"eyJ4Ijp0cnV9"}',
      '',
    ])
  })

  it('keeps within the width, and points into statements of several lines', async () => {
    const sql = "SELECT * FROM 'a/b' WHERE\n  t > 1\n  AND missing < 3"
    const lines = await textOf(sql, '{"t":2}', { options: { width: 44 } })
    expect(lines.slice(4)).toEqual([
      'WHERE    Undefined: the message is not',
      '         selected',
      '         `missing` is not in the payload',
      '',
      'WHERE',
      '  t > 1   AND missing < 3',
      '  |           |',
      '  2           Undefined',
      '',
      't > 1 AND missing < 3 = Undefined',
      '├─ t > 1 = true',
      '│  └─ t = 2 Int',
      '└─ missing < 3 = Undefined',
      '   └─ missing = Undefined',
      '         `missing` is not in the payload',
      '',
    ])
  })

  it('hangs values lower where they would run into the next', async () => {
    const lines = await textOf("SELECT * FROM 'a/b' WHERE a = b AND c", '{"a":"long text","b":1,"c":true}')
    expect(lines.slice(9, 14)).toEqual([
      '  a = b AND c',
      '  |   |     |',
      '  |   1     true',
      '  |',
      '  "long text"',
    ])
  })

  it('lets no payload steer a terminal', async () => {
    const payload = JSON.stringify({ s: '\u001b[2J\u202e\u009b' })
    const text = (await textOf("SELECT s FROM 'a/b' WHERE s > 1", payload)).join('\n')
    expect(text).toContain('s = "\\u001b[2J\\u202e\\u009b" String')
    expect(text).not.toMatch(/[\u001b\u202e\u009b]/)
  })

  it('paints what is true, false and Undefined when asked to', async () => {
    const sql = "SELECT * FROM 'a/b' WHERE a OR b > 1"
    const plain = await textOf(sql, '{"a":true,"b":"x"}')
    const painted = await textOf(sql, '{"a":true,"b":"x"}', { options: { color: true } })
    expect(painted).toContain('├─ a = \u001b[32mtrue\u001b[0m')
    expect(painted).toContain('└─ b > 1 = \u001b[33mUndefined\u001b[0m')
    expect(painted.join('\n').replace(/\u001b\[\d+m/g, '')).toBe(plain.join('\n'))
  })
})
