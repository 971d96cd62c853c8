import fc from 'fast-check'
import {
  type Expression,
  functionSpecs,
  type NestedSelect,
  type SelectClause,
  type Statement,
} from '../../src/sql/index.ts'

/*
 * Random trees of the whole grammar. Spans are all the same: `withoutSpans` makes trees comparable. A tree names the
 * payload members of `soundPayloads` where it can, so that statements find something to work on.
 */

const span = { start: 0, end: 0 }

/** Members that random payloads have, words with a meaning elsewhere, and names beyond ASCII. */
export const fieldNames = [
  'a',
  'b',
  'c',
  'n',
  's',
  'o',
  'list',
  'rows',
  'k',
  'value',
  'end',
  'set',
  'when',
  'größe',
  '温度',
  '_x1',
  '__proto__',
  'constructor',
]
const memberNames = [...fieldNames, 'from', 'select', 'where', 'and', 'NULL']
/** SET assigns these, in this order. */
const variableNames = ['v', 'w', '1st'] as const

const oddTexts = [
  '',
  "'",
  '"',
  "''",
  '\\',
  '\\d+',
  '\n\r\t',
  '\u0000',
  '\ud800',
  '\udc00x',
  '\u2028',
  '\u00a0',
  '\ufeff',
  '😀',
  '${a}',
  '--',
  '/*',
  'it\'s "it"',
  'true',
  'FALSE',
  '12',
  '-1.50',
  ' 7',
  '1e3',
  '{"a":1}',
  'abc',
  'hello world',
]
export const texts = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...oddTexts) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 8 }) },
  { weight: 1, arbitrary: fc.string({ maxLength: 8 }) },
)

/** Number literals as the grammar takes them; none is out of range. */
export const numberLiterals = fc.oneof(
  fc.constantFrom(
    '0',
    '1',
    '2',
    '10',
    '00',
    '1.50',
    '10.0',
    '1e3',
    '1E-7',
    '2.5e+2',
    '9007199254740993',
    '0.1',
    '0.2',
    '1234567890123456789012345678901234',
    '9e999',
    '1e-999',
  ),
  fc.nat(1000).map(String),
  fc.tuple(fc.nat(1000), fc.nat(1000)).map(([whole, fraction]) => `${whole}.${fraction}`),
)

const castTypes = ['String', 'Int', 'INTEGER', 'Decimal', 'Boolean', 'bool', 'nvarchar', 'Double']

/** What may differ between two generators of trees. */
interface TreeOptions {
  /** Names of functions with the numbers of arguments that they take. */
  readonly functions: readonly (readonly [name: string, min: number, max: number])[]
  /** Variables that are assigned. */
  readonly variables: readonly string[]
}

const literal = fc.oneof(
  numberLiterals.map((text): Expression => ({ kind: 'literal', span, type: 'number', text })),
  texts.map((value): Expression => ({ kind: 'literal', span, type: 'string', value })),
  fc
    .constantFrom(true, false, null)
    .map((value): Expression => ({ kind: 'literal', span, type: 'constant', value })),
)
const field = fc.constantFrom(...fieldNames).map((name): Expression => ({ kind: 'field', span, name }))
const payloadMember = fc
  .constantFrom(...memberNames)
  .map((name): Expression => ({ kind: 'member', span, object: { kind: 'payload', span }, name }))
const star = fc.constant<Expression>({ kind: 'payload', span })

type Tie = {
  expression: Expression
  element: Expression
  argument: Expression
  list: Expression
  query: NestedSelect
  clause: SelectClause
}

