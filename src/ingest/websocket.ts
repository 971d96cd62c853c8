import { type IncomingMessage, type Server } from 'node:http'
import { type Socket } from 'node:net'
import { type Duplex } from 'node:stream'
import { createWebSocketStream, type WebSocket, WebSocketServer } from 'ws'
import { type SharedBudget } from './window.ts'

/** A WebSocket message may hold several packets and packets may span messages. */
const MESSAGE_MINIMUM = 1024 * 1024
const SUBPROTOCOL = 'mqtt'
/** Bytes of a message that may always arrive. */
const FIRST_BYTES = 4_096
/** Of a control frame that a client sends, its mask included. Source: RFC 6455, sections 5.2 and 5.5. */
const CONTROL_HEADER = 6

export interface WebSocketBounds {
  /** Bytes. */
  readonly maxPacketSize: number
  /** Messages that have not arrived whole, of all connections. */
  readonly partial: SharedBudget
}

/**
 * Makes an HTTP server hand out MQTT streams over WebSocket, and nothing else. Source: MQTT 5.0 section 6.
 * @param onStream gets the byte stream and the socket it runs over
 */
export function serveWebSockets(
  server: Server,
  path: string,
  { maxPacketSize, partial }: WebSocketBounds,
  onStream: (stream: Duplex, socket: Socket) => void,
): void {
  const sockets = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    maxPayload: Math.max(MESSAGE_MINIMUM, maxPacketSize),
    handleProtocols: () => SUBPROTOCOL,
  })
  server.on('request', (_, response) => {
    response.writeHead(426, { connection: 'close', upgrade: 'websocket' }).end('MQTT over WebSocket only\n')
  })
  server.on('upgrade', (request, socket, head) => {
    socket.on('error', () => undefined)
    if (!isForMqtt(request, path)) {
      socket.end('HTTP/1.1 400 Bad Request\r\nconnection: close\r\n\r\n')
      return
    }
    sockets.handleUpgrade(request, socket, head, (webSocket) => {
      webSocket.on('error', () => undefined)
      boundPartial(webSocket, request.socket, partial)
      const stream = createWebSocketStream(webSocket)
      // MQTT-6.0.0-1: binary frames only.
      webSocket.prependListener('message', (_, isBinary) => {
        if (!isBinary) stream.destroy()
      })
      onStream(stream, request.socket)
    })
  })
  server.on('clientError', (_, socket) => socket.destroy())
  server.on('tlsClientError', () => undefined)
}

/** Counts what has come of a message that is not whole: the library keeps it until it is. */
function boundPartial(webSocket: WebSocket, socket: Socket, partial: SharedBudget): void {
  let pending = 0
  const settle = (): void => {
    partial.bytes -= pending
    pending = 0
  }
  // Before the library's own listener, which tells of the messages that are whole with these bytes.
  socket.prependListener('data', (chunk: Buffer) => {
    pending += chunk.length
    partial.bytes += chunk.length
    if (pending > FIRST_BYTES && partial.bytes > partial.limit) webSocket.terminate()
  })
  webSocket.prependListener('message', settle)
  // Control frames come whole, also between the frames of a message, and the library keeps nothing of them.
  const forget = (data: Buffer): void => {
    const frame = Math.min(pending, CONTROL_HEADER + data.length)
    pending -= frame
    partial.bytes -= frame
  }
  webSocket.on('ping', forget).on('pong', forget)
  socket.once('close', settle)
}

/** The client must offer the subprotocol "mqtt" (MQTT-6.0.0-3). */
function isForMqtt(request: IncomingMessage, path: string): boolean {
  const [requested] = (request.url ?? '').split('?')
  const offered = (request.headers['sec-websocket-protocol'] ?? '').split(',').map((name) => name.trim())
  return requested === path && offered.includes(SUBPROTOCOL)
}
