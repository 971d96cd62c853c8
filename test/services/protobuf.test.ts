import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import protobuf from 'protobufjs'
import descriptor from 'protobufjs/ext/descriptor.js'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { protobufDirectory } from '../../src/services/index.ts'
import { compileStatement, parseStatement, type ProtobufSource } from '../../src/sql/index.ts'
import { type Value, writeJson } from '../../src/value/index.ts'

const READING = `
  syntax = "proto3";
  package fleet.v1;
  import "google/protobuf/timestamp.proto";
  enum Mode { MODE_UNKNOWN = 0; MODE_ECO = 1; }
  message Reading {
    string device_id = 1;
    int64 counter = 2;
    uint64 big = 3;
    sint32 delta = 4;
    double value = 5;
    float ratio = 6;
    bool on = 7;
    bytes raw = 8;
    Mode mode = 9;
    repeated int32 samples = 10;
    map<string, Reading> parts = 11;
    oneof source { string host = 12; int32 port = 13; }
    optional int32 level = 14;
    google.protobuf.Timestamp at = 15;
    Reading inner = 16;
  }`

let directory: string
let source: ProtobufSource
const { root } = protobuf.parse(READING, new protobuf.Root(), { keepCase: true })
root.addJSON(protobuf.common.get('google/protobuf/timestamp.proto')!.nested!)
const Reading = root.lookupType('fleet.v1.Reading')

/** Person of person.proto and, in package a.b, of nested/other.proto. */
function descriptorSet(dependency: string[] = []): Buffer {
  const field = (name: string, number: number, type: number) => ({ name, number, label: 1, type })
  const message = { name: 'Person', field: [field('full_name', 1, 9), field('id', 2, 5)] }
  const set = {
    file: [
      { name: 'person.proto', messageType: [message], syntax: 'proto3', dependency },
      { name: 'nested/other.proto', package: 'a.b', messageType: [message], syntax: 'proto3' },
    ],
  }
  return Buffer.from(
    descriptor.FileDescriptorSet.encode(descriptor.FileDescriptorSet.fromObject(set)).finish(),
  )
}

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'protobuf-'))
  const files: Record<string, string | Buffer> = {
    'schemas/fleet/reading.proto': READING,
    'schemas/person.desc': descriptorSet(),
    'schemas/imports.desc': descriptorSet(['elsewhere.proto']),
    'schemas/broken.desc': Buffer.from([0x0a, 0x7f, 0x01]),
    'schemas/broken.proto': 'message {',
    'schemas/huge.desc': Buffer.alloc(1024 * 1024 + 1),
    'secret.desc': descriptorSet(),
  }
  for (const [name, content] of Object.entries(files)) {
    const file = join(directory, 'root', name)
    await mkdir(dirname(file), { recursive: true })
    await writeFile(file, content)
  }
  source = protobufDirectory(join(directory, 'root'))
})

afterAll(() => rm(directory, { recursive: true, force: true }))

function decode(bytes: Uint8Array, file = 'fleet/reading.proto', type = 'Reading'): Value {
  const opened = source.open('schemas', file, 'reading', type)
  if (!opened.ok) throw new Error(opened.reason)
  return opened.message.decode(Buffer.from(bytes))
}

function json(fields: object): string | undefined {
  return writeJson(decode(Reading.encode(Reading.fromObject(fields)).finish()))
}

describe('a protobuf message', () => {
  it('becomes JSON by the ProtoJSON mapping', () => {
    const fields = {
      device_id: 'd',
      counter: '-9223372036854775808',
      big: '18446744073709551615',
      delta: -7,
      value: 0.1,
      ratio: 0.1,
      on: true,
      raw: Buffer.from([0, 255]),
      mode: 1,
      samples: [1, -1],
      parts: { a: { delta: 1 } },
      port: 1883,
      level: 0,
      at: { seconds: 1, nanos: 500_000_000 },
      inner: { device_id: 'ß🚀' },
    }
    expect(json(fields)).toBe(
      '{"deviceId":"d","counter":"-9223372036854775808","big":"18446744073709551615","delta":-7,"value":0.1,"ratio":0.1,"on":true,"raw":"AP8=","mode":"MODE_ECO","samples":[1,-1],"parts":{"a":{"delta":1}},"port":1883,"level":0,"at":"1970-01-01T00:00:01.500Z","inner":{"deviceId":"ß🚀"}}',
    )
  })

  it('prints 32-bit floats in their shortest text, wherever they stand', () => {
    const ratio = [0.1, 16777216, 3.4028235e38, 1e-45, -273.15, 1 / 3]
    expect(ratio.map((value) => json({ inner: { parts: { k: { ratio: value } } } }))).toEqual(
      ['0.1', '16777216', '3.4028235e+38', '1e-45', '-273.15', '0.33333334'].map(
        (text) => `{"inner":{"parts":{"k":{"ratio":${text}}}}}`,
      ),
    )
  })

  it('leaves out what has its default and no presence', () => {
    expect(json({})).toBe('{}')
    expect(json({ delta: 0, on: false, mode: 0, samples: [] })).toBe('{}')
  })

  it('skips fields that the type does not have, and keeps enum numbers without a name', () => {
    expect(writeJson(decode(Buffer.from('f80105' + '4863', 'hex')))).toBe('{"mode":99}')
  })

  it('is Null when the bytes are none, also nested without end', () => {
    for (const hex of ['0a', '0aff', '0a01ff', '10', '0f', '00', 'ffffffffffffffffffff01']) {
      expect(decode(Buffer.from(hex, 'hex')), hex).toBeNull()
    }
    let nested = Buffer.alloc(0)
    for (let depth = 0; depth < 2_000; depth += 1) {
      const head = new protobuf.Writer()
        .uint32((16 << 3) | 2)
        .uint32(nested.length)
        .finish()
      nested = Buffer.concat([head, nested])
    }
    expect(decode(nested)).toBeNull()
  })
})

