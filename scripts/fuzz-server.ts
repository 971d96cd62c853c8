import { createMqttIngest } from '../src/ingest/index.ts'
import { type Message } from '../src/message/index.ts'

const OUTCOMES = ['taken', 'unmatched', 'taken', 'taken', 'withheld'] as const

/**
 * The process under fire: an ingest whose messages settle with changing outcomes, some at once and some later.
 * Tells its parent its port, and on request its resident memory in bytes.
 */
async function serve(): Promise<void> {
  let count = 0
  const settle = (message: Message): void => {
    const isProbe = message.client.clientId === 'aliv'
    const outcome = isProbe ? 'taken' : OUTCOMES[count++ % OUTCOMES.length]!
    if (count % 3 === 0) message.settle(outcome)
    else setImmediate(() => message.settle(outcome))
  }
  const ingest = createMqttIngest(
    {
      listeners: [{ host: '127.0.0.1', port: 0, transport: 'tcp', anonymous: true }],
      ack: 'delivered',
      onRefused: 'acknowledge',
      // Sessions that mutated client identifiers leave behind end within the run.
      limits: { sessionExpiryMaximum: 2 },
      acl: [
        { effect: 'deny', topics: ['é/#'] },
        { effect: 'allow', topics: ['#'] },
      ],
    },
    {
      hasRoom: () => count % 101 !== 0,
      onRoom: (callback) => setImmediate(() => (count++, callback())),
      accept: settle,
    },
    { count: () => undefined, log: () => undefined },
  )
  const [address] = await ingest.listen()
  process.send?.({ port: address!.port })
  process.on('message', () => {
    const { gc } = globalThis as { gc?: () => void }
    gc?.()
    process.send?.({ rss: process.memoryUsage().rss, stats: ingest.stats() })
  })
  process.on('disconnect', () => process.exit(0))
}

await serve()
