import { afterAll, beforeAll, expect, it } from 'vitest'
import {
  access,
  javaConsole,
  kcat,
  runKcat,
  startKafka,
  type AccessName,
  type Kafka,
} from '../helpers/kafka/index.ts'

let kafka: Kafka
beforeAll(async () => {
  kafka = await startKafka()
}, 300_000)
afterAll(() => kafka.stop())
const ways: AccessName[] = ['PLAINTEXT', 'SSL', 'MTLS', 'PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512']

it.each(ways)(
  'kcat and the console consumer read the same record through %s',
  async (name) => {
    const topic = `way-${name}`
    await kafka.createTopic(topic, 3)
    const way = access(kafka, name)
    const args = [
      '-P',
      '-b',
      way.bootstrap,
      '-t',
      topic,
      '-p',
      '2',
      '-k',
      'device 1',
      '-H',
      'a=b:c',
      '-H',
      'a=d',
    ]
    await runKcat(way, args, 'hällo')
    const expected = [
      {
        partition: 2,
        offset: 0,
        key: 'device 1',
        value: 'hällo',
        headers: [
          ['a', 'b:c'],
          ['a', 'd'],
        ],
      },
    ]
    expect(await kcat(way, topic)).toEqual(expected)
    expect(await javaConsole(kafka, way, topic, 1)).toEqual(expected)
  },
  60_000,
)

it('keeps records over kill -9 and suspend', async () => {
  await kafka.kill9()
  await kafka.restart()
  const way = access(kafka, 'PLAINTEXT')
  expect(await kcat(way, 'way-SSL')).toHaveLength(1)
  kafka.suspend()
  const reading = kcat(way, 'way-SSL')
  kafka.resume()
  expect(await reading).toHaveLength(1)
}, 60_000)
