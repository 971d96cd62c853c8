import { createServer, type Server } from 'node:http'
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
 * Serves `GET /metrics`, `/health/live` (200 while the process runs) and `/health/ready` (200 while messages are
 * taken, else 503), as far as `pages` has them.
 * @throws Error of node:net when the address cannot be bound
 */
export function serveHealth(host: string, port: number, pages: HealthPages): Promise<HealthServer> {
  const { metrics, isReady, kafka } = pages
  const server = createServer((request, response) => {
    const pathname = (request.url ?? '/').split('?')[0]
    const send = (status: number, body: string, contentType = 'text/plain; charset=utf-8'): void => {
      response.writeHead(status, { 'content-type': contentType }).end(body)
    }
    if (request.method !== 'GET' && request.method !== 'HEAD') send(405, 'Use GET.\n')
    else if (pathname === '/metrics' && metrics !== undefined) send(200, metrics.text(), METRICS_TYPE)
    else if (pathname === '/health/live' && isReady !== undefined) send(200, 'live\n')
    else if (pathname === '/health/ready' && isReady !== undefined) {
      const readiness = { ready: isReady(), kafka: kafka?.() ?? [] }
      const { status, body, contentType } = readyAnswer(readiness, request.headers.accept)
      send(status, body, contentType)
    } else
      send(
        404,
        `Nothing here. Try ${[metrics && '/metrics', isReady && '/health/live or /health/ready'].filter(Boolean).join(', ')}.\n`,
      )
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
