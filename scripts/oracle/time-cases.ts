import { type Chance } from './chance.ts'
import { type Case } from './decimal-cases.ts'

/** What the JVM answers to cases. */
type Ask = (cases: readonly Case[]) => (string | null)[][]

/** Instants in zones for Joda-Time to write, and texts that java.time wrote, some of them spoiled, for it to read. */
export function timeCases(chance: Chance, ask: Ask): Case[] {
  const joda = chance.times(2600, () => [
    'joda',
    chance.maybe(0.15) ? chance.pick(jodaByHand) : jodaPattern(chance),
    String(instant(chance)),
    chance.maybe(0.05) ? chance.pick(oddZones) : chance.pick(zones),
  ])
  const patterns = chance.times(3000, () =>
    chance.maybe(0.35) ? chance.pick(javaByHand) : javaPattern(chance),
  )
  const written = ask(
    patterns.map((pattern) => ['format', pattern, String(instant(chance)), chance.pick(zones)]),
  )
  const java = patterns.map((pattern, index) => [
    'java',
    spoiled(chance, written[index]![0] ?? pattern),
    pattern,
  ])
  return [...joda, ...java, ...javaTexts]
}

const zones = [
  ...[
    'UTC',
    'Europe/Paris',
    'Europe/London',
    'Europe/Berlin',
    'America/New_York',
    'America/Los_Angeles',
    'America/Chicago',
  ],
  ...[
    'America/Sao_Paulo',
    'America/St_Johns',
    'America/Belize',
    'Asia/Tokyo',
    'Asia/Kolkata',
    'Asia/Kathmandu',
    'Asia/Shanghai',
  ],
  ...[
    'Australia/Sydney',
    'Australia/Lord_Howe',
    'Pacific/Auckland',
    'Pacific/Apia',
    'Africa/Johannesburg',
    'Asia/Dubai',
  ],
  ...['+01:00', '-05:30'],
]

/** Identifiers of which Joda-Time knows some, in one spelling or another. */
const oddZones = [
  'Z',
  'GMT',
  'UT',
  'EST',
  'utc',
  'UTC+01:00',
  'GMT+1',
  '+1',
  '+01',
  '+0130',
  'Nowhere',
  '',
  'Etc/UTC',
  'US/Pacific',
  'EST5EDT',
  'CET',
  '-00:00',
  '+25:00',
]

/** Beginnings and ends of summer time, and the like. */
const notable = [
  ...[
    0, -1, 1, 951782400000, 1709164800000, 1604210400000, 1616893199999, 1616893200000, 1635642000000,
    1635645600000,
  ],
  ...[
    1583650799999, 1583650800000, 1325239200000, 1230767999000, 1419984000000, 1609459200000, 1293840000000,
  ],
]

function instant(chance: Chance): number {
  const roll = chance.next()
  if (roll < 0.2) return chance.pick(notable) + chance.pick([0, 0, 1, -1, 1800000, 43200000])
  if (roll < 0.88) return chance.int(0, 2051222400) * 1000 + chance.int(0, 999)
  if (roll < 0.94) return -chance.int(62135596800, 70000000000) * 1000
  return chance.int(253402300800, 400000000000) * 1000
}

const jodaByHand = [
  ...[
    'yyyy-MM-dd HH:mm:ss',
    "yyyy-MM-dd'T'HH:mm:ss.SSSZZ",
    'EEE, dd MMM yyyy HH:mm:ss Z',
    "yyyy.MM.dd G 'at' HH:mm:ss z",
  ],
  ...[
    "x-'W'ww-e",
    'yyyyMMddHHmmssSSS',
    'EEEE d MMMM yy',
    'hh:mm a',
    "h 'o''clock' a, zzzz",
    'YYYY/DDD kk:mm KK',
    'ZZZ ZZ Z',
    'CC yy xx YY',
  ],
  ...[
    "yyyy-MM-dd 'open",
    'qqq',
    'yyyy-MM-ddTHH:mm',
    "''yy''",
    '',
    "'only text'",
    'yyyyyy MMMMM EEEEE aaa GGGG',
    'SSSSSS S SS',
  ],
]

function jodaPattern(chance: Chance): string {
  const letter = (): string =>
    chance.pick('GCYxweEyDMdaKhHkmsSzZ'.split('')).repeat(chance.pick([1, 1, 2, 2, 3, 4, 5]))
  const between = (): string => chance.pick([' ', '-', ':', '/', '.', " 'of' ", "''", ', '])
  return chance.times(chance.int(1, 5), () => letter() + between()).join('')
}