function trees({ functions, variables }: TreeOptions): { [Key in keyof Tie]: fc.Arbitrary<Tie[Key]> } {
  const variable =
    variables.length === 0
      ? field
      : fc.constantFrom(...variables).map((name): Expression => ({ kind: 'variable', span, name }))
  return fc.letrec<Tie>((tie) => {
    const some = tie('expression')
    const pair = fc.tuple(some, some)
    const call = fc
      .constantFrom(...functions)
      .chain(([name, min, max]) =>
        fc
          .array(tie('argument'), { minLength: min, maxLength: max })
          .map((args): Expression => ({ kind: 'call', span, name, nameSpan: span, arguments: args })),
      )
    const compound: fc.Arbitrary<Expression>[] = [
      fc
        .tuple(some, fc.constantFrom(...memberNames))
        .map(([object, name]) => ({ kind: 'member', span, object, name })),
      some.map((operand) => ({ kind: 'negate', span, operand })),
      some.map((operand) => ({ kind: 'not', span, operand })),
      fc
        .tuple(fc.constantFrom('+', '-', '*', '/', '%'), pair)
        .map(([operator, [left, right]]) => ({ kind: 'arithmetic', span, operator, left, right })),
      fc
        .tuple(fc.constantFrom('=', '<>', '<', '<=', '>', '>='), pair)
        .map(([operator, [left, right]]) => ({ kind: 'comparison', span, operator, left, right })),
      fc
        .tuple(fc.constantFrom('AND', 'OR'), fc.array(some, { minLength: 2, maxLength: 4 }))
        .map(([operator, operands]) => ({ kind: 'logical', span, operator, operands })),
      fc
        .tuple(some, tie('list'))
        .map(([elementValue, list]) => ({ kind: 'in', span, element: elementValue, list })),
      tie('query').map((query) => ({ kind: 'exists', span, query })),
      fc
        .tuple(
          some,
          fc.array(fc.record({ when: some, then: some }), { minLength: 1, maxLength: 3 }),
          fc.option(some, { nil: undefined }),
        )
        .map(([subject, branches, otherwise]) => ({ kind: 'case', span, subject, branches, otherwise })),
      fc
        .tuple(some, fc.constantFrom(...castTypes))
        .map(([operand, type]) => ({ kind: 'cast', span, operand, type, typeSpan: span })),
      call,
      call,
      fc.array(tie('element'), { maxLength: 4 }).map((elements) => ({ kind: 'array', span, elements })),
      fc
        .array(fc.record({ key: texts, value: tie('element') }), { maxLength: 4 })
        .map((entries) => ({ kind: 'object', span, entries })),
      tie('query'),
    ]
    return {
      expression: fc.oneof(
        { maxDepth: 4, depthIdentifier: 'tree', withCrossShrink: true },
        { weight: 4, arbitrary: field },
        { weight: 3, arbitrary: literal },
        { weight: 1, arbitrary: payloadMember },
        { weight: 1, arbitrary: variable },
        ...compound.map((arbitrary) => ({ weight: 1, arbitrary })),
      ),
      element: fc.oneof({ weight: 8, arbitrary: some }, { weight: 1, arbitrary: star }),
      argument: fc.oneof({ weight: 8, arbitrary: some }, { weight: 1, arbitrary: star }),
      // A literal to the right of IN is refused.
      list: some.filter(({ kind }) => kind !== 'literal'),
      query: fc
        .tuple(
          tie('clause'),
          fc.oneof(field, star, some),
          fc.option(fc.constantFrom('r', 'a', 'x', 'select', 'end'), { nil: undefined }),
          fc.option(some, { nil: undefined }),
        )
        .map(([select, source, alias, where]): NestedSelect => ({
          kind: 'select',
          span,
          select,
          source,
          alias,
          where,
        })),
      clause: fc.oneof(
        tie('element').map((value): SelectClause => ({ kind: 'value', span, value })),
        fc
          .array(
            fc.record({
              value: tie('element'),
              spread: fc.oneof({ weight: 5, arbitrary: fc.constant(false) }, fc.boolean()),
              alias: fc.option(aliases, { nil: undefined }),
            }),
            { minLength: 1, maxLength: 4 },
          )
          .map((items): SelectClause => ({
            kind: 'items',
            span,
            items: items.map((item) => ({
              ...item,
              // `*` takes no star of its own.
              spread: item.spread && item.value.kind !== 'payload',
              span,
            })),
          })),
      ),
    }
  })
}

