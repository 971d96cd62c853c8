import { describe, expect, it } from 'vitest'
import { call, constant, evaluate, dynamic, problems } from './call.ts'

const moment = 1481825251155 // 2016-12-15T18:07:31.155Z

describe('parse_time', () => {
  it.each([
    ["yyyy-MM-dd'T'HH:mm:ss.SSSZZ", undefined, '2016-12-15T18:07:31.155+00:00'],
    ['yy C Y x-ww-e D', undefined, '16 20 2016 2016-50-4 350'],
    ['K h k a', 'Asia/Tokyo', '3 3 3 AM'],
    ["h 'o''clock' a", undefined, "6 o'clock PM"],
    ['z zzzz', 'Asia/Tokyo', 'JST Japan Standard Time'],
    ['z', 'Europe/Paris', 'CET'],
    ['z ZZZ', '+02:00', '+02:00 +02:00'],
    ['S SS SSSS', undefined, '1 15 1550'],
    ['', undefined, undefined],
    ['b', undefined, undefined],
    ["yyyy 'open", undefined, '2016 open'],
    ['yyyy', 'Mars/Olympus', undefined],
  ])('writes %s in %s as %s', (pattern, zone, want) => {
    const args = zone === undefined ? [pattern, moment] : [pattern, moment, zone]
    expect(call('parse_time', ...args)).toBe(want)
  })

  it('is Undefined beyond the dates that exist', () => {
    expect(call('parse_time', 'yyyy', 1e18)).toBeUndefined()
  })

  it('warns of a constant pattern that is none', () => {
    expect(problems('parse_time', constant('b', 1))).toMatchObject([{ code: 'SQL_TIME_PATTERN_INVALID' }])
  })

  it('takes no pattern of more than 1,000 characters from a message', () => {
    expect(evaluate('parse_time', dynamic('y '.repeat(501), moment))).toBeUndefined()
  })
})

describe('time_to_epoch', () => {
  it.each([
    ['20161215180731155', 'yyyyMMddHHmmssSSS', moment],
    ['15 Dec 16 6:07 PM', 'd MMM yy h:mm a', Date.UTC(2016, 11, 15, 18, 7)],
    ['2016-350', 'yyyy-DDD', Date.UTC(2016, 11, 15)],
    ['Thu, 15 Dec 2016 18:07:31 GMT', 'EEE, d MMM yyyy HH:mm:ss z', Date.UTC(2016, 11, 15, 18, 7, 31)],
    ['2016-12-15T18:07:31+0100', "yyyy-MM-dd'T'HH:mm:ssxx", Date.UTC(2016, 11, 15, 17, 7, 31)],
    ['2016-12-15T18:07:31-01:00', "yyyy-MM-dd'T'HH:mm:ssXXX", Date.UTC(2016, 11, 15, 19, 7, 31)],
    ['2016-12-15 GMT+1', 'uuuu-MM-dd O', Date.UTC(2016, 11, 14, 23)],
    ['2021-02-30', 'yyyy-MM-dd', Date.UTC(2021, 1, 28)],
    ['2021-02-03 24:00', 'yyyy-MM-dd HH:mm', Date.UTC(2021, 1, 4)],
    ['2021-02-03', 'yyyy-MM-dd[ HH:mm]', Date.UTC(2021, 1, 3)],
    ['2021-02-03 04:05', 'yyyy-MM-dd[ HH:mm]', Date.UTC(2021, 1, 3, 4, 5)],
    ['0001-01-01', 'uuuu-MM-dd', -62135596800000],
    ['Fri, 15 Dec 2016', 'EEE, d MMM yyyy', undefined],
    ['2021-13-01', 'yyyy-MM-dd', undefined],
    ['2021-01-01 25:00', 'yyyy-MM-dd HH:mm', undefined],
    ['2021-01-01 ', 'yyyy-MM-dd', undefined],
    ['2021-1-1', 'yyyy-MM-dd', undefined],
    ['12:00', 'HH:mm', undefined],
    ['2021-01-01 Mars/Olympus', 'yyyy-MM-dd VV', undefined],
    ['2021', 'yyyy]', undefined],
    ['x', 'b', undefined],
  ])('reads %s by %s', (text, pattern, want) => {
    expect(call('time_to_epoch', text, pattern)).toBe(want)
  })

  it('follows daylight saving of a named zone', () => {
    expect(call('time_to_epoch', '2021-07-01 12:00 PST', 'yyyy-MM-dd HH:mm z')).toBe(Date.UTC(2021, 6, 1, 19))
    expect(call('time_to_epoch', '2021-01-01 12:00 Europe/Paris', 'yyyy-MM-dd HH:mm VV')).toBe(
      Date.UTC(2021, 0, 1, 11),
    )
  })

  it('warns of a constant pattern that is none', () => {
    expect(problems('time_to_epoch', constant('x', 'MMMMMMM'))).toMatchObject([
      { code: 'SQL_TIME_PATTERN_INVALID' },
    ])
  })
})
