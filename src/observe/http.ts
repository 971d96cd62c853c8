import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { type AddressInfo } from 'node:net'
import { type ClusterHealth, readyAnswer } from './health.ts'
import { type Metrics } from './metrics.ts'

export interface HealthServer {
  readonly host: string
  readonly port: number
  close(): Promise<void>
}

/** What a server shows: metrics, health, or both. */
export interface HealthPages {
  readonly metrics?: Metrics
  readonly isReady?: () => boolean
  /** What /health/ready tells of clusters; it changes nothing of being ready. */
  readonly kafka?: () => readonly ClusterHealth[]
}

/** Of the Prometheus text exposition format. */
export const METRICS_TYPE = 'text/plain; version=0.0.4; charset=utf-8'

/**
 * Answers `GET /metrics`, `/health/live` (200 while the process runs) and `/health/ready` (200 while messages are
 * taken, else 503), as far as `pages` has them; false for everything else, which is then not answered.
 */
export function answerPage(pages: HealthPages, request: IncomingMessage, response: ServerResponse): boolean {
  const { metrics, isReady, kafka } = pages
  const pathname = (request.url ?? '/').split('?')[0]
  const has =
    (pathname === '/metrics' && metrics !== undefined) ||
    ((pathname === '/health/live' || pathname === '/health/ready') && isReady !== undefined)
  if (!has) return false
  if (request.method !== 'GET' && request.method !== 'HEAD') send(response, 405, 'Use GET.\n')
  else if (pathname === '/metrics') send(response, 200, metrics!.text(), METRICS_TYPE)
  else if (pathname === '/health/live') send(response, 200, 'live\n')
  else {
    const readiness = { ready: isReady!(), kafka: kafka?.() ?? [] }
    const { status, body, contentType } = readyAnswer(readiness, request.headers.accept)
    send(response, status, body, contentType)
  }
  return true
}

/**
 * Serves these pages alone.
 * @throws Error of node:net when the address cannot be bound
 */
export function serveHealth(host: string, port: number, pages: HealthPages): Promise<HealthServer> {
  const { metrics, isReady } = pages
  const there = [metrics && '/metrics', isReady && '/health/live or /health/ready'].filter(Boolean).join(', ')
  const server = createServer((request, response) => {
    if (answerPage(pages, request, response)) return
    if (request.method !== 'GET' && request.method !== 'HEAD') send(response, 405, 'Use GET.\n')
    else send(response, 404, `Nothing here. Try ${there}.\n`)
  })
  server.requestTimeout = 10_000
  server.maxConnections = 100
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      const address = server.address() as AddressInfo
      resolve({ host, port: address.port, close: () => closed(server) })
    })
  })
}

function closed(server: Server): Promise<void> {
  server.closeAllConnections()
  return new Promise((resolve) => server.close(() => resolve()))
}

function send(
  response: ServerResponse,
  status: number,
  body: string,
  contentType = 'text/plain; charset=utf-8',
): void {
  response.writeHead(status, { 'content-type': contentType }).end(body)
}
