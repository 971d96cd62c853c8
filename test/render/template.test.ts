import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  compileTemplate,
  MAX_RENDERED,
  MAX_TEMPLATE,
  type Rendered,
  type Template,
} from '../../src/render/index.ts'
import { compileStatement, parseStatement, type VariableTable } from '../../src/sql/index.ts'
import { scopeOf } from './scope.ts'

function templateOf(text: string, variables?: VariableTable): Template {
  const result = compileTemplate(text, '2016-03-23', variables)
  if (!result.ok) throw new Error(JSON.stringify(result.diagnostics))
  return result.template
}

function render(text: string, payload: unknown = {}): Rendered {
  return templateOf(text).render(scopeOf(typeof payload === 'string' ? payload : JSON.stringify(payload)))
}

describe('templates', () => {
  it.each([
    ['${topic()}/republish', {}, 'my/iot/topic/republish'],
    ['${topic(1)}${topic(2)}', {}, 'myiot'],
    ['device/${device_id}', { device_id: 'abc' }, 'device/abc'],
    ['${floor(timestamp() / 1E3)}', {}, '1481825251'],
    ['${ x }', { x: 'spaces around' }, 'spaces around'],
    ['${x}', { x: 7 }, '7'],
    ['${x}', { x: true }, 'true'],
    ['${x}', { x: [1, 'a', { b: null }] }, '[1,"a",{"b":null}]'],
    ['${x}', { x: { b: 1, a: 2 } }, '{"b":1,"a":2}'],
    ['a ${x} b ${y} c', { x: 1, y: '${z}' }, 'a 1 b ${z} c'],
    ['$${x}', { x: 5 }, '$5'],
    ['{${x}}', { x: 5 }, '{5}'],
    ['${x}}', { x: 5 }, '5}'],
  ])('render %s', (text, payload, expected) => {
    expect(render(text, payload)).toEqual({ text: expected })
  })

  it.each([
    ['${get({"a":"b"}, "a")}', 'b'],
    ["${get({'a': {'c': 1}}, 'a')}", '{"c":1}'],
    ["${'a}b'}", 'a}b'],
    ["${'${x}'}", '${x}'],
    ["${concat('{', '}')}", '{}'],
    ['${get([1,\n 2],\r\n 1)}', '2'],
    ['${get((SELECT VALUE n FROM e), 0)}', 'x'],
  ])('end a tag where its expression ends: %s', (text, expected) => {
    expect(render(text, { e: [{ n: 'x' }] })).toEqual({ text: expected })
  })

  it.each([
    "${'#x'}",
    "${'!x'}",
    "${'=<% %>='}",
    '${-x}',
    "${'&x'}",
    "${'/x'}",
    "${'^x'}",
    "${'>x'}",
    "${{'k': 1}}",
  ])('keep from mustache what begins a tag like one of its controls: %s', (text) => {
    expect(render(text, { x: 1 }).undefinedAt).toBeUndefined()
  })

  it('keep number text that a double could not hold', () => {
    expect(render('${x}', '{"x": 12345678901234567890.123}').text).toBe('12345678901234567890.123')
    expect(render('${x}', '{"x": 0.1}').text).toBe('0.1')
  })

  it('read the original payload whatever SELECT makes of it', () => {
    expect(templateOf('${temp}').render(scopeOf('{"temp": 20}', "SELECT 99 AS temp FROM '#'"))).toEqual({
      text: '20',
    })
  })

  it('read the variables of SET', () => {
    const sql = "SET @c = (f - 32) * 5 / 9 SELECT @c AS celsius FROM '#'"
    const parsed = parseStatement(sql)
    const compiled = parsed.ok ? compileStatement(parsed.statement, '2016-03-23') : parsed
    if (!compiled.ok) throw new Error('the statement is valid')
    const template = templateOf('t/${d}/temp-${@c}C', compiled.query.variables)
    expect(template.render(scopeOf('{"f": 77, "d": "d1"}', sql))).toEqual({ text: 't/d1/temp-25C' })
  })

  it.each([
    ['pre-${x}-post', {}, 'pre--post'],
    ['pre-${x}-post', { x: null }, 'pre--post'],
    ['${x}', {}, ''],
    ['${x}', '\u0000not json', ''],
  ])('render %s of %j as text without it and name the tag', (text, payload, expected) => {
    expect(render(text, payload)).toEqual({ text: expected, undefinedAt: '${x}' })
  })

  it('name the first of several tags that have no value', () => {
    expect(render('${a}${ b }${c}', { a: 1 })).toEqual({ text: '1', undefinedAt: '${ b }' })
  })

  it('do not render more than the bound', () => {
    const half = 'x'.repeat(MAX_RENDERED / 2)
    expect(render('${x}${x}', { x: half }).text.length).toBe(MAX_RENDERED)
    expect(render('${x}${x}!', { x: half })).toEqual({ text: '', tooLong: true })
    expect(render('${x}', { x: `${half}${half}!` })).toEqual({ text: '', tooLong: true })
  })
})