const aliases: fc.Arbitrary<readonly string[]> = fc.oneof(
  fc.array(fc.constantFrom('x', 'y', 'a', 'select', '温度', '__proto__'), { minLength: 1, maxLength: 3 }),
  texts.map((text) => [text]),
  fc.constantFrom(['from'], ['a', 'from', 'where']),
)

const filters = fc.oneof(fc.constantFrom('a/b', '#', '+/b', '$aws/things/+/shadow'), texts)

function statementsOf(
  make: (variables: readonly string[]) => ReturnType<typeof trees>,
): fc.Arbitrary<Statement> {
  const steps = [0, 1, 2, 3].map((count) => make(variableNames.slice(0, count)))
  return fc.nat(3).chain((count) =>
    fc
      .tuple(
        fc.tuple(
          ...variableNames
            .slice(0, count)
            .map((name, index) => steps[index]!.expression.map((value) => ({ name, nameSpan: span, value }))),
        ),
        steps[count]!.clause,
        fc.option(
          filters.map((filter) => ({ filter, span })),
          { nil: undefined },
        ),
        fc.option(steps[count]!.expression, { nil: undefined }),
      )
      .map(([assignments, select, from, where]): Statement => ({
        kind: 'statement',
        text: '',
        assignments,
        select,
        from,
        where,
      })),
  )
}

/** Calls of functions that need nothing but their arguments, the payload and the message. */
const knownFunctions = functionSpecs
  .filter(({ effect }) => effect !== 'remote')
  .map(({ name, arity }): [string, number, number] => [name, arity.min, Math.min(arity.max, arity.min + 3)])

/** Statements of the whole grammar; what they call and read need not exist. */
export const anyStatements: fc.Arbitrary<Statement> = statementsOf(() =>
  trees({
    functions: [...knownFunctions, ['nope', 0, 4], ['Größe', 0, 1]],
    variables: ['v', 'w', '1st', 'zz'],
  }),
)

/** Expressions of the whole grammar. */
export const anyExpressions: fc.Arbitrary<Expression> = trees({
  functions: [...knownFunctions, ['nope', 0, 4]],
  variables: ['v', 'zz'],
}).argument

/** Statements whose functions and variables exist; most of them compile in 2016-03-23. */
export const soundStatements: fc.Arbitrary<Statement> = statementsOf((variables) =>
  trees({ functions: knownFunctions, variables }),
)

/** Expressions without variables whose functions exist. */
export const soundExpressions: fc.Arbitrary<Expression> = trees({
  functions: knownFunctions,
  variables: [],
}).expression

/** The tree without positions and text, for comparison. */
export function withoutSpans(tree: unknown): unknown {
  if (Array.isArray(tree)) return tree.map(withoutSpans)
  if (typeof tree !== 'object' || tree === null) return tree
  return Object.fromEntries(
    Object.entries(tree)
      .filter(
        ([key]) =>
          !['span', 'nameSpan', 'typeSpan'].includes(key) &&
          !(key === 'text' && ['statement', 'standalone'].includes((tree as { kind?: string }).kind ?? '')),
      )
      .map(([key, value]) => [key, withoutSpans(value)]),
  )
}

// ---- payloads

const numberSpellings = fc.oneof(
  fc.constantFrom(
    '0',
    '-0',
    '1',
    '-1',
    '1.50',
    '10.0',
    '-0.0',
    '1e3',
    '1E-7',
    '0.1',
    '9007199254740993',
    '1e999999',
    '-1e-999999',
    '1234567890123456789012345678901234567890',
    '0.000001',
    '123456789.123456789',
  ),
  fc.integer().map(String),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => JSON.stringify(number)),
)
const space = fc.constantFrom('', '', '', ' ', '\n\t')

