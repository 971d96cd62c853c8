import { randomFillSync } from 'node:crypto'

/** A version 4 UUID that names one message in logs, errors and the error action (`cloudwatchTraceId`). */
export type TraceId = string

const pool = Buffer.alloc(16 * 256)
let used = pool.length

/** Returns a fresh random UUID; random bytes are drawn 256 identifiers at a time. */
export function newTraceId(): TraceId {
  if (used === pool.length) {
    randomFillSync(pool)
    used = 0
  }
  pool[used + 6] = (pool[used + 6]! & 0x0f) | 0x40
  pool[used + 8] = (pool[used + 8]! & 0x3f) | 0x80
  const hex = pool.toString('hex', used, used + 16)
  used += 16
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}