describe('constant templates', () => {
  it.each([
    ['', ''],
    ['plain', 'plain'],
    ['cost $5 {x}', 'cost $5 {x}'],
    ['{{x}} {{{y}}} {{#z}}', '{{x}} {{{y}}} {{#z}}'],
    ['# ! / ^ & = >', '# ! / ^ & = >'],
    ["${1 + 1} and ${'two'}", '2 and two'],
    ["${upper('a')}", 'A'],
  ])('fold %j', (text, expected) => {
    const template = templateOf(text)
    expect(template).toMatchObject({ constant: expected, effect: 'pure', text })
    expect(template.render(scopeOf('{}'))).toEqual({ text: expected })
  })

  it('do not fold where a tag has no value, so that its field can refuse it', () => {
    const template = templateOf('a${null}')
    expect(template.constant).toBeUndefined()
    expect(template.effect).toBe('pure')
    expect(template.render(scopeOf('{}'))).toEqual({ text: 'a', undefinedAt: '${null}' })
  })

  it.each([
    ['${newuuid()}', 'random'],
    ['${timestamp()}', 'clock'],
    ['${x}${timestamp()}', 'clock'],
    ['${timestamp()}${x}', 'clock'],
    ['${x}', 'message'],
  ])('are not made of %s, whose effect is %s', (text, effect) => {
    expect(templateOf(text)).toMatchObject({ constant: undefined, effect })
  })
})

describe('literal text around tags', () => {
  it.each([
    'a\n${x}\nb',
    '  ${x}  \n',
    '\n\n${x}\n \n${x}',
    '\t${x}\r\n',
    '{{x}}${x}{{{y}}}',
    '}${x}}}',
    '$ {${x}',
    '$$${x}$',
    '\u2028${x}\ufeff',
    '=${x}=#!',
  ])('survives unchanged: %j', (text) => {
    expect(render(text, { x: '*' })).toEqual({ text: text.replaceAll('${x}', '*') })
  })

  it('survives unchanged whatever it is', () => {
    const literal = fc
      .array(
        fc.constantFrom(
          '$',
          '{',
          '}',
          '{{',
          '}}',
          '\n',
          ' ',
          '\t',
          '\r\n',
          '#',
          '^',
          '/',
          '>',
          '&',
          '=',
          '!',
          'a',
          '0',
          "'",
          '"',
          '\\',
          'é',
          '😀',
        ),
        { maxLength: 8 },
      )
      .map((pieces) => pieces.join(''))
      .filter((text) => !text.includes('${') && !text.endsWith('$'))
    const property = fc.property(fc.array(literal, { minLength: 1, maxLength: 5 }), (literals) => {
      // "$" before "{" of the next tag would be "${" too; it is covered by the cases above.
      expect(render(literals.join('${x}'), { x: '' }).text).toBe(literals.join(''))
    })
    fc.assert(property, { numRuns: 500 })
  })
})

describe('faults in templates', () => {
  it.each([
    ['${', 'SQL_TAG_UNCLOSED', 1, 1],
    ['a/${x', 'SQL_TAG_UNCLOSED', 1, 3],
    ['a/${nosuch(1)}', 'SQL_UNKNOWN_FUNCTION', 1, 5],
    ['a\nb ${nosuch(1)}', 'SQL_UNKNOWN_FUNCTION', 2, 5],
    ['a${1 +\n  nosuch(1)}', 'SQL_UNKNOWN_FUNCTION', 2, 3],
    ['${@nope}', 'SQL_VARIABLE_UNKNOWN', 1, 3],
  ])('are placed inside the template: %j', (text, code, sqlLine, sqlColumn) => {
    const result = compileTemplate(text, '2016-03-23')
    expect(result).toMatchObject({
      ok: false,
      diagnostics: [{ code, severity: 'error', sqlLine, sqlColumn }],
    })
  })

  it('are told all at once', () => {
    const result = compileTemplate('${nosuch(1)} ${1 +} ${}', '2016-03-23')
    const codes = result.ok ? [] : result.diagnostics.map(({ code }) => code)
    expect(codes).toEqual(['SQL_UNKNOWN_FUNCTION', 'SQL_SYNTAX', 'SQL_SYNTAX'])
  })

  it('include a length and a number of tags beyond the bound', () => {
    const long = compileTemplate('x'.repeat(MAX_TEMPLATE + 1), '2016-03-23')
    expect(long).toMatchObject({ ok: false, diagnostics: [{ code: 'TEMPLATE_TOO_LONG' }] })
    const many = compileTemplate('${x}'.repeat(101), '2016-03-23')
    expect(many).toMatchObject({ ok: false, diagnostics: [{ code: 'TEMPLATE_TOO_MANY_TAGS' }] })
  })

  it('are faults, never exceptions, for any text', () => {
    const piece = fc.constantFrom(
      '${',
      '}',
      '{',
      "'",
      '"',
      'x',
      '(',
      ')',
      'SELECT',
      ' ',
      '\n',
      '@',
      '1',
      ',',
      '[',
      '\\',
      '\ud800',
    )
    const property = fc.property(fc.array(piece, { maxLength: 20 }), (pieces) => {
      const result = compileTemplate(pieces.join(''), '2016-03-23')
      if (result.ok) result.template.render(scopeOf('{"x": 1}'))
    })
    fc.assert(property, { numRuns: 500 })
  })
})
