import { afterEach, describe, expect, it, vi } from 'vitest'
import { createLog } from '../../src/observe/index.ts'

afterEach(() => vi.useRealTimers())

function lines(): { sink: { write(line: string): void }; read: () => Record<string, unknown>[] } {
  const written: string[] = []
  return {
    sink: { write: (line) => void written.push(line) },
    read: () => written.map((line) => JSON.parse(line) as Record<string, unknown>),
  }
}

describe('the log', () => {
  it('writes declared events as JSON lines with level, event, words and fields', () => {
    const { sink, read } = lines()
    createLog('info', 'json', sink).event('rules.loaded', { rules: ['a'] })
    expect(read()).toEqual([
      {
        level: 'info',
        time: expect.stringMatching(/^\d{4}-.*Z$/) as string,
        event: 'rules.loaded',
        rules: ['a'],
        msg: 'A new set of rules is active.',
      },
    ])
  })

  it('leaves out what is below its level, and everything when silent', () => {
    const { sink, read } = lines()
    createLog('warn', 'json', sink).event('rules.loaded')
    createLog('silent', 'json', sink).event('process.fault')
    expect(read()).toEqual([])
    createLog('warn', 'json', sink).event('rule.warning')
    expect(read()).toHaveLength(1)
  })

  it('never writes a secret', () => {
    const { sink, read } = lines()
    createLog('info', 'json', sink).event('process.fault', {
      password: 'hunter2',
      properties: { 'sasl.password': 'hunter2', password: 'hunter2', keyPassword: 'hunter2' },
    })
    expect(JSON.stringify(read())).not.toContain('hunter2')
    expect(read()[0]).toMatchObject({ password: '[secret]', properties: { 'sasl.password': '[secret]' } })
  })

  it('writes a repeated event 20 times a second for each rule and counts the rest', () => {
    vi.useFakeTimers({ now: 1_000_000, toFake: ['Date'] })
    const { sink, read } = lines()
    const log = createLog('info', 'json', sink)
    for (let index = 0; index < 50; index += 1) log.event('action.failed', { rule: 'a' })
    log.event('action.failed', { rule: 'b' })
    expect(read()).toHaveLength(21)
    vi.setSystemTime(1_001_000)
    log.event('action.failed', { rule: 'a' })
    log.event('action.failed', { rule: 'a' })
    expect(
      read()
        .slice(-2)
        .map(({ suppressed }) => suppressed),
    ).toEqual([30, undefined])
  })

  it('writes text for people where that is asked for', () => {
    const written: string[] = []
    createLog('info', 'pretty', { write: (line) => void written.push(line) }).event('rule.refused', {
      rule: 'a',
    })
    expect(written.join('')).toMatch(
      /^\d\d:\d\d:\d\d\.\d{3} ERROR rule\.refused A rule document has faults and is not active\. rule="a"\n$/,
    )
  })
})
