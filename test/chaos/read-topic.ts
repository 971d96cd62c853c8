import rdkafka from 'node-rdkafka'

const PATIENCE = 60_000

/** Reads every record of a topic, each partition from its first to its last of now. */
export async function readTopic(
  bootstrap: string,
  topic: string,
  take: (partition: number, value: Buffer) => void,
): Promise<void> {
  const consumer = new rdkafka.KafkaConsumer(
    {
      ...{ 'metadata.broker.list': bootstrap, 'broker.address.family': 'v4' },
      ...{ 'group.id': 'ledger', 'enable.auto.commit': false },
    },
    { 'auto.offset.reset': 'earliest' },
  )
  await new Promise<void>((resolve, reject) =>
    consumer.connect({ timeout: PATIENCE }, (error) => (error ? reject(error) : resolve())),
  )
  try {
    const left = await ends(consumer, topic)
    consumer.assign([...left.keys()].map((partition) => ({ topic, partition, offset: 0 })))
    const deadline = Date.now() + PATIENCE
    for (const [partition, end] of left) if (end === 0) left.delete(partition)
    while (left.size > 0) {
      if (Date.now() > deadline) throw new Error(`${topic} could not be read to its end`)
      for (const { partition, offset, value } of await consume(consumer)) {
        take(partition, value ?? Buffer.alloc(0))
        if (offset + 1 >= (left.get(partition) ?? Infinity)) left.delete(partition)
      }
    }
  } finally {
    await new Promise<void>((resolve) => consumer.disconnect(() => resolve()))
  }
}

async function ends(consumer: rdkafka.KafkaConsumer, topic: string): Promise<Map<number, number>> {
  const metadata = await new Promise<rdkafka.Metadata>((resolve, reject) =>
    consumer.getMetadata({ topic, allTopics: false, timeout: PATIENCE }, (error, found) =>
      error ? reject(error) : resolve(found),
    ),
  )
  const partitions = metadata.topics.find(({ name }) => name === topic)?.partitions ?? []
  const found = partitions.map(
    ({ id }) =>
      new Promise<[number, number]>((resolve, reject) =>
        consumer.queryWatermarkOffsets(topic, id, PATIENCE, (error, offsets) =>
          error ? reject(error) : resolve([id, offsets.highOffset]),
        ),
      ),
  )
  return new Map(await Promise.all(found))
}

function consume(consumer: rdkafka.KafkaConsumer): Promise<rdkafka.Message[]> {
  return new Promise((resolve, reject) =>
    consumer.consume(2000, (error, messages) => (error ? reject(error) : resolve(messages))),
  )
}
