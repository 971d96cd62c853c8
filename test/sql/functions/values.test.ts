import { describe, expect, it } from 'vitest'
import { Decimal } from '../../../src/value/index.ts'
import { call, constant, dynamic, evaluate, exceededBy, problems } from './call.ts'

const big = Decimal.parse('9007199254740993')!

describe('functions of values', () => {
  it('keep Ints beyond 53 bits exact', () => {
    expect(String(call('abs', Decimal.parse('-9007199254740993')))).toBe('9007199254740993')
    expect(String(call('bitor', big, 4))).toBe('9007199254740997')
    expect(String(call('floor', Decimal.parse('9007199254740993.7')))).toBe('9007199254740993')
    expect(String(call('ceil', Decimal.parse('-9007199254740993.7')))).toBe('-9007199254740993')
    expect(String(call('trunc', Decimal.parse('1.23456789012345678901234567'), 20))).toBe(
      '1.23456789012345678901',
    )
  })

  it.each([
    [2.5, 3],
    [-2.5, -3],
    [-1.1, -1],
    [0.49999, 0],
    ['1e3', 1000],
  ])('round(%s) is %s', (number, want) => {
    expect(call('round', number)).toBe(want)
  })

  it.each([
    [13, 2],
    [0, 1],
    [255, 0],
    [-1, 0],
    ['13.9', 2],
    [true, undefined],
  ])('bitnot(%s) is %s', (number, want) => {
    expect(call('bitnot', number)).toBe(want)
  })

  it('never computes NaN, infinities or numbers out of range', () => {
    for (const name of ['acos', 'ln', 'log', 'sqrt']) expect(call(name, -5)).toBeUndefined()
    expect(call('exp', 1e6)).toBeUndefined()
    expect(call('power', 10, 400)).toBeUndefined()
  })

  it('computes MD2 as RFC 1319 lists it', () => {
    expect(call('md2', '')).toBe('8350e5a3e24c153df2275c9f80692773')
    expect(call('md2', 'abc')).toBe('da853b0d3f88d99b30283a69e6ded6bb')
    const digits = '1234567890'.repeat(8)
    expect(call('md2', digits)).toBe('d5976f79d83d3a0dc9806c3c66f3efd8')
  })

  it('bounds what string functions produce', () => {
    expect((call('lpad', 'ab', 5000) as string).length).toBe(1002)
    expect(call('rpad', 'ab', -5)).toBe('ab')
    const long = dynamic('a'.repeat(100_000), 'a', 'b'.repeat(100_000))
    expect(exceededBy(() => evaluate('replace', long))).toBe('work')
    const half = 'a'.repeat(20_000_000)
    expect(exceededBy(() => evaluate('concat', dynamic(half, half)))).toBe('work')
    expect(exceededBy(() => evaluate('concat', dynamic(half, 'b')))).toBeUndefined()
  })

  it('trims tabs and spaces in linear time', () => {
    expect(call('trim', '\t a b \t')).toBe('a b')
    expect(call('rtrim', `${' '.repeat(200_000)}x`)).toHaveLength(200_001)
    expect(call('trim', ' \t ')).toBe('')
  })

  it.each([
    [['a', 'b'], '1', 'b'],
    [['a', 'b'], 1.9, 'b'],
    [['a', 'b'], -0.5, undefined],
    [['a'], 7, undefined],
    ['abc', '2', 'c'],
    ['abc', 'length', undefined],
    [5, 0, undefined],
  ])('get(%j, %j) is %j', (collection, key, want) => {
    expect(call('get', collection, key)).toBe(want)
  })

  it('get() reads members by String alone', () => {
    const object = new Map([['1', 'one']])
    expect(call('get', object, '1')).toBe('one')
    expect(call('get', object, 1)).toBeUndefined()
  })

  it.each([
    ['aGVsbG8=', 'hello'],
    ['aGVsbG8', 'hello'],
    ['NS4w', 5],
    ['bnVsbA==', null],
    ['a', null],
    ['aGV=bG8=', null],
    ['/w==', null],
  ])('decode(%s) is %s', (text, want) => {
    expect(call('decode', text, 'base64')).toBe(want)
  })

  it('refuses protobuf by name and warns of unknown schemes', () => {
    expect(problems('decode', [...dynamic('x'), ...constant('proto', 'b', 'k', 'f', 'm')])).toMatchObject([
      { code: 'SQL_FUNCTION_UNAVAILABLE', severity: 'error' },
    ])
    expect(problems('decode', [...dynamic('x'), ...constant('hex')])).toMatchObject([
      { code: 'SQL_ARGUMENT_TYPE', severity: 'warning' },
    ])
  })

  it('transform() lets the added members win and keeps the order of the element', () => {
    const element = new Map([
      ['a', 0],
      ['b', 2],
    ])
    const enriched = evaluate('transform', [
      ...constant('enrichArray'),
      ...dynamic(new Map([['a', 1]]), [element]),
    ])
    expect(enriched).toEqual([
      new Map([
        ['a', 1],
        ['b', 2],
      ]),
    ])
  })

  it('are Undefined for numbers beyond the range of Decimal', () => {
    const names = ['abs', 'floor', 'ceil', 'round', 'bitnot', 'chr', 'sign', 'sqrt', 'topic']
    for (const text of ['1E-2000000000', '1E+2000000000']) {
      for (const name of names) expect(evaluate(name, dynamic(Decimal.parse(text)))).toBeUndefined()
      expect(evaluate('get', dynamic(['a'], Decimal.parse(text)))).toBeUndefined()
    }
    expect(call('floor', Decimal.parse('1E-999'))).toBe(0)
  })
})
