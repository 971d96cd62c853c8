import { describe, expect, it } from 'vitest'
import { explainValue } from './explain-text.ts'

const payload = JSON.stringify({
  temperature: 'abc',
  n: null,
  i: 5,
  zero: 0,
  t: true,
  Battery: 3,
  a: 1,
  list: [1, 2, 3],
  none: [],
  o: { k: 1, deep: { x: 2 } },
  day: 'tomorrow',
})

/** Why an expression is Undefined, at the place where the Undefined was born. */
async function causeOf(expression: string, bytes: string | Buffer = payload): Promise<string> {
  const node = await explainValue(expression, bytes)
  expect([node.type, node.preview]).toEqual(['Undefined', 'Undefined'])
  return node.because === undefined ? node.reason! : `${node.because.text}: ${node.because.reason}`
}

describe('the reason of an Undefined', () => {
  it.each([
    ['missing', '`missing` is not in the payload'],
    ['battery', '`battery` is not in the payload; there is `Battery`'],
    ['temprature', '`temprature` is not in the payload; there is `temperature`'],
    ['*.missing', '`missing` is not in the payload'],
    ['a.b', '`a` is an Int and has no members'],
    ['n.b', '`n` is Null and has no members'],
    ['list.b', '`list` is an Array and has no members'],
    ['o.z', '`o` has no member `z`'],
    ['o.Deep', '`o` has no member `Deep`; there is `deep`'],
    ['o.deep.x.y', '`o.deep.x` is an Int and has no members'],
  ])('names what a path lacks: %s', async (expression, reason) => {
    expect(await causeOf(expression)).toBe(reason)
  })

  it.each([
    ['', 'the payload is empty, so `x` has no value'],
    ['[1,2]', 'the payload is an Array of 2 elements and has no field `x`'],
    ['"text"', 'the payload is the String "text" and has no field `x`'],
    ['{"x":1', 'the payload is not JSON (comma or closing brace expected at byte 6), so `x` has no value'],
    ['{"x":tru}', 'the payload is not JSON (unexpected character at byte 5), so `x` has no value'],
    [Buffer.from([0x22, 0xff, 0x22]), 'the payload is not UTF-8, so `x` has no value'],
    ['{}', '`x` is not in the payload, which is empty'],
  ])('says what is wrong with the payload %j', async (bytes, reason) => {
    expect(await causeOf('x', bytes)).toBe(reason)
  })

  it.each([
    ['temperature > 30', '`temperature` is the String "abc", which is not a number; > compares numbers'],
    ['t < 3', '`t` is the Boolean true, which is not a number; < compares numbers'],
    ['3 >= n', '`n` is Null, which is not a number; >= compares numbers'],
    ['missing = 3', 'missing: `missing` is not in the payload'],
    ['temperature * 2', '`temperature` is the String "abc", which is not a number'],
    ['i - list', '`list` is an Array of 3 elements, which is not a number'],
    ['o + 1', '`o` is an Object with the members k, deep, which is not a number'],
    ['temperature + n', '`n` is Null, which has no String form to join'],
    ['i / zero', 'division by zero: `zero` is 0'],
    ['i / 0', 'division by zero'],
    ['i % zero', 'division by zero: `zero` is 0'],
    ['-temperature', '`temperature` is the String "abc", which is not a number'],
    ['NOT i', '`i` is the Int 5, which is not a Boolean; NOT takes Booleans alone'],
    ['t AND i', '`i` is the Int 5, which is not a Boolean; AND takes Booleans alone'],
    ['true OR missing', 'missing: `missing` is not in the payload'],
    ['i IN o', '`o` is an Object with the members k, deep, but IN looks in an Array'],
    ['missing IN list', 'missing: `missing` is not in the payload'],
    ['cast(temperature AS Decimal)', '`temperature` is the String "abc", which does not become Decimal'],
    ['cast(n AS String)', '`n` is Null, which does not become String'],
  ])('names the operand and what it was: %s', async (expression, reason) => {
    expect(await causeOf(expression)).toBe(reason)
  })

  it.each([
    ['substring(n, 1)', 'substring(): argument 1, `n`, is Null, which has no String form'],
    ["abs('x')", 'abs(): argument 1, `\'x\'`, is the String "x", which does not become Decimal'],
    ['abs(t)', 'abs(): argument 1, `t`, is the Boolean true, which does not become Decimal'],
    ['upper(missing)', 'missing: `missing` is not in the payload'],
    ['get(list, 5)', 'get(): array index 5 is beyond the last element 2'],
    ['get(list, -1)', 'get(): index -1 is below 0'],
    ['get(none, 0)', 'get(): the Array is empty'],
    ["get(o, 'zz')", 'get(): an Object with the members k, deep has no member "zz"'],
    ['get(o, 1)', 'get(): the key of an Object is a String, and this one is the Int 1'],
    ['get(i, 1)', 'get(): argument 1 is the Int 5, not an Array, a String or an Object'],
    ['mod(i, zero)', 'mod(): division by zero'],
    ['sqrt(-4)', 'sqrt(): the square root of the Int -4 is no real number'],
    ['chr(300)', 'chr(): the code is the Int 300, and those of ASCII are 0 to 127'],
    ["regexp_substr(temperature, '[0-9]+')", 'regexp_substr(): "abc" does not match "[0-9]+"'],
    ["regexp_matches(temperature, '(')", 'regexp_matches(): "(" is no regular expression: unclosed group'],
    [
      "time_to_epoch(day, 'yyyy-MM-dd')",
      'time_to_epoch(): "tomorrow" does not fit the pattern "yyyy-MM-dd", or has no date',
    ],
    ["parse_time('yyyy', 0, 'Nowhere')", 'parse_time(): there is no time zone "Nowhere"'],
    ['topic(3)', 'topic(): the topic a/b has no segment 3: it has 2, counted from 1'],
    ['topic(0)', 'topic(): the topic a/b has no segment 0: it has 2, counted from 1'],
    ['principal()', 'principal(): the publisher is not authenticated'],
    ["get_mqtt_property('content_type')", 'get_mqtt_property(): the message has no property content_type'],
    ["get_user_properties('k')", 'get_user_properties(): the message has no user property "k"'],
    ["concat('a', n)", 'concat(): argument 2 is Null, which has no String form'],
    ['get_or_default(n)', 'get_or_default(): the value is Null, and there is no default'],
    ['sinh(1e30)', 'sinh(): the result for the Int 1000000000000000000000000000000 is out of range'],
    ['get_or_default(missing)', 'missing: `missing` is not in the payload'],
    ["transform('enrichArray', o, list)", 'transform(): element 0 of the Array is no Object'],
  ])('tells why a function has no value: %s', async (expression, reason) => {
    expect(await causeOf(expression)).toBe(reason)
  })

  it.each([
    ["CASE i WHEN 4 THEN 'x' END", '`i` is the Int 5, which no WHEN equals, and there is no ELSE'],
    ["CASE missing WHEN 4 THEN 'x' ELSE 'y' END", 'missing: `missing` is not in the payload'],
    ['CASE i WHEN 5 THEN missing ELSE 1 END', 'missing: `missing` is not in the payload'],
    ['(SELECT * FROM i)', '`i` is the Int 5, but FROM takes an Array or an Object'],
    ['(SELECT * FROM missing)', 'missing: `missing` is not in the payload'],
    [
      '(SELECT k FROM o WHERE k > 1)',
      'the Object `o` does not pass the inner WHERE, or what is selected of it is Undefined',
    ],
  ])('tells it of CASE and nested SELECT: %s', async (expression, reason) => {
    expect(await causeOf(expression)).toBe(reason)
  })

  it('follows an Undefined from operand to operand down to where it was born', async () => {
    const node = await explainValue('upper(trim(o.z)) + 1', payload)
    expect(node.reason).toBe('`upper(trim(o.z))` is Undefined')
    expect(node.because).toEqual({
      text: 'o.z',
      span: { start: 18, end: 21, line: 1, column: 19 },
      reason: '`o` has no member `z`',
    })
  })

  it('names the element of a nested SELECT beside the payload', async () => {
    const node = await explainValue('(SELECT x.y AS r FROM list)', '{"list":[{"z":1}]}')
    const inner = node.children[1]!.children[0]!
    expect(inner.because?.reason).toBe('`x` is neither in the element nor in the payload')
  })
})
