import rdkafka from 'node-rdkafka'
import { runProcess } from '../process.ts'
import { javaArguments } from './java.ts'
import { type KafkaAddress } from './properties.ts'

const TOPIC_EXISTS = 36

/** Creates a topic through the plain listener and waits until the broker has it. An existing topic is left as it is. */
export async function createTopic(
  kafka: KafkaAddress,
  name: string,
  partitions = 1,
  config: Readonly<Record<string, string>> = {},
): Promise<void> {
  const client = rdkafka.AdminClient.create({
    'metadata.broker.list': kafka.bootstrap.plaintext,
    'broker.address.family': 'v4',
  })
  try {
    await new Promise<void>((resolve, reject) => {
      const topic = { topic: name, num_partitions: partitions, replication_factor: 1, config }
      client.createTopic(topic, 15_000, (error) => {
        if (error && error.code !== TOPIC_EXISTS) reject(error)
        else resolve()
      })
    })
  } finally {
    client.disconnect()
  }
}

/** Lets `user` write to a topic, and with that nobody else but the super users. */
export function grantWrite(kafka: KafkaAddress, topic: string, user: string): Promise<void> {
  return grant(kafka, topic, user, ['Write', 'Describe'])
}

/** Lets `user` do these operations with a topic, and with that nobody else but the super users. */
export async function grant(
  kafka: KafkaAddress,
  topic: string,
  user: string,
  operations: readonly string[],
): Promise<void> {
  const args = [
    ...['--bootstrap-server', kafka.bootstrap.plaintext, '--add', '--allow-principal', `User:${user}`],
    ...operations.flatMap((operation) => ['--operation', operation]),
    ...['--topic', topic],
  ]
  await runProcess('java', javaArguments(kafka.jars, 'org.apache.kafka.tools.AclCommand', args))
}
