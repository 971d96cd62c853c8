import { type Failure } from '../errors.ts'
import { type Message } from '../message/index.ts'

/**
 * The message an error action receives, in AWS's shape; `action` is such as `kafka[0]`, or a function.
 * Source: https://docs.aws.amazon.com/iot/latest/developerguide/rule-error-handling.html
 */
export function errorDocument(
  ruleName: string,
  message: Message,
  failures: readonly { readonly action: string; readonly failure: Failure }[],
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
