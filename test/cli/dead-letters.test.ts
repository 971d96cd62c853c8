import { appendFileSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type DeadLetter, DeadLetterStore } from '../../src/deadletter/index.ts'
import { freePorts } from '../helpers/ports.ts'
import { run } from './run.ts'

const parent = mkdtempSync(join(tmpdir(), 'topicrule-cli-letters-'))
const directory = join(parent, 'letters')
const config = join(parent, 'topicrule.yaml')
const without = join(parent, 'without.yaml')
afterAll(() => rmSync(parent, { recursive: true }))
beforeAll(async () => {
  writeFileSync(config, JSON.stringify({ deadLetter: { directory } }))
  writeFileSync(without, JSON.stringify({ mqtt: { listeners: [{ anonymous: true }] } }))
  const store = await DeadLetterStore.open(
    { directory, maxBytes: 1e9, maxAge: 1e9, segmentBytes: 1e6 },
    { removed: () => undefined, damaged: () => undefined, failed: () => undefined },
  )
  for (const n of [1, 2]) await new Promise((settled) => store.append(letter(n), { settled }))
  await store.close()
  appendFileSync(join(directory, readdirSync(directory)[0]!), '{"torn')
})

function letter(n: number): DeadLetter {
  return {
    time: new Date(1e12 + n).toISOString(),
    ...{ rule: 'r', topic: `a/\u001b[31m${n}`, traceId: `t${n}`, qos: 1, payload: Buffer.from([n, 0, 255]) },
    failures: [
      { action: 'kafka[0]', code: 'KAFKA_TOPIC_INVALID', class: 'message', resource: 'k', message: 'no' },
    ],
  }
}

const dead = (...args: string[]): ReturnType<typeof run> => run('deadletter', ...args, '--config', config)
const ids = async (): Promise<string[]> =>
  (await dead('list')).stdout
    .trim()
    .split('\n')
    .map((line) => line.split(' ')[0]!)

describe('topicrule deadletter', () => {
  it('lists what is whole, tells of a torn line, and lets no topic steer the terminal', async () => {
    const { code, stdout, stderr } = await dead('list')
    expect(code).toBe(0)
    expect(stdout.split('\n')).toHaveLength(3)
    expect(stdout).toContain('a/\uFFFD[31m1')
    expect(stderr).toContain('1 torn or damaged line passed over')
  })

  it('says on stderr that --limit left some out', async () => {
    const { code, stdout, stderr } = await dead('list', '--limit', '1')
    expect([code, stdout.trim().split('\n').length]).toEqual([0, 1])
    expect(stderr).toContain('More than 1; see --limit.')
  })

  it.each([
    ['list', '--format', 'yaml'],
    ['list', '--since', 'yesterday'],
    ['list', '--limit', '-1'],
    ['list', '--limit', 'many'],
    ['list', '--limit', '1.5'],
    ['show', '1-1', '--format', 'yaml'],
    ['show'],
    ['resend'],
    ['resend', '1-1', '--all'],
    ['list', '--nonsense'],
  ])('exits with 2 and prints nothing for %s', async (...args) => {
    const { code, stdout, stderr } = await dead(...args)
    expect([code, stdout]).toEqual([2, ''])
    expect(stderr).not.toBe('')
  })

  it.each([['list'], ['show', '1-1'], ['resend', '--all']])(
    'exits with 2 for %s where the configuration has no directory, or is not there',
    async (...args) => {
      const none = await run('deadletter', ...args, '--config', without)
      expect([none.code, none.stdout]).toEqual([2, ''])
      expect(none.stderr).toMatch(/The configuration has no deadLetter\.directory\.\n$/)
      const missing = await run('deadletter', ...args, '--config', join(parent, 'missing.yaml'))
      expect([missing.code, missing.stdout]).toEqual([2, ''])
    },
  )

  it.each(['nothing', '', '../../etc/passwd', '9999999999999-1', '1-99999999999999999999'])(
    'exits with 1 for the identifier %j, which no letter has',
    async (id) => {
      for (const command of ['show', 'resend']) {
        const { code, stdout, stderr } = await dead(command, id)
        expect([code, stdout]).toEqual([1, ''])
        expect(stderr).toContain(`There is no dead letter ${id}.`)
      }
    },
  )

  it('exits with 1 and marks nothing as sent when no server answers', async () => {
    const [port] = await freePorts(1)
    const [id] = await ids()
    const { code, stderr } = await dead('resend', id!, '--url', `mqtt://127.0.0.1:${port}`)
    expect(code).toBe(1)
    expect(stderr).toContain('does not take a connection')
    expect((await dead('list', '--unsent')).stdout.trim().split('\n')).toHaveLength(2)
  })

  it('exits with 1 for a URL that is none', async () => {
    const { code, stderr } = await dead('resend', '--all', '--url', 'nowhere')
    expect(code).toBe(1)
    expect(stderr).toContain('nowhere')
  })
})
