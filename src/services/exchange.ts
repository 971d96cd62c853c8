import { type Agent, type IncomingMessage, request as httpRequest } from 'node:http'
import { request as httpsRequest } from 'node:https'

/** What came back for one POST. */
export type Reply =
  | { readonly kind: 'answer'; readonly status: number; readonly body: Buffer }
  | { readonly kind: 'too large' }
  /** No answer: the connection could not be made, broke, or was aborted. */
  | { readonly kind: 'broken'; readonly reason: string }

export interface Target {
  readonly url: URL
  readonly agent: Agent
  readonly headers: Readonly<Record<string, string>>
  /** Most bytes of an answer. */
  readonly maxAnswer: number
}

/** Posts `body` and reads the answer whole. Redirects are answers like any other. Never rejects. */
export function exchange(target: Target, body: Buffer, signal: AbortSignal): Promise<Reply> {
  const { url, agent, headers } = target
  const send = url.protocol === 'https:' ? httpsRequest : httpRequest
  return new Promise((resolve) => {
    const broken = (error: Error): void => resolve({ kind: 'broken', reason: error.message })
    const request = send(
      url,
      { method: 'POST', agent, signal, headers: { ...headers, 'content-length': body.length } },
      (response) => receive(response, target.maxAnswer, resolve, broken),
    )
    request.on('error', broken)
    request.end(body)
  })
}

function receive(
  response: IncomingMessage,
  maxAnswer: number,
  resolve: (reply: Reply) => void,
  broken: (error: Error) => void,
): void {
  const parts: Buffer[] = []
  let bytes = 0
  response.on('data', (part: Buffer) => {
    bytes += part.length
    if (bytes <= maxAnswer) parts.push(part)
    else {
      resolve({ kind: 'too large' })
      response.destroy()
    }
  })
  response.on('end', () =>
    resolve({ kind: 'answer', status: response.statusCode ?? 0, body: Buffer.concat(parts) }),
  )
  response.on('error', broken)
  response.on('close', () => broken(new Error('the connection closed within the answer')))
}
