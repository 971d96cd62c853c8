import { describe, expect, it } from 'vitest'
import { type Expression, findTags, parseStatement } from '../../src/sql/index.ts'

/** An expression of the statement's only item, with brackets where the grammar puts them. */
function shape(expression: string): string {
  const parsed = parseStatement(`SELECT ${expression} FROM 'a'`)
  if (!parsed.ok) return parsed.diagnostics[0]!.message
  const { select } = parsed.statement
  return select.kind === 'items' ? show(select.items[0]!.value) : `VALUE ${show(select.value)}`
}

function show(node: Expression): string {
  switch (node.kind) {
    case 'field':
      return node.name
    case 'literal':
      return node.type === 'number' ? node.text : String(node.value)
    case 'arithmetic':
    case 'comparison':
      return `(${show(node.left)} ${node.operator} ${show(node.right)})`
    case 'logical':
      return `(${node.operands.map(show).join(` ${node.operator} `)})`
    case 'not':
    case 'negate':
      return `${node.kind}(${show(node.operand)})`
    case 'member':
      return `${show(node.object)}.${node.name}`
    case 'in':
      return `(${show(node.element)} in ${show(node.list)})`
    default:
      return node.kind
  }
}

describe('operator precedence', () => {
  it.each([
    ['1 + 2 * 3', '(1 + (2 * 3))'],
    ['1 - 2 - 3', '((1 - 2) - 3)'],
    ['-a.b * c', '(negate(a.b) * c)'],
    ['5 - -3', '(5 - negate(3))'],
    ['a = 1 OR b = 2 AND NOT c = 3', '((a = 1) OR ((b = 2) AND not((c = 3))))'],
    ['NOT a AND b', '(not(a) AND b)'],
    ['a + 1 > b * 2', '((a + 1) > (b * 2))'],
    ['a IN b AND c', '((a in b) AND c)'],
    ['(1 + 2) * 3', '((1 + 2) * 3)'],
  ])('%s reads as %s', (text, expected) => {
    expect(shape(text)).toBe(expected)
  })
})

describe('words that are keywords elsewhere', () => {
  it.each([
    ['value', 'value'],
    ['value.x', 'value.x'],
    ['a.from.select', 'a.from.select'],
    ['end', 'end'],
    ['VALUE value', 'VALUE value'],
    ['VALUE -x', 'VALUE negate(x)'],
    ['value * 2', '(value * 2)'],
    ['exists', 'exists'],
    ['CASE end WHEN when THEN then ELSE end END', 'case'],
  ])('reads %s as %s', (text, expected) => {
    expect(shape(text)).toBe(expected)
  })
})

describe('statements', () => {
  it('takes every clause, in any case of the keywords', () => {
    const text = 'set @a = 1, @b = (select value n from e) Select *, x AS a.b wHeRe c > @a'
    const parsed = parseStatement(text)
    expect(parsed.ok && [parsed.statement.assignments.length, parsed.statement.from]).toEqual([2, undefined])
  })

  it('warns about a topic filter that is not in single quotes', () => {
    for (const filter of ['"topic/#"', 'topic/#', '$aws/things/+/shadow/update']) {
      const parsed = parseStatement(`SELECT * FROM ${filter} WHERE a = 1`)
      expect(parsed.ok && parsed.statement.from?.filter).toBe(filter.replaceAll('"', ''))
      expect(parsed.ok && parsed.warnings.map(({ code }) => code)).toEqual(['SQL_FROM_QUOTES'])
    }
  })

  it('asks for no single quotes around a topic filter that has one', () => {
    const parsed = parseStatement(`SELECT * FROM "it's"`)
    expect(parsed.ok && [parsed.statement.from?.filter, parsed.warnings]).toEqual(["it's", []])
  })

  it('keeps a backslash that is no escape, so that patterns read alike with one and with two', () => {
    expect(shape(String.raw`'\d+\\d+\'\n\u0041'`)).toBe("\\d+\\d+'\nA")
  })

  it('reads a doubled quote as one and warns', () => {
    const parsed = parseStatement("SELECT 'it''s' AS a FROM 'a'")
    expect(parsed.ok && parsed.warnings.map(({ code }) => code)).toEqual(['SQL_QUOTE_DOUBLED'])
    expect(shape("'it''s'")).toBe("it's")
  })

  it('warns that a hyphenated name is a subtraction, but not about a subtraction with spaces', () => {
    const codes = (text: string): unknown => {
      const parsed = parseStatement(text)
      return parsed.ok ? parsed.warnings.map(({ code }) => code) : parsed.diagnostics
    }
    expect(codes("SELECT my-key AS a FROM 'a'")).toEqual(['SQL_HYPHEN'])
    expect(codes("SELECT my - key AS a, b-1 AS c FROM 'a'")).toEqual([])
  })
})

describe('tags of a template', () => {
  it('end where the lexer closes them: braces, quotes and line breaks may stand inside', () => {
    const template = "a ${get({'}': {'b': 1}}, \"}\")} ${\n'${x}'\n}$x"
    const found = findTags(template)
    expect(found.ok && found.tags.map(({ body }) => body)).toEqual([
      "get({'}': {'b': 1}}, \"}\")",
      "\n'${x}'\n",
    ])
    expect(found.ok && found.tags.every((tag) => template.startsWith(tag.body, tag.bodyOffset))).toBe(true)
  })

  it('are refused with their position when they are not closed', () => {
    const found = findTags('a\n b ${x')
    expect(!found.ok && found.diagnostics).toMatchObject([
      { code: 'SQL_TAG_UNCLOSED', sqlLine: 2, sqlColumn: 4 },
    ])
  })
})