const javaByHand = [
  ...[
    'yyyy-MM-dd HH:mm:ss',
    "yyyy-MM-dd'T'HH:mm:ss.SSSXXX",
    'uuuu-MM-dd HH:mm:ss VV',
    'yyyy-MM-dd HH:mm:ss z',
    'EEE, dd MMM yyyy HH:mm:ss Z',
  ],
  ...[
    'yyyyMMddHHmmss',
    'yyyyMMddHHmmssSSS',
    'yyyyDDD',
    'dd/MM/yy',
    'd MMMM yyyy',
    "YYYY-'W'ww-e",
    'YYYY-ww-E',
    'yyyy-MM-W-e',
    'yyyy-MM-dd Q',
    'yyyy QQQ MM dd',
  ],
  ...[
    'yyyy-MM-dd[ HH:mm[:ss[.SSS]]]',
    'yyyy-MM-dd hh:mm a',
    'yyyy-MM-dd KK:mm a',
    'yyyy-MM-dd kk:mm',
    'yyyy-MM-dd A',
    'yyyy-MM-dd N',
    'yyyy-MM-dd HH:mm:ss n',
  ],
  ...[
    'yyyy-MM-dd HH:mm O',
    'yyyy-MM-dd HH:mm OOOO',
    'yyyy-MM-dd HH:mm x',
    'yyyy-MM-dd HH:mm xx',
    'yyyy-MM-dd HH:mm xxxxx',
    'yyyy-MM-dd HH:mm X',
    'yyyy-MM-dd HH:mm ZZZZZ',
  ],
  ...[
    'ppppd-MM-yyyy',
    'yyyy-MM-dd ppHmm',
    'G yyyy-MM-dd',
    'GGGG y-M-d',
    'yyyy-MM-dd ccc',
    'yyyy-MM-dd EEEE',
    'yyyy-LL-dd',
    'yyyy LLLL dd',
    'y-M-d H:m:s',
    'uuuuMMdd',
    'yyMMdd',
    'HH:mm',
    'MM/dd',
  ],
  ...[
    'yyyy-MM-dd mm:ss',
    'yyyy-MM-dd a',
    'yyyy-MM-dd HH ss',
    'yyyy-MM-dd HH:mm zzzz',
    'yyyy-MM-dd uuuu',
    'yyyy-MM-dd MMM',
    'yyyy-MM-dd D',
    'yyyy-MM-dd YYYY ww',
    'g',
    'yyyy-MM-dd HH:mm:ss[.SSSSSSSSS][X]',
  ],
  ...[
    '',
    'yyyy-MM-dd {',
    'yyyy]',
    '[yyyy',
    "yyyy-'",
    'cc',
    'yyyy-MMMMMM',
    'j',
    'p',
    'YYYYww e',
    'MMMMM d yyyy',
    'yyyy-MM-dd EEEEE',
    'yyyy-MM-dd GGGGG',
    'yyyy-MM-dd QQQQ',
    'yyyy-MM-dd q',
  ],
]

function javaPattern(chance: Chance): string {
  const date = chance.pick([
    'yyyy-MM-dd',
    'uuuu/M/d',
    'd MMM yyyy',
    'yyyyMMdd',
    'yyyy-DDD',
    "YYYY-'W'ww e",
    'EEE d MMM y',
    'yy-MM-dd',
    'G y M d',
    'u-M-d',
  ])
  const time = chance.pick([
    'HH:mm:ss',
    'HH:mm',
    'h:mm a',
    'kk:mm:ss',
    'HHmmss',
    'HHmmssSSS',
    'H:m:s.S',
    'hh a',
    'HH:mm:ss.SSSSSS',
    'A',
    'HH',
    'K:mm a',
  ])
  const zone = chance.pick([
    '',
    '',
    '',
    'X',
    'XX',
    'XXX',
    'XXXX',
    'XXXXX',
    'x',
    'xxx',
    'Z',
    'ZZZZ',
    'ZZZZZ',
    'O',
    'OOOO',
    'VV',
    'z',
  ])
  const odd = chance.maybe(0.35)
    ? ' ' + chance.pick('GuyYDMLdQqwWEecahKkHmsSAnN'.split('')).repeat(chance.int(1, 4))
    : ''
  const separator = chance.pick([' ', "'T'", ', ', '', ' '])
  return chance.maybe(0.1)
    ? `${date}[${separator}${time}][${zone}]`
    : date + separator + time + chance.pick(['', ' ']) + zone + odd
}

