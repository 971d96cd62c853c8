/** What a device of the bench sends, and a message around it. */
import { type Message } from '../src/message/index.ts'

export const devicePayload = Buffer.from(
  JSON.stringify({
    deviceId: 'device-0001',
    sequence: 123456,
    temp: 24.75,
    humidity: 51.5,
    pressure: 1013.25,
    battery: 87,
    status: 'ok',
    site: 'plant-north',
    timestamp: 1763700000000,
    note: 'x'.repeat(88),
  }),
)

/** Each message has bytes of its own: what has been read of one says nothing about the next. */
export function messageOf(topic: string): Message {
  return {
    topic,
    payload: Buffer.from(devicePayload),
    qos: 1,
    retain: false,
    client: { clientId: 'device-0001', principal: undefined, sourceIp: '127.0.0.1', protocol: 'mqtt' },
    properties: undefined,
    receivedAt: 1763700000000,
    traceId: 'trace',
    settle: () => undefined,
  }
}
