import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { compileRule, type Rule, type TestMessage } from '../../src/index.ts'

const directory = new URL('../../examples/', import.meta.url)
const names = readdirSync(directory, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => entry.name)

function read(name: string, file: string): unknown {
  return JSON.parse(readFileSync(new URL(`${name}/${file}`, directory), 'utf8'))
}

function ruleOf(name: string): Rule {
  const result = compileRule(read(name, 'rule.json'), { extensions: ['PLAINTEXT'] })
  if (!result.ok) throw new Error(JSON.stringify(result.diagnostics, null, 2))
  expect(result.warnings).toEqual([])
  return result.rule
}

function messageOf(name: string): TestMessage {
  const { payloadBase64, ...message } = read(name, 'message.json') as TestMessage & { payloadBase64?: string }
  return payloadBase64 === undefined ? message : { ...message, payload: Buffer.from(payloadBase64, 'base64') }
}

/** Payloads as text, as `expected.json` has them. */
function readable(value: unknown): unknown {
  if (Buffer.isBuffer(value)) return value.toString('utf8')
  if (Array.isArray(value)) return value.map(readable)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, readable(entry)]))
}

describe('examples', () => {
  it('are at least five, over at least three kinds of topic', () => {
    expect(names.length).toBeGreaterThanOrEqual(5)
    const kinds = names.map((name) => messageOf(name).topic.split('/')[0])
    expect(new Set(kinds).size).toBeGreaterThanOrEqual(3)
  })

  it('are each named after their directory and listed in the README', () => {
    const readme = readFileSync(new URL('README.md', directory), 'utf8')
    for (const name of names) {
      expect(ruleOf(name).name).toBe(name.replaceAll('-', '_'))
      expect(readme).toContain(`(${name}/)`)
    }
  })

  it.each(names)('%s makes of its message what it expects', async (name) => {
    const result = await ruleOf(name).evaluate(messageOf(name))
    expect(readable(result)).toEqual(read(name, 'expected.json'))
  })

  it('leave alone what WHERE does not select and what the topic filter does not match', async () => {
    const alerts = ruleOf('temperature-alerts')
    const cool = await alerts.evaluate({
      topic: 'sensors/thermo-001/temperature',
      payload: { temperature: 30 },
    })
    expect(cool).toEqual({ matched: true, selected: false, actions: [] })
    const elsewhere = await alerts.evaluate({
      topic: 'sensors/thermo-001/humidity',
      payload: { temperature: 31 },
    })
    expect(elsewhere).toEqual({ matched: false, selected: false, actions: [] })
  })
})
