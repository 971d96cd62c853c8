import { describe, expect, it } from 'vitest'
import { Bench, failure, rule } from './harness.ts'

const bench = (more: object = {}, kafka: object = {}): Bench =>
  new Bench([rule('r', "SELECT * FROM 'a'", kafka, more)], undefined, undefined, true)
const full = { code: 'DEADLETTER_UNWRITABLE', class: 'environment', resource: 'd', message: 'full' } as const

describe('dead letters', () => {
  it('take what failed by its own fault and has no error action, before the message settles', () => {
    const dead = bench({}, { topic: '${missing}' })
    const message = dead.publish('a', '{"x":1}')
    expect(message.settlement).toBeUndefined()
    expect(dead.letters[0]!.letter).toMatchObject({
      ...{ rule: 'r', topic: 'a', traceId: 'trace', clientId: 'd1', sourceIp: '192.0.2.7' },
      payload: Buffer.from('{"x":1}'),
      failures: [{ action: 'kafka[0]', code: 'KAFKA_FIELD_UNDEFINED', class: 'message' }],
    })
    dead.letters[0]!.receipt.settled(undefined)
    expect(message.settlement).toBe('taken')
    expect([dead.deadLettered, dead.lost, dead.engine.heldBytes]).toEqual([1, 0, 0])
  })

  it('take what the error action could not by its own fault, with both failures', () => {
    const dead = bench({ errorTopic: 'errors' })
    const message = dead.publish('a', '{}')
    dead.sent[0]!.delivery.settled(failure('rule'))
    dead.sent[1]!.delivery.settled(failure('message'))
    expect(dead.letters[0]!.letter.failures.map(({ action }) => action)).toEqual([
      'kafka[0]',
      'errorAction.kafka',
    ])
    dead.letters[0]!.receipt.settled(undefined)
    expect(message.settlement).toBe('taken')
  })

  it('take nothing that the error action took, nor what the device will send again', () => {
    const dead = bench({ errorTopic: 'errors' })
    const [taken, withheld] = [dead.publish('a', '{}'), dead.publish('a', '{}')]
    dead.sent[0]!.delivery.settled(failure('message'))
    dead.sent[2]!.delivery.settled(undefined)
    dead.sent[1]!.delivery.settled(failure('message'))
    dead.sent[3]!.delivery.settled(failure('environment'))
    expect([taken.settlement, withheld.settlement]).toEqual(['taken', 'withheld'])
    expect(dead.letters).toEqual([])
  })

  it('take what was acknowledged on receipt and Kafka did not get', () => {
    const dead = bench({ 'x-ack': 'received' })
    expect(dead.publish('a', '{}').settlement).toBe('taken')
    dead.sent[0]!.delivery.settled(failure('environment'))
    expect(dead.engine.unsettled).toBe(1)
    dead.letters[0]!.receipt.settled(undefined)
    expect([dead.engine.unsettled, dead.deadLettered, dead.lost]).toEqual([0, 1, 0])
  })

  it('that cannot be written withhold the acknowledgement', () => {
    const dead = bench({}, { topic: '${missing}' })
    const message = dead.publish('a', '{}')
    dead.letters[0]!.receipt.settled(full)
    expect(message.settlement).toBe('withheld')
    expect([dead.deadLettered, dead.lost, dead.engine.heldBytes]).toEqual([0, 0, 0])
  })
})
