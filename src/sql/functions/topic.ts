import { defineFunction, optional } from './define.ts'
import { clampInt } from './integers.ts'
import { numberText } from '../../value/index.ts'

export const topic = defineFunction({
  name: 'topic',
  since: '2015-10-08',
  summary: 'The topic of the message, or one of its segments.',
  params: [
    optional('segment', 'Int', 'Number of the segment, from 1.', { Decimal: 'floor', String: 'floor' }),
  ],
  returns: 'String',
  effect: 'message',
  work: { call: 8 },
  evaluate: (scope, segment) =>
    segment === undefined ? scope.topic : segmentOf(scope.topic, clampInt(segment, 0, 65_536)),
  whyUndefined: ({ topic: whole }, segment) =>
    `the topic ${whole.slice(0, 200)} has no segment ${numberText(segment ?? 0)}: it has ${whole.split('/').length}, counted from 1`,
  examples: [['topic()'], ['topic(1)'], ['topic(0)', undefined]],
  notes: [
    'The prefix of a Basic Ingest topic ($aws/rules/<rule name>) does not show.',
    'A segment that does not exist is Undefined.',
  ],
  source: 'iot-sql-functions.html#iot-function-topic',
})

function segmentOf(text: string, number: number): string | undefined {
  if (number < 1) return undefined
  let start = 0
  for (let passed = 1; passed < number; passed += 1) {
    const slash = text.indexOf('/', start)
    if (slash === -1) return undefined
    start = slash + 1
  }
  const end = text.indexOf('/', start)
  return end === -1 ? text.slice(start) : text.slice(start, end)
}