/** The text, or with an accident in it. */
function spoiled(chance: Chance, text: string): string {
  if (chance.maybe(0.65)) return text
  const at = chance.int(0, text.length)
  const odd = chance.pick(['', ' ', '0', '1', '9', '-', '+', ':', 'Z', 'x', '24', '60', '31', '00'])
  return text.slice(0, at) + odd + text.slice(at + chance.int(0, 2))
}

const dates = (pattern: string, ...texts: readonly string[]): Case[] =>
  texts.map((text) => ['java', text, pattern])

const javaTexts: Case[] = [
  ...dates(
    'yyyy-MM-dd',
    '2021-02-31',
    '2020-02-30',
    '2021-04-31',
    '2021-13-01',
    '2021-00-01',
    '2021-01-32',
    '0000-01-01',
    '-001-01-01',
    '+12345-01-01',
    '12345-01-01',
    '20210-1-01',
    '٢٠٢١-01-01',
  ),
  ...dates('uuuu-MM-dd', '0000-01-01', '-0001-01-01', '+10000-01-01', '-0000-01-01'),
  ...dates('yyyy-DDD', '2021-366', '2020-366', '2021-000', '2021-001'),
  ...dates(
    'yyyy-MM-dd HH:mm:ss',
    '2021-01-01 24:00:00',
    '2021-01-01 24:00:01',
    '2021-01-01 23:59:60',
    '2021-12-31 24:00:00',
  ),
  ...dates(
    'yyyy-MM-dd hh:mm a',
    '2021-01-01 00:30 AM',
    '2021-01-01 12:30 PM',
    '2021-01-01 13:30 PM',
    '2021-01-01 12:30 pm',
  ),
  ...dates('yyyy-MM-dd KK:mm a', '2021-01-01 12:30 AM', '2021-01-01 11:30 PM', '2021-01-01 13:30 PM'),
  ...dates('yyyy-MM-dd kk:mm', '2021-01-01 24:30', '2021-01-01 00:30', '2021-01-01 25:30'),
  ...dates(
    'yyyy-MM-dd HH:mm x',
    '2021-01-01 00:00 +00',
    '2021-01-01 00:00 +0030',
    '2021-01-01 00:00 +01',
    '2021-01-01 00:00 -0130',
    '2021-01-01 00:00 +19',
    '2021-01-01 00:00 +1',
  ),
  ...dates(
    'yyyy-MM-dd HH:mm VV',
    ...[
      'Z',
      'UTC',
      'GMT',
      'UT',
      'GMT0',
      'UTC+1',
      'UTC+01:00',
      'GMT-5',
      '+01:00',
      '+0100',
      '+01',
      'EST',
      'US/Pacific',
      'Europe/Paris',
      'europe/paris',
      'Nowhere',
      'UTCZ',
      'UTC0',
      'EST5EDT',
    ].map((zone) => `2021-07-01 00:00 ${zone}`),
  ),
  ...dates(
    'yyyy-MM-dd HH:mm z',
    ...[
      'PST',
      'PDT',
      'EST',
      'EDT',
      'CST',
      'MST',
      'MDT',
      'AKST',
      'HST',
      'GMT',
      'UTC',
      'Z',
      'BST',
      'IST',
      'CET',
      'CEST',
      'EET',
      'EEST',
      'WET',
      'WEST',
      'MSK',
      'JST',
      'KST',
      'AEST',
      'AEDT',
      'ACST',
      'AWST',
      'NZST',
      'NZDT',
      'SAST',
      'SGT',
      'HKT',
      'PKT',
      'WIB',
      'BRT',
      'ART',
      'Europe/Paris',
      '+01:00',
      'PT',
      'Pacific Standard Time',
    ].map((zone) => `2021-07-01 00:00 ${zone}`),
  ),
  ...dates(
    'yyyy-MM-dd HH:mm zzzz',
    ...[
      'Pacific Standard Time',
      'Pacific Daylight Time',
      'Central European Summer Time',
      'Japan Standard Time',
      'Coordinated Universal Time',
      'Greenwich Mean Time',
      'India Standard Time',
      'PST',
    ].map((zone) => `2021-07-01 00:00 ${zone}`),
  ),
  ...dates(
    "YYYY-'W'ww-e",
    '2021-W01-1',
    '2021-W53-7',
    '2020-W53-7',
    '2021-W54-1',
    '2021-W00-1',
    '2021-W10-8',
  ),
  ...dates('yyyy-MM-dd VV', '2021-03-28 Europe/Paris', '2018-11-04 America/Sao_Paulo'),
  ...dates('yyyy-MM-dd HH:mm VV', '2021-03-28 02:30 Europe/Paris', '2021-10-31 02:30 Europe/Paris'),
]
