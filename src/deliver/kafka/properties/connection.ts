import { defineProperty } from './property.ts'

const SERVER = /^(?:\[[0-9a-fA-F:.]+\]|[a-zA-Z0-9](?:[a-zA-Z0-9._-]*[a-zA-Z0-9])?\.?):(\d{1,5})$/
const SERVERS_LIMIT = 50

export const bootstrapServers = defineProperty({
  name: 'bootstrap.servers',
  summary: 'Host and port pairs, separated by commas, of brokers to connect to first.',
  required: true,
  maxBytes: 8192,
  librdkafka: 'bootstrap.servers',
  fault: serversFault,
})

export const securityProtocol = defineProperty({
  name: 'security.protocol',
  summary: 'How the connection is secured.',
  values: ['SSL', 'SASL_SSL'],
  extensions: ['PLAINTEXT', 'SASL_PLAINTEXT'],
  default: 'SSL',
  librdkafka: 'security.protocol',
})

export const acks = defineProperty({
  name: 'acks',
  summary:
    'Acknowledgements the leader needs before it confirms a record; -1 and all wait for every in-sync replica. With 0 nothing is confirmed or sent again: a record counts as delivered once it is on its way.',
  values: ['-1', '0', '1', 'all'],
  default: '1',
  becomes: ['acks', 'enable.idempotence'],
})

export const compressionType = defineProperty({
  name: 'compression.type',
  summary: 'How batches of records are compressed.',
  values: ['none', 'gzip', 'snappy', 'lz4', 'zstd'],
  default: 'none',
  librdkafka: 'compression.codec',
})

export const keySerializer = defineProperty({
  name: 'key.serializer',
  summary: 'Keys are text in UTF-8.',
  values: ['StringSerializer'],
  default: 'StringSerializer',
})

export const valueSerializer = defineProperty({
  name: 'value.serializer',
  summary: 'Values are bytes.',
  values: ['ByteBufferSerializer'],
  default: 'ByteBufferSerializer',
})

function serversFault(value: string): string | undefined {
  const servers = value.split(',')
  if (servers.length > SERVERS_LIMIT) return `names ${servers.length} servers; the limit is ${SERVERS_LIMIT}`
  for (const server of servers) {
    const port = SERVER.exec(server.trim())?.[1]
    if (port === undefined || Number(port) < 1 || Number(port) > 65_535) {
      return `must be host:port pairs separated by commas; ${JSON.stringify(server.trim().slice(0, 80))} is none`
    }
  }
  return undefined
}
