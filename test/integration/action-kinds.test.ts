import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { TestControl } from '../helpers/control.ts'
import { example, iotModel, misshapen, type ServiceModel } from '../helpers/service-model.ts'

let control: TestControl
let model: ServiceModel
let kinds: (readonly [kind: string, shape: string])[]

beforeAll(async () => {
  control = await TestControl.start()
  model = await iotModel()
  kinds = Object.entries(model.shapes['Action']!.members!).map(([kind, { shape }]) => [kind, shape])
}, 600_000)

afterAll(() => control.stop())

/** What the model leaves to the texts. */
const known: Readonly<Record<string, object>> = {
  kafka: {
    clientProperties: { 'bootstrap.servers': 'localhost:9092', 'security.protocol': 'PLAINTEXT' },
    partition: '0',
  },
  republish: {
    headers: {
      payloadFormatIndicator: 'UTF8_DATA',
      correlationData: 'YQ==',
      messageExpiry: '60',
      userProperties: [{ key: 'a', value: 'b' }],
    },
  },
}

function documentOf(kind: string, shape: string, whole: boolean): object {
  const made = example(model, shape, whole) as Readonly<Record<string, unknown>>
  const told = Object.entries(known[kind] ?? {}).filter(([member]) => member in made)
  return { ...made, ...Object.fromEntries(told) }
}

const sql = "SELECT * FROM 'a'"

describe('every kind of action that the service model has', () => {
  it('is taken with all its members and with those alone that are required, and returned as it was put', async () => {
    expect(kinds.length).toBeGreaterThanOrEqual(24)
    for (const [kind, shape] of kinds)
      for (const whole of [true, false]) {
        const action = { [kind]: documentOf(kind, shape, whole) }
        const rule = { sql, actions: [action], errorAction: action }
        const name = `${kind}_${whole}`
        expect([kind, await control.request('POST', `/rules/${name}`, rule)]).toMatchObject([
          kind,
          { status: 200 },
        ])
        const { body } = await control.request('GET', `/rules/${name}`)
        expect(body.rule).toMatchObject(rule)
      }
  }, 60_000)

  it('is refused with a member of another type, one too many, and without one that is required', async () => {
    for (const [kind, shape] of kinds) {
      if (kind in known) continue
      for (const { path, value } of misshapen(model, shape, kind)) {
        const rule = { sql, actions: [{ [kind]: value }] }
        const answer = await control.request('POST', '/rules/misshapen', rule)
        expect([path, answer.status, answer.error]).toEqual([path, 400, 'InvalidRequestException'])
        expect(answer.body.message).toContain(`actions[0].${path}`)
      }
    }
  }, 60_000)
})
