const API_VERSIONS = 18
const CORRELATION = 0x7472

/** An ApiVersions request of version 0: every broker answers it, before any authentication. KIP-35. */
export function apiVersionsRequest(): Buffer {
  const client = Buffer.from('topicrule')
  const request = Buffer.alloc(14 + client.length)
  request.writeInt32BE(request.length - 4, 0)
  request.writeInt16BE(API_VERSIONS, 4)
  request.writeInt32BE(CORRELATION, 8)
  request.writeInt16BE(client.length, 12)
  client.copy(request, 14)
  return request
}

/** Whether bytes begin as the answer to `apiVersionsRequest`; undefined while too few are there. */
export function isApiVersionsAnswer(bytes: Buffer): boolean | undefined {
  return bytes.length < 8 ? undefined : bytes.readInt32BE(4) === CORRELATION
}
