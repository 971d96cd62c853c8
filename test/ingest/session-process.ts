import { createMqttIngest } from '../../src/ingest/index.ts'

/** A process to be killed: an ingest that keeps its sessions in the directory given as argument. */
const ingest = createMqttIngest(
  {
    listeners: [{ host: '127.0.0.1', port: 0, transport: 'tcp', anonymous: true }],
    ack: 'delivered',
    onRefused: 'acknowledge',
    sessionDirectory: process.argv[2]!,
  },
  { hasRoom: () => true, onRoom: () => undefined, accept: (message) => message.settle('taken') },
  { count: () => undefined, log: () => undefined },
)
const [address] = await ingest.listen()
process.send!({ port: address!.port })
