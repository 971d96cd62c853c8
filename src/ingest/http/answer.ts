import { type ServerResponse } from 'node:http'
import { type TraceId } from '../../message/index.ts'

/**
 * Error names with their status as the service model of AWS IoT's data plane (2015-05-28) has them, beside
 * `UnsupportedOperation` for what this server does not do and `RequestTimeoutException` for a request that does not end.
 */
export const errorStatus = {
  InvalidRequestException: 400,
  UnsupportedOperation: 400,
  UnauthorizedException: 401,
  ForbiddenException: 403,
  ResourceNotFoundException: 404,
  MethodNotAllowedException: 405,
  RequestTimeoutException: 408,
  RequestEntityTooLargeException: 413,
  ThrottlingException: 429,
  InternalFailureException: 500,
  ServiceUnavailableException: 503,
} as const satisfies Readonly<Record<string, number>>

export type ErrorName = keyof typeof errorStatus

/** Why a request is refused, as its sender is told. The message never contains a secret or a payload. */
export interface Refusal {
  readonly error: ErrorName
  readonly message: string
  /** Where the name has another status than its own. */
  readonly status?: number
  /** Seconds after which the request may be sent again; one where nothing better is known. */
  readonly retryAfter?: number
}

export function refusal(error: ErrorName, message: string): Refusal {
  return { error, message }
}

export interface AnswerOptions {
  readonly traceId: TraceId
  /** Say that the connection ends with this answer. */
  readonly close?: boolean
  readonly headers?: Readonly<Record<string, string>>
}

/** `{"message":"OK","traceId":"…"}`, as AWS IoT answers. */
export function answerOk(response: ServerResponse, options: AnswerOptions): void {
  send(response, 200, { message: 'OK', traceId: options.traceId }, {}, options)
}

/** The error in the form of AWS's REST-JSON protocol: its name in a header, its message in the body. */
export function answerRefusal(response: ServerResponse, refused: Refusal, options: AnswerOptions): void {
  const { error, message } = refused
  const status = refused.status ?? errorStatus[error]
  const named: Record<string, string> = { 'x-amzn-errortype': error }
  if (status === 429 || status === 503) named['retry-after'] = String(refused.retryAfter ?? 1)
  send(response, status, { message, traceId: options.traceId }, named, options)
}

function send(
  response: ServerResponse,
  status: number,
  content: Readonly<Record<string, string>>,
  named: Readonly<Record<string, string>>,
  { traceId, close, headers }: AnswerOptions,
): void {
  const body = Buffer.from(JSON.stringify(content))
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': body.length,
    'x-amzn-requestid': traceId,
    ...named,
    ...headers,
    ...(close === true && { connection: 'close' }),
  })
  response.end(body)
}

/** The same as bytes, for a connection on which no request could be read. */
export function rawRefusal(error: ErrorName, message: string, status: number, traceId: TraceId): string {
  const body = JSON.stringify({ message, traceId })
  return [
    `HTTP/1.1 ${status} ${error}`,
    'content-type: application/json',
    `content-length: ${Buffer.byteLength(body)}`,
    `x-amzn-requestid: ${traceId}`,
    `x-amzn-errortype: ${error}`,
    'connection: close',
    '',
    body,
  ].join('\r\n')
}
