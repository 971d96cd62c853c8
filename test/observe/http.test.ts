import { once } from 'node:events'
import { connect } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type HealthServer, Metrics, readyAnswer, serveHealth } from '../../src/observe/index.ts'

let server: HealthServer
let ready: boolean

beforeEach(async () => {
  ready = true
  server = await serveHealth('127.0.0.1', 0, { metrics: new Metrics(), isReady: () => ready })
})
afterEach(() => server.close())

const get = (path: string, method = 'GET'): Promise<Response> =>
  fetch(`http://127.0.0.1:${server.port}${path}`, { method })

/** Sends bytes as they are and returns the first line of the answer. */
async function raw(request: string): Promise<string> {
  const socket = connect(server.port, '127.0.0.1')
  socket.end(request)
  const [chunk] = (await once(socket, 'data')) as [Buffer]
  socket.destroy()
  return chunk.toString('latin1').split('\r\n')[0]!
}

describe('the health server', () => {
  it('answers live always and ready while messages are taken', async () => {
    expect((await get('/health/live')).status).toBe(200)
    expect((await get('/health/ready')).status).toBe(200)
    ready = false
    expect((await get('/health/live')).status).toBe(200)
    expect((await get('/health/ready')).status).toBe(503)
  })

  it('serves metrics as Prometheus expects them', async () => {
    const response = await get('/metrics?name[]=x')
    expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8')
    expect(await response.text()).toContain('# TYPE topicrule_messages_received_total counter\n')
  })

  it('answers 404 and 405 in words', async () => {
    expect([(await get('/')).status, (await get('/metrics', 'POST')).status]).toEqual([404, 405])
  })

  it('survives paths and requests that are none', async () => {
    expect(await raw('GET // HTTP/1.1\r\nHost: x\r\n\r\n')).toBe('HTTP/1.1 404 Not Found')
    expect(await raw('GET http://[ HTTP/1.1\r\nHost: x\r\n\r\n')).toBe('HTTP/1.1 404 Not Found')
    expect(await raw('\u0000\u0001\r\n\r\n')).toBe('HTTP/1.1 400 Bad Request')
    expect((await get('/health/live')).status).toBe(200)
  })

  it('rejects when its address is taken', async () => {
    await expect(
      serveHealth('127.0.0.1', server.port, { metrics: new Metrics(), isReady: () => true }),
    ).rejects.toThrow('EADDRINUSE')
  })
})

it('shows metrics alone on an address of their own', async () => {
  const alone = await serveHealth('127.0.0.1', 0, { metrics: new Metrics() })
  expect((await fetch(`http://127.0.0.1:${alone.port}/metrics`)).status).toBe(200)
  expect((await fetch(`http://127.0.0.1:${alone.port}/health/live`)).status).toBe(404)
  await alone.close()
})

describe('what /health/ready tells of clusters', () => {
  const cluster = { name: 'b1:9092#1', actions: 2, outstanding: 0, oldestAge: 0 }
  const kafka = [
    { ...cluster, state: 'connected' },
    {
      ...{ ...cluster, name: 'b2:9092#2', state: 'hanging', outstanding: 3, oldestAge: 12_400 },
      ...{ code: 'KAFKA_UNAVAILABLE', fault: 'a line\nand another' },
    },
  ]

  it('is a line for each, whatever the fault says', () => {
    expect(readyAnswer({ ready: true, kafka }, '*/*')).toEqual({
      status: 200,
      contentType: 'text/plain; charset=utf-8',
      body: 'ready\nkafka b1:9092#1 connected\nkafka b2:9092#2 hanging KAFKA_UNAVAILABLE: 3 records outstanding, the oldest for 12 s; a line and another\n',
    })
  })

  it.each(['application/json', 'application/json, text/plain', 'Application/JSON;q=0.9'])(
    'is JSON where %s is asked for',
    (accept) => {
      const { status, contentType, body } = readyAnswer({ ready: false, kafka }, accept)
      expect([status, contentType]).toEqual([503, 'application/json'])
      expect(JSON.parse(body)).toMatchObject({
        ready: false,
        kafka: [{ state: 'connected' }, { state: 'hanging', oldestMilliseconds: 12_400 }],
      })
    },
  )

  it.each([undefined, '', 'text/plain, application/json', '*/*', 'text/html'])('is text for %s', (accept) => {
    expect(readyAnswer({ ready: true, kafka: [] }, accept).body).toBe('ready\n')
  })
})
