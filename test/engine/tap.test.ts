import { describe, expect, it } from 'vitest'
import { type EngineTap, type MessageTap } from '../../src/engine/index.ts'
import { Bench, republishRule, rule } from './harness.ts'

/** Keeps what it is told, a line each. */
class Notes implements EngineTap {
  readonly lines: string[] = []

  taken(
    message: Parameters<EngineTap['taken']>[0],
    { rules }: Parameters<EngineTap['taken']>[1],
    hops: number,
  ): MessageTap | undefined {
    const { topic } = message
    if (topic === 'unwatched') return undefined
    const note = (line: string): void => void this.lines.push(`${topic}: ${line}`)
    note(`taken, ${rules.length} rules, ${hops} hops`)
    return {
      evaluated: (of, evaluation) =>
        note(
          `${of.rule.name} ${'class' in evaluation ? evaluation.code : evaluation.matched ? 'selects' : 'drops'}`,
        ),
      sent: (of, action, made) => note(`${of.rule.name} ${action} to ${made.topic}`),
      ended: (of, action, failure, placement) =>
        note(
          `${of.rule.name} ${action} ${failure?.code ?? (placement === undefined ? 'done' : `at ${placement.partition}/${placement.offset}`)}`,
        ),
      settled: (settlement) => note(settlement),
    }
  }
}

function watched(bench: Bench): string[] {
  const notes = new Notes()
  bench.engine.watch(notes)
  return notes.lines
}

describe('a tap of the engine', () => {
  it('sees verdicts, records, where Kafka put them, and the end', () => {
    const bench = new Bench([
      rule('hot', "SELECT * FROM 'a/#' WHERE t > 30"),
      rule('all', "SELECT * FROM 'a/+'"),
    ])
    const lines = watched(bench)
    bench.publish('a/1', '{"t":10}')
    bench.publish('unwatched', '{}')
    bench.sent[0]!.delivery.settled(undefined, { partition: 2, offset: 17 })
    expect(lines).toEqual([
      'a/1: taken, 2 rules, 0 hops',
      'a/1: hot drops',
      'a/1: all selects',
      'a/1: all kafka[0] to all-0',
      'a/1: all kafka[0] at 2/17',
      'a/1: taken',
    ])
  })

  it('sees a failure go to the error action', () => {
    const bench = new Bench([
      rule('r', "SELECT * FROM 'a'", { topic: '${missing}' }, { errorTopic: 'errors' }),
    ])
    const lines = watched(bench)
    bench.publish('a', '{}')
    bench.sent[0]!.delivery.settled(undefined, { partition: 0, offset: 1 })
    expect(lines.slice(1)).toEqual([
      'a: r selects',
      'a: r kafka[0] KAFKA_FIELD_UNDEFINED',
      'a: r errorAction.kafka to errors',
      'a: r errorAction.kafka at 0/1',
      'a: taken',
    ])
  })

  it('sees what is republished as a message of its own', () => {
    const bench = new Bench([
      republishRule('again', "SELECT * FROM 'a'", { topic: 'b' }),
      rule('sink', "SELECT * FROM 'b'"),
    ])
    const lines = watched(bench)
    bench.publish('a', '{}')
    bench.sent[0]!.delivery.settled(undefined)
    expect(lines).toEqual([
      'a: taken, 1 rules, 0 hops',
      'a: again selects',
      'a: again republish[0] to b',
      'b: taken, 1 rules, 1 hops',
      'b: sink selects',
      'b: sink kafka[0] to sink-0',
      'b: sink kafka[0] done',
      'a: again republish[0] done',
      'a: taken',
      'b: taken',
    ])
  })

  it('ends between two messages, but follows those on their way', () => {
    const bench = new Bench([rule('r', "SELECT * FROM 'a'")])
    const lines = watched(bench)
    bench.publish('a', '{}')
    bench.engine.watch(undefined)
    bench.publish('a', '{}')
    for (const { delivery } of bench.sent) delivery.settled(undefined)
    expect(lines.filter((line) => line.includes('taken'))).toHaveLength(2)
    expect(lines).toHaveLength(5)
  })
})
