import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { compileExpression, functionSpecs, parseExpression } from '../../../src/sql/index.ts'
import { defineFunction, findFunction, optional, param, rest } from '../../../src/sql/functions/index.ts'
import { isInt, isNumeric, readJson, typeOf, type Value, writeJson } from '../../../src/value/index.ts'
import { dynamic, evaluate, problems, scopeOf, services } from './call.ts'

const folder = new URL('../../../src/sql/functions/', import.meta.url)

function evaluateText(text: string): Value {
  const version = '2016-03-23'
  const parsed = parseExpression(text)
  if (!parsed.ok) throw new Error(parsed.diagnostics[0]!.message)
  const compiled = compileExpression(parsed.expression, version, undefined, { services })
  if (!compiled.ok) throw new Error(compiled.diagnostics[0]!.message)
  return compiled.expression.evaluate(scopeOf())
}

function isOfType(value: Value, type: string): boolean {
  if (type === 'Any') return true
  if (type === 'Int') return isInt(value)
  return type === 'Decimal' ? isNumeric(value) : typeOf(value) === type
}

describe('function specs', () => {
  for (const spec of functionSpecs) {
    for (const example of spec.examples) {
      const [text] = example
      it(`${text} is what its example says`, () => {
        const value = evaluateText(text)
        if (example.length === 1) {
          expect(value === undefined || isOfType(value, spec.returns)).toBe(true)
          return
        }
        const want = example[1] === undefined ? undefined : readJson(JSON.stringify(example[1]))
        expect(writeJson(value)).toBe(want?.ok === true ? writeJson(want.value) : undefined)
        expect(value === undefined || value === null || isOfType(value, spec.returns)).toBe(true)
      })
    }
  }

  it('are all listed, each once and in alphabetical order', () => {
    const defined = readdirSync(folder)
      .filter((file) => file.endsWith('.ts') && file !== 'define.ts')
      .flatMap((file) => [
        ...readFileSync(new URL(file, folder), 'utf8').matchAll(/defineFunction\(\{\n\s+name: '(\w+)'/g),
      ])
      .map((match) => match[1]!)
    const names = functionSpecs.map((spec) => spec.name)
    expect([...names].sort()).toEqual(defined.sort())
    const folded = names.map((name) => name.toLowerCase().replaceAll('_', ''))
    expect(folded).toEqual([...folded].sort())
    expect(new Set(folded).size).toBe(names.length)
  })

  it('are found by name in any case', () => {
    expect(findFunction('CLIENTID')?.name).toBe('clientid')
    expect(findFunction('nosuch')).toBeUndefined()
  })

  for (const { name, params } of functionSpecs) {
    it(`${name}() survives every type in every place`, () => {
      const values: Value[] = [
        undefined,
        null,
        true,
        -1,
        2.5,
        1e300,
        '',
        'x',
        '7',
        [],
        [1, [null]],
        new Map([['k', 1]]),
      ]
      for (const value of values) {
        const args = params.map(() => value)
        expect(() => evaluate(name, dynamic(...args))).not.toThrow()
        expect(() => evaluate(name, dynamic(...args, ...args))).not.toThrow()
      }
    })

    it(`${name}() is Undefined when a typed parameter is Undefined or Null`, () => {
      for (const [index, parameter] of params.entries()) {
        if (parameter.type === 'Any') continue
        for (const value of [undefined, null]) {
          const args = params.map((_each, place) => (place === index ? value : '1'))
          expect(evaluate(name, dynamic(...args))).toBeUndefined()
        }
      }
    })
  }
})

describe('defineFunction', () => {
  const shared = {
    name: 'f',
    since: '2015-10-08',
    summary: 's',
    returns: 'Int',
    effect: 'pure',
    examples: [['f()']],
    source: 's',
  } as const

  it('refuses parameters that share a name', () => {
    const params = [param('a', 'Int', ''), param('a', 'Int', '')] as const
    expect(() => defineFunction({ ...shared, params, evaluate: () => 1 })).toThrow(
      'two parameters share a name',
    )
  })

  it('refuses a required parameter behind an optional one or behind rest', () => {
    const late = [optional('a', 'Int', ''), param('b', 'Int', '')] as const
    expect(() => defineFunction({ ...shared, params: late, evaluate: () => 1 })).toThrow(
      'required parameters come first',
    )
    const behindRest = [rest('a', 'Int', ''), rest('b', 'Int', '')] as const
    expect(() => defineFunction({ ...shared, params: behindRest, evaluate: () => 1 })).toThrow(
      'at most one rest',
    )
  })
})

describe('checkCall', () => {
  it('warns of a wrong number of arguments and says how many there are', () => {
    const [problem] = problems('power', dynamic(2))
    expect(problem).toMatchObject({ code: 'SQL_ARGUMENT_COUNT', severity: 'warning' })
    expect(problem!.message).toContain('takes 2 arguments, not 1')
    expect(evaluate('power', dynamic(2))).toBeUndefined()
    expect(problems('topic', dynamic(1, 2))[0]!.message).toContain('takes 0 to 1 argument')
  })

  it('warns of a constant argument that does not convert', () => {
    expect(problems('abs', [{ evaluate: () => 'x', constant: true, value: 'x' }])).toMatchObject([
      { code: 'SQL_ARGUMENT_TYPE', severity: 'warning', argument: 0 },
    ])
  })

  it('refuses a function of a later language version', () => {
    expect(problems('length', dynamic('x'), '2015-10-08')).toMatchObject([
      { code: 'SQL_FUNCTION_NOT_IN_VERSION', severity: 'error' },
    ])
  })

  it('refuses every function that needs a service which is not configured, by name', () => {
    expect(services).toContain('aws_lambda')
    for (const name of services) {
      const [problem] = problems(name, dynamic('x'), '2016-03-23', new Set())
      expect(problem).toMatchObject({ code: 'SQL_FUNCTION_UNAVAILABLE', severity: 'error' })
      expect(problem!.message).toContain(`${name}()`)
      expect(problem!.message).toContain(findFunction(name)!.configuration)
    }
  })
})
