import { describe, expect, it } from 'vitest'
import { RecordAssembler, type RenderedField } from '../../src/deliver/specs.ts'

const assembler = new RecordAssembler('broker:9092')
const text = (rendered: string): RenderedField => ({ text: rendered })
const value = Buffer.from('v')

describe('assembling a record', () => {
  it('keeps every part as rendered, headers in order with duplicates', () => {
    const record = assembler.assemble(
      text('a.b_c-D9'),
      text('007'),
      text('k'),
      [
        [text('h'), text('1')],
        [text('h'), text('2')],
      ],
      value,
    )
    expect(record).toEqual({
      topic: 'a.b_c-D9',
      partition: 7,
      key: 'k',
      headers: [
        ['h', '1'],
        ['h', '2'],
      ],
      value,
    })
  })

  it('tells no key from a key whose template was Undefined', () => {
    expect(assembler.assemble(text('t'), undefined, undefined, undefined, value)).toMatchObject({
      key: undefined,
    })
    const key = { text: '', undefinedAt: '${missing}' }
    expect(assembler.assemble(text('t'), undefined, key, undefined, value)).toMatchObject({ key: '' })
  })

  it.each([
    ['an empty topic', '', 'KAFKA_TOPIC_INVALID'],
    ['a slash', 'a/b', 'KAFKA_TOPIC_INVALID'],
    ['a line break at the end', 'a\n', 'KAFKA_TOPIC_INVALID'],
    ['a dot alone', '.', 'KAFKA_TOPIC_INVALID'],
    ['two dots', '..', 'KAFKA_TOPIC_INVALID'],
    ['250 characters', 'a'.repeat(250), 'KAFKA_TOPIC_INVALID'],
  ])('refuses %s as the fault of the message and names the servers', (_name, topic, code) => {
    expect(assembler.assemble(text(topic), undefined, undefined, undefined, value)).toMatchObject({
      code,
      class: 'message',
      resource: 'broker:9092',
    })
  })

  it('takes a topic of 249 characters', () => {
    expect(assembler.assemble(text('a'.repeat(249)), undefined, undefined, undefined, value)).toHaveProperty(
      'topic',
    )
  })

  it.each(['', '-1', '1.0', '1e1', ' 1', '+1', '0x1', '2147483648', '99999999999', '١'])(
    'refuses partition "%s"',
    (partition) => {
      expect(assembler.assemble(text('t'), text(partition), undefined, undefined, value)).toMatchObject({
        code: 'KAFKA_PARTITION_INVALID',
        resource: 't',
      })
    },
  )

  it('takes partitions up to 2147483647', () => {
    expect(assembler.assemble(text('t'), text('2147483647'), undefined, undefined, value)).toMatchObject({
      partition: 2147483647,
    })
  })

  it.each([
    ['topic', [{ text: 'a', undefinedAt: 'missing' }, undefined]],
    ['partition', [text('t'), { text: '', undefinedAt: 'missing' }]],
  ] as const)('fails on an Undefined in %s', (field, [topic, partition]) => {
    const failure = assembler.assemble(topic, partition, undefined, undefined, value)
    expect(failure).toMatchObject({ code: 'KAFKA_FIELD_UNDEFINED', class: 'message' })
    expect(failure).toHaveProperty('message', `The template of ${field} is Undefined at "missing".`)
  })

  it.each([
    ['a key over 16,384 characters', 'k'.repeat(16_385), 'v'],
    ['a value over 16,384 characters', 'k', 'v'.repeat(16_385)],
    ['a NUL in a key', 'a\0', 'v'],
    ['a NUL in a value', 'k', 'v\0v'],
  ])('refuses a header with %s', (_name, key, content) => {
    expect(
      assembler.assemble(text('t'), undefined, undefined, [[text(key), text(content)]], value),
    ).toMatchObject({
      code: 'KAFKA_HEADER_INVALID',
      class: 'message',
    })
  })

  it('bounds what a message quotes of the device', () => {
    const failure = assembler.assemble(text(`/${'x'.repeat(200)}`), undefined, undefined, undefined, value)
    expect((failure as { message: string }).message.length).toBeLessThan(250)
  })
})