/** JSON text of any kind: numbers in many spellings, duplicate keys, names such as `__proto__`, odd strings. */
const jsonTexts: fc.Arbitrary<string> = fc.letrec<{ value: string; object: string }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    { weight: 2, arbitrary: numberSpellings },
    { weight: 2, arbitrary: texts.map((text) => JSON.stringify(text)) },
    { weight: 1, arbitrary: fc.constantFrom('true', 'false', 'null') },
    {
      weight: 1,
      arbitrary: fc
        .tuple(fc.array(tie('value'), { maxLength: 4 }), space)
        .map(([items, gap]) => `[${items.join(`${gap},${gap}`)}]`),
    },
    { weight: 1, arbitrary: tie('object') },
  ),
  object: fc
    .tuple(
      fc.array(
        fc.tuple(
          fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...fieldNames) }, { weight: 1, arbitrary: texts }),
          tie('value'),
        ),
        { maxLength: 8 },
      ),
      space,
    )
    .map(
      ([members, gap]) =>
        `{${members.map(([key, value]) => `${gap}${JSON.stringify(key)}${gap}:${gap}${value}`).join(',')}}`,
    ),
})).object

/** JSON payloads, nearly all of them objects with the members that random statements name. */
export const soundPayloads: fc.Arbitrary<Buffer> = fc
  .oneof(
    { weight: 9, arbitrary: jsonTexts },
    {
      weight: 1,
      arbitrary: fc.oneof(
        numberSpellings,
        texts.map((text) => JSON.stringify(text)),
        jsonTexts.map((text) => `[${text},1]`),
      ),
    },
  )
  .map((text) => Buffer.from(text))

const mutated = fc
  .tuple(
    soundPayloads,
    fc.array(fc.tuple(fc.nat(), fc.nat(255), fc.constantFrom('set', 'cut', 'insert')), {
      minLength: 1,
      maxLength: 4,
    }),
  )
  .map(([bytes, edits]) =>
    edits.reduce<Buffer>((payload, [place, byte, how]) => {
      const at = place % (payload.length + 1)
      if (how === 'cut') return payload.subarray(0, at)
      return Buffer.concat([
        payload.subarray(0, at),
        Buffer.from([byte]),
        payload.subarray(how === 'set' ? at + 1 : at),
      ])
    }, bytes),
  )

const nested = fc
  .tuple(fc.constantFrom('[', '{"a":', '{"list":['), fc.constantFrom(10, 511, 512, 513, 20_000), fc.boolean())
  .map(([open, depth, closes]) => {
    const close = open === '[' ? ']' : open === '{"a":' ? '}' : ']}'
    return Buffer.from(open.repeat(depth) + '1' + (closes ? close.repeat(depth) : ''))
  })

/** What a device may send by mistake or on purpose: random bytes, broken JSON, very deep JSON, invalid UTF-8. */
export const hostilePayloads: fc.Arbitrary<Buffer> = fc.oneof(
  soundPayloads,
  mutated,
  nested,
  fc.uint8Array({ maxLength: 64 }).map((bytes) => Buffer.from(bytes)),
  fc.constantFrom(
    Buffer.alloc(0),
    Buffer.from('\ufeff{"a":1}'),
    Buffer.from('{"a":"\\ud800","b":"\\udc00\\ud800"}'),
    Buffer.from([0x7b, 0x22, 0x61, 0x22, 0x3a, 0x22, 0xff, 0xfe, 0x22, 0x7d]),
    Buffer.from('{"a":"x","a":[1,2],"__proto__":{"b":1},"constructor":{"prototype":{"k":2}}}'),
    Buffer.from(`{"a":1e999999,"b":-1e-999999,"n":${'9'.repeat(5000)},"s":"${'9'.repeat(5000)}"}`),
  ),
)
