import { expect, it } from 'vitest'
import { newTraceId } from '../../src/message/index.ts'

it('trace ids are random UUIDs of version 4 and never repeat, also beyond one pool of random bytes', () => {
  const ids = Array.from({ length: 2_000 }, newTraceId)
  expect(new Set(ids).size).toBe(ids.length)
  for (const id of ids)
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
})
