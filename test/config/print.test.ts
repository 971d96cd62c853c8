import { describe, expect, it } from 'vitest'
import { type Config, configJsonSchema, parseConfig, printConfig } from '../../src/config/index.ts'

function configOf(text: string): Config {
  const result = parseConfig(text, '/etc/topicrule', {})
  if (!result.ok) throw new Error(JSON.stringify(result.diagnostics))
  return result.config
}

describe('the printed configuration', () => {
  it('masks secrets', () => {
    const text = 'mqtt: {listeners: [{tls: {cert: c, key: k, keyPassword: hunter2}}]}'
    const printed = printConfig(configOf(text))
    expect(printed).toContain('keyPassword: "[secret]"')
    expect(printed).not.toContain('hunter2')
  })

  it('writes durations and sizes with their units', () => {
    const printed = printConfig(configOf('shutdownDeadline: 90000\nheldBytes: 1048577'))
    expect(printed).toContain('shutdownDeadline: 90s')
    expect(printed).toContain('heldBytes: 1048577B')
    expect(printed).toContain('maxPacketSize: 144KiB')
  })

  it('reads back as the same configuration when it has no secrets', () => {
    const config = configOf(
      'mqtt: {listeners: [{port: 0, anonymous: true}], acl: [{effect: allow, topics: [a/#]}]}',
    )
    expect(configOf(printConfig(config))).toEqual(config)
  })
})

describe('the JSON Schema', () => {
  interface Node {
    readonly description?: string
    readonly default?: unknown
    readonly properties?: Readonly<Record<string, Node>>
    readonly items?: Node
    readonly required?: readonly string[]
  }

  function undescribed(node: Node, path = ''): string[] {
    return Object.entries(node.properties ?? {}).flatMap(([key, child]) => [
      ...(child.description ? [] : [`${path}${key}`]),
      ...undescribed(child, `${path}${key}.`),
      ...(child.items === undefined ? [] : undescribed(child.items, `${path}${key}[].`)),
    ])
  }

  it('describes every key', () => {
    expect(undescribed(configJsonSchema())).toEqual([])
  })

  it('refuses unknown keys and requires none at the top', () => {
    expect(configJsonSchema()).toMatchObject({ type: 'object', additionalProperties: false })
    expect(configJsonSchema()['required']).toBeUndefined()
  })
})