describe('a descriptor', () => {
  const person = Buffer.from('0a034164611007', 'hex')
  const open = (key: string, file: string, type: string, bucket = 'schemas') => {
    const opened = source.open(bucket, key, file, type)
    return opened.ok ? writeJson(opened.message.decode(person)) : opened.reason
  }

  it('is a FileDescriptorSet: the file by its name, the type with or without its package', () => {
    const decoded = '{"fullName":"Ada","id":7}'
    expect(open('person.desc', 'person', 'Person')).toBe(decoded)
    expect(open('person.desc', 'person.proto', 'Person')).toBe(decoded)
    expect(open('person.desc', 'other', 'Person')).toBe(decoded)
    expect(open('person.desc', 'nested/other', 'a.b.Person')).toBe(decoded)
  })

  it('is refused with the reason', () => {
    expect(open('person.desc', 'nobody', 'Person')).toContain(
      'no file nobody.proto, but person.proto, nested/other',
    )
    expect(open('person.desc', 'person', 'Nobody')).toContain('no message type Nobody')
    expect(open('imports.desc', 'person', 'Person')).toContain('imports elsewhere.proto')
    expect(open('missing.desc', 'person', 'Person')).toContain('cannot be read (ENOENT)')
    expect(open('huge.desc', 'person', 'Person')).toContain('more than 1048576 bytes')
    expect(open('broken.desc', 'person', 'Person')).toContain('schemas/broken.desc: ')
    expect(open('broken.proto', 'broken', 'Person')).toContain('schemas/broken.proto: ')
  })

  it('never comes from outside the directory', () => {
    for (const [bucket, key] of [
      ['schemas', '../secret.desc'],
      ['schemas', '../../root/secret.desc'],
      ['schemas', '/etc/passwd'],
      ['..', 'root/secret.desc'],
      ['.', 'secret.desc'],
      ['', 'secret.desc'],
      ['a/..', 'secret.desc'],
      ['schemas', 'x\0y'],
    ] as const) {
      expect(open(key, 'person', 'Person', bucket), `${bucket}/${key}`).toMatch(/outside|cannot be read/)
    }
  })
})

describe("decode with 'proto'", () => {
  const call = (names: string) => `decode(x, 'proto', ${names})`
  const good = "'schemas', 'person.desc', 'person', 'Person'"

  function problems(sql: string, protobufSource: ProtobufSource | undefined = source): string[] {
    const parsed = parseStatement(sql)
    if (!parsed.ok) throw new Error(parsed.diagnostics[0]!.message)
    const compiled = compileStatement(parsed.statement, '2016-03-23', { protobuf: protobufSource })
    return compiled.ok ? [] : compiled.diagnostics.map(({ code }) => code)
  }

  it('is refused when the rule is created, where it can never work', () => {
    expect(problems(`SELECT ${call(good)} AS r FROM 'a'`)).toEqual([])
    expect(problems(`SELECT ${call("'schemas', 'no.desc', 'person', 'Person'")} AS r FROM 'a'`)).toEqual([
      'SQL_PROTOBUF_DESCRIPTOR',
    ])
    expect(problems(`SELECT ${call("'schemas', key, 'person', 'Person'")} AS r FROM 'a'`)).toEqual([
      'SQL_PROTOBUF_DESCRIPTOR',
    ])
    expect(problems(`SELECT decode(x, 'proto') AS r FROM 'a'`)).toEqual(['SQL_PROTOBUF_DESCRIPTOR'])
  })

  it('is refused by name without a directory', () => {
    const parsed = parseStatement(`SELECT ${call(good)} AS r FROM 'a'`)
    const compiled = parsed.ok && compileStatement(parsed.statement, '2016-03-23')
    expect(compiled).toMatchObject({
      ok: false,
      diagnostics: [
        { code: 'SQL_FUNCTION_UNAVAILABLE', message: expect.stringContaining('services.protobuf') },
      ],
    })
  })

  it('can be used twice in a statement', () => {
    const items = (count: number) =>
      Array.from({ length: count }, (_, index) => `${call(good)} AS r${index}`).join()
    expect(problems(`SELECT ${items(2)} FROM 'a'`)).toEqual([])
    expect(problems(`SELECT ${items(3)} FROM 'a'`)).toEqual(['SQL_CALL_LIMIT'])
  })
})
