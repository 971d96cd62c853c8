import { type Socket } from 'node:net'
import { type FastifyReply, type FastifyRequest } from 'fastify'
import { ControlError, type ErrorName, errorStatus } from './errors.ts'
import { type Operation } from './operation.ts'

/** Paths of AWS IoT's data plane, which this server does not have at all or has on another address. */
const DATA_PLANE = /^\/(topics|things\/[^/]+\/shadow|api\/things\/|retainedMessage|connections\/)/

/** What a request is told whose method and path are none of `operations`. */
export function unknownOperation(
  request: FastifyRequest,
  reply: FastifyReply,
  operations: readonly Operation[],
): ControlError {
  const path = (request.raw.url ?? '/').split('?')[0]!
  const methods = operations.filter((operation) => matches(operation.path, path)).map(({ method }) => method)
  if (methods.length > 0) {
    reply.header('allow', methods.join(', '))
    const message = `${path.slice(0, 200)} takes ${methods.join(', ')}.`
    return new ControlError('MethodNotAllowedException', message)
  }
  if (DATA_PLANE.test(path)) {
    const message =
      'This address has the control API. Messages are published to the address of `publish`; retained messages and shadows are not kept by this server.'
    return new ControlError('UnsupportedOperation', message)
  }
  return new ControlError(
    'UnknownOperationException',
    'There is no such operation here; /openapi.json lists those there are.',
  )
}

function matches(template: string, path: string): boolean {
  const pattern = template.replace(/\{\w+\+\}/, '.+').replace(/\{\w+\}/g, '[^/]+')
  return new RegExp(`^${pattern}$`).test(path)
}

const byFastify: Readonly<Record<string, ErrorName>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'RequestEntityTooLargeException',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'InvalidRequestException',
  FST_ERR_BAD_URL: 'InvalidRequestException',
  FST_ERR_MAX_PARAM_LENGTH: 'InvalidRequestException',
}

/** The error in the form of AWS's REST-JSON protocol: its name in a header, its message in the body. */
export function refuse(
  thrown: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
  { onFault }: { readonly onFault: (operation: string, error: unknown) => void },
): FastifyReply {
  const error = thrown instanceof ControlError ? thrown : ofFastify(thrown)
  if (error.status >= 500 && !(thrown instanceof ControlError))
    onFault(`${request.method} ${request.routeOptions.url ?? ''}`, thrown)
  if (error.error === 'ThrottlingException' || error.status === 503) reply.header('retry-after', '1')
  return reply
    .code(error.status)
    .header('x-amzn-errortype', error.error)
    .type('application/json')
    .send(JSON.stringify({ message: error.message, ...error.members }))
}

function ofFastify(thrown: unknown): ControlError {
  const { code, statusCode, message } = thrown as { code?: string; statusCode?: number; message?: string }
  const name = byFastify[code ?? '']
  if (name !== undefined) return new ControlError(name, message ?? name)
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500)
    return new ControlError('InvalidRequestException', message ?? 'The request cannot be read.')
  return new ControlError(
    'InternalFailureException',
    'An internal error occurred; the log of the server says more.',
  )
}

/** What is not even HTTP. */
export function refuseRaw(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy()
    return
  }
  const name: ErrorName =
    error.code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 'RequestTimeoutException' : 'InvalidRequestException'
  const body = JSON.stringify({ message: 'The request cannot be read as HTTP.' })
  const head = [
    `HTTP/1.1 ${errorStatus[name]} ${name}`,
    'content-type: application/json',
    `content-length: ${Buffer.byteLength(body)}`,
    `x-amzn-errortype: ${name}`,
    'connection: close',
  ]
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`)
}
