import { type Chance } from './chance.ts'

/** A question to the JVM: its kind and its arguments. */
export type Case = readonly string[]

/** Decimals: pairs for the operators, single numbers for rounding, texts for reading, doubles for the functions. */
export function decimalCases(chance: Chance): Case[] {
  const numbers = [...corners, ...chance.times(450, () => numberText(chance))]
  return [
    ...corners.flatMap((left) => corners.map((right) => ['pair', left, right])),
    ...chance.times(1500, () => ['pair', numberText(chance), numberText(chance)]),
    ...chance.times(300, () => ['pair', ...tie(chance)]),
    ...numbers.map((number) => ['number', number]),
    ...oddTexts.map((text) => ['text', text]),
    ...chance.times(300, () => ['text', mutated(chance, numberText(chance))]),
    ...doubleCases(chance),
  ]
}

const corners = [
  ...[
    '0',
    '-0',
    '0.0',
    '0E5',
    '0E-7',
    '1',
    '-1',
    '1.0',
    '1.50',
    '10',
    '-10.00',
    '0.1',
    '0.2',
    '-0.3',
    '2.5',
    '3.5',
  ],
  ...[
    '-2.5',
    '0.5',
    '-0.5',
    '0.000001',
    '0.0000001',
    '-1E-7',
    '1E+3',
    '1.5e3',
    '9007199254740993',
    '1E34',
    '1E33',
  ],
  ...[
    '9999999999999999999999999999999999',
    '-9999999999999999999999999999999999',
    '99999999999999999999999999999999995',
  ],
  ...['1E999', '-9.999999999999999999999999999999999E999', '1E-999', '1E-500', '1E500', '7', '3'],
]

const oddTexts = [
  ...[
    '',
    ' ',
    '1 ',
    ' 1',
    '+1',
    '-+1',
    '--1',
    '.5',
    '-.5',
    '1.',
    '1e5',
    '1E+5',
    '1E-5',
    '1E',
    'E5',
    '1E5.5',
    '1_0',
    '0x10',
  ],
  ...[
    '1,000',
    'NaN',
    'Infinity',
    '-',
    '.',
    '00',
    '007',
    '-007.50',
    '1e0005',
    '\u0661',
    '1\u0662',
    '1f',
    '1d',
    '1e5\n',
    '1\u0000',
  ],
]

function digits(chance: Chance, count: number): string {
  return chance.times(count, () => chance.pick('0123456789'.split(''))).join('')
}

function numberText(chance: Chance): string {
  const sign = chance.maybe(0.4) ? '-' : ''
  const whole = chance.maybe(0.2) ? '0' : chance.pick('123456789'.split('')) + digits(chance, length(chance))
  const fraction = chance.maybe(0.4) ? '' : `.${digits(chance, 1 + length(chance))}`
  return sign + whole + fraction + exponentText(chance)
}

function length(chance: Chance): number {
  const longest = chance.pick([2, 6, 15, 17, 20])
  return chance.int(0, longest)
}

function exponentText(chance: Chance): string {
  if (chance.maybe(0.7)) return ''
  const size = chance.pick([5, 20, 40, 320, 960])
  return chance.pick(['E', 'e']) + chance.pick(['', '+', '-']) + String(chance.int(0, size))
}

/** A pair whose sum, product or quotient lies at or beside the middle between two numbers of 34 digits. */
function tie(chance: Chance): [string, string] {
  const long = chance.pick('123456789'.split('')) + digits(chance, 33)
  const small = chance.pick(['0.5', '-0.5', '0.50000001', '0.49999', '1.5', '-1.5', '5E-1', '0.05', '5'])
  return chance.maybe(0.5) ? [long, small] : [small, long]
}

function mutated(chance: Chance, text: string): string {
  const at = chance.int(0, text.length)
  return (
    text.slice(0, at) +
    chance.pick(['', '+', '-', '.', 'e', 'E', '0', ' ', 'x']) +
    text.slice(at + chance.int(0, 1))
  )
}

const functionsOfOne = 'exp ln log sqrt sin cos tan asin acos atan sinh cosh tanh'.split(' ')

function doubleCases(chance: Chance): Case[] {
  const small = (): string => String(chance.int(-4000, 4000) / chance.pick([1, 10, 100, 4000]))
  return chance.times(600, () =>
    chance.maybe(0.3)
      ? [
          'double',
          chance.pick(['power', 'atan2']),
          small(),
          String(chance.int(-40, 40) / chance.pick([1, 2, 4])),
        ]
      : ['double', chance.pick(functionsOfOne), small()],
  )
}
