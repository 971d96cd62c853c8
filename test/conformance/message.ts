import { randomUUID } from 'node:crypto'
import { type Message, newTraceId, type PublishProperties } from '../../src/message/index.ts'
import { type Environment } from '../../src/sql/index.ts'
import { type SqlObject, type Value } from '../../src/value/index.ts'
import { type Case, object, optionalString } from './case.ts'
import { servicesOf } from './services.ts'

/** The message that a case publishes. */
export function messageOf({ topic, payload, context }: Case): Message {
  const protocol = optionalString(context, 'protocol') === 'http' ? 'http' : 'mqtt'
  return {
    topic,
    payload,
    qos: 1,
    retain: false,
    client: {
      clientId: protocol === 'mqtt' ? (optionalString(context, 'clientId') ?? 'client') : undefined,
      principal: optionalString(context, 'principal'),
      sourceIp: optionalString(context, 'sourceIp'),
      protocol,
    },
    properties: context.has('mqtt') ? propertiesOf(object(context.get('mqtt'))) : undefined,
    receivedAt: clockOf(context),
    traceId: optionalString(context, 'traceId') ?? newTraceId(),
    settle: () => undefined,
  }
}

/** Clock and account as the case fixes them. */
export function environmentOf({ context }: Case): Environment {
  return {
    accountId: optionalString(context, 'accountId') ?? '123456789012',
    now: () => clockOf(context),
    random: Math.random,
    newUuid: () => randomUUID(),
    services: servicesOf(context),
  }
}

function clockOf(context: SqlObject): number {
  return context.has('timestamp') ? Number(context.get('timestamp')) : Date.now()
}

function propertiesOf(mqtt: SqlObject): PublishProperties {
  const correlationData = optionalString(mqtt, 'correlationData')
  return {
    payloadFormatIndicator: mqtt.get('payloadFormatIndicator') === 'UTF8_DATA' ? 1 : 0,
    contentType: optionalString(mqtt, 'contentType'),
    responseTopic: optionalString(mqtt, 'responseTopic'),
    correlationData: correlationData === undefined ? undefined : Buffer.from(correlationData, 'base64'),
    userProperties: ((mqtt.get('userProperties') ?? []) as readonly (readonly Value[])[]).map(
      ([key, value]) => [String(key), String(value)] as const,
    ),
  }
}
