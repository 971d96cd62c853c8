import { faultOfText } from '../faults.ts'
import { type KafkaTarget } from '../target.ts'
import { type TopicCheck } from './check.ts'
import { CheckSession, type Described } from './session.ts'
import { type TellStep } from './step.ts'

/** Whether the topic is there and has leaders. */
export function checkTopic({ topic }: TopicCheck, answer: Described, tell: TellStep): boolean {
  if (!answer.ok) {
    const { code, message } = answer.failure
    tell({ step: 'topic', outcome: 'failed', detail: `${topic}: ${message}`, code })
    return false
  }
  const { metadata, topicFault } = answer
  const partitions = metadata.topics.find(({ name }) => name === topic)?.partitions ?? []
  if (partitions.length === 0) {
    const isHidden = topicFault !== undefined && faultOfText(topicFault) === 'not-authorized'
    const code = isHidden ? 'KAFKA_NOT_AUTHORIZED' : 'KAFKA_TOPIC_UNKNOWN'
    const detail = isHidden
      ? `The user may not see ${topic}.`
      : `${topic} does not exist${topicFault === undefined ? '' : ` (${topicFault})`}.`
    tell({ step: 'topic', outcome: 'failed', detail, code })
    return false
  }
  const leaderless = partitions.filter(({ leader }) => leader < 0).map(({ id }) => id)
  const count = `${topic} has ${partitions.length} partition${partitions.length === 1 ? '' : 's'}`
  if (leaderless.length > 0) {
    const detail = `${count}, of which ${leaderless.length} have no leader: ${leaderless.slice(0, 20).join(', ')}.`
    tell({ step: 'topic', outcome: 'failed', detail, code: 'KAFKA_DELIVERY_FAILED' })
    return false
  }
  const leaders = [...new Set(partitions.map(({ leader }) => leader))].sort((a, b) => a - b)
  const replicas = Math.min(...partitions.map((partition) => partition.replicas.length))
  const inSync = Math.min(...partitions.map(({ isrs }) => isrs.length))
  const detail = `${count}, led by ${leaders.slice(0, 20).join(', ')}; at least ${inSync} of ${replicas} replicas in sync.`
  tell({ step: 'topic', outcome: 'ok', detail })
  return true
}

/**
 * A number of acknowledgements that no broker takes. Kafka looks at the permission to write first, and writes nothing.
 * Source: KafkaApis.handleProduceRequest and ReplicaManager.isValidRequiredAcks of Apache Kafka.
 */
const IMPOSSIBLE_ACKS = '7'

/** Asks whether the user may write to the topic. */
export async function askWrite(
  target: KafkaTarget,
  { topic, askWrite: asked }: TopicCheck,
  timeout: number,
  tell: TellStep,
): Promise<void> {
  if (!asked) {
    const detail = 'Not asked for; use --ask-write, or --produce to write a record.'
    tell({ step: 'write', outcome: 'skipped', detail })
    return
  }
  const settings = new Map(target.settings).set('acks', IMPOSSIBLE_ACKS)
  const session = new CheckSession({ ...target, settings }, { 'allow.auto.create.topics': false })
  try {
    const value = Buffer.from('topicrule kafka check')
    const record = { topic, partition: null, key: undefined, headers: [], value }
    const produced = await session.produce(record, timeout)
    if (produced.ok || produced.kind === 'configuration') {
      const surprise = produced.ok
        ? '; this broker took a request that Apache Kafka refuses, and wrote it'
        : ''
      tell({ step: 'write', outcome: 'ok', detail: `The user may write to ${topic}${surprise}.` })
      return
    }
    const { code, message } = produced.failure
    tell({ step: 'write', outcome: 'failed', detail: `${topic}: ${message}.`, code })
  } finally {
    await session.close()
  }
}

/** Produces the record, where there is one, as the rule would. */
export async function produce(
  target: KafkaTarget,
  { topic, record }: TopicCheck,
  timeout: number,
  tell: TellStep,
): Promise<void> {
  if (record === undefined) return
  const session = new CheckSession(target, {})
  try {
    const produced = await session.produce(record, timeout)
    if (produced.ok) {
      const detail = `One record of ${record.value.length} bytes is at ${topic}, partition ${produced.partition}, offset ${produced.offset}.`
      tell({ step: 'produce', outcome: 'ok', detail })
      return
    }
    const { code, message } = produced.failure
    tell({ step: 'produce', outcome: 'failed', detail: `${topic}: ${message}`, code })
  } finally {
    await session.close()
  }
}
