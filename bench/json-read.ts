/** Reading and writing payloads against JSON.parse and JSON.stringify. Checks that both agree before it times. */
import assert from 'node:assert/strict'
import { encodeJson, Payload, type Value, writeJson } from '../src/value/index.ts'

const FIELDS = ['deviceId', 'ts', 'temperature', 'humidity', 'status', 'firmware']
const ROUNDS = 20
const PER_ROUND = 50_000
const DIFFERENT = 64

/** Different messages of 265 bytes, so that no cache of numbers or strings answers for the reader. */
const payloads = Array.from({ length: DIFFERENT }, (_, index) =>
  Buffer.from(
    JSON.stringify({
      deviceId: `sensor-${String(index).padStart(6, '0')}`,
      ts: 1_700_000_000_000 + index,
      temperature: (2001 + index) / 100,
      humidity: 49.9,
      pressure: 1013.25,
      battery: 87,
      status: 'OK',
      location: { lat: 52.520008, lon: 13.404954, site: 'plant-7' },
      tags: ['a', 'b', 'c'],
      firmware: '1.14.2',
      note: 'lorem ipsum dolor sit amet',
    }),
  ),
)

function fieldsOf(bytes: Buffer): Value[] {
  const view = new Payload(bytes).view('int')
  return FIELDS.map((field) => view.get(field))
}

for (const bytes of payloads) {
  const parsed = JSON.parse(bytes.toString()) as Record<string, Value>
  assert.deepEqual(
    fieldsOf(bytes),
    FIELDS.map((field) => parsed[field]),
  )
  assert.equal(writeJson(new Payload(bytes).view('int').root()), bytes.toString())
  assert.deepEqual(encodeJson(new Payload(bytes).view('int').root()), bytes)
}

let sink: unknown

/** Prints the fastest round: other work on the machine only ever adds. */
function time(name: string, run: (index: number) => unknown): void {
  let best = Infinity
  for (let round = 0; round < ROUNDS; round++) {
    const begin = process.hrtime.bigint()
    for (let index = 0; index < PER_ROUND; index++) sink = run(index % DIFFERENT)
    best = Math.min(best, Number(process.hrtime.bigint() - begin) / PER_ROUND)
  }
  console.log(`${name.padEnd(48)} ${best.toFixed(0).padStart(6)} ns`)
}

const rows = payloads.map((bytes) => new Map(fieldsOf(bytes).map((value, at) => [FIELDS[at]!, value])))
const objects = rows.map((row) => Object.fromEntries(row) as Record<string, unknown>)

console.log(`${payloads[0]!.length} bytes, Node ${process.version}`)
time('validate and find the members', (index) => new Payload(payloads[index]!).view('int').isJson)
time('… and read one number', (index) => new Payload(payloads[index]!).view('int').get('temperature'))
time('… and read six members', (index) => {
  const view = new Payload(payloads[index]!).view('int')
  for (const field of FIELDS) sink = view.get(field)
  return view
})
time('… and read everything', (index) => new Payload(payloads[index]!).view('int').root())
time('JSON.parse and six members', (index) => {
  const parsed = JSON.parse(payloads[index]!.toString()) as Record<string, unknown>
  for (const field of FIELDS) sink = parsed[field]
  return parsed
})
time('encodeJson of six members', (index) => encodeJson(rows[index]!))
time('writeJson of six members and Buffer.from', (index) => Buffer.from(writeJson(rows[index]!)!))
time('JSON.stringify of six members and Buffer.from', (index) => Buffer.from(JSON.stringify(objects[index])))
assert.notEqual(sink, undefined)
