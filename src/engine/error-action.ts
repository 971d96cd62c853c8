import { type Message } from '../message/index.ts'
import { type ActionFailure } from './obligation.ts'

/**
 * The message an error action receives, in AWS's shape.
 * Source: https://docs.aws.amazon.com/iot/latest/developerguide/rule-error-handling.html
 */
export function errorDocument(
  ruleName: string,
  message: Message,
  failures: readonly ActionFailure[],
): Buffer {
  return Buffer.from(
    JSON.stringify({
      ruleName,
      topic: message.topic,
      cloudwatchTraceId: message.traceId,
      clientId: message.client.clientId,
      sourceIp: message.client.sourceIp,
      base64OriginalPayload: message.payload.toString('base64'),
      failures: failures.map(({ action, failure }) => ({
        failedAction: action,
        failedResource: failure.resource,
        errorMessage: failure.message,
      })),
    }),
  )
}
