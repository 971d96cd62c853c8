import { describe, expect, it } from 'vitest'
import { linkOf } from '../../src/deliver/kafka/health.ts'

const ready = {
  state: 'ready',
  isUp: false,
  outstanding: 0,
  lastFault: undefined,
  refusedSince: undefined,
} as const

describe('how a producer stands with its cluster', () => {
  it.each([
    ['idle where no producer is open', undefined, false, 'idle'],
    ['connected while a broker answers', { ...ready, isUp: true, outstanding: 3 }, false, 'connected'],
    ['hanging when nothing is reported, whatever the connection', { ...ready, isUp: true }, true, 'hanging'],
    ['connecting while the handle is made', { ...ready, state: 'opening' }, false, 'connecting'],
    [
      'connecting while a broken handle is replaced',
      { ...ready, state: 'replacing', isUp: true },
      false,
      'connecting',
    ],
    ['connecting while records wait for a broker', { ...ready, outstanding: 1 }, false, 'connecting'],
    ['connecting after a fault, also without records', { ...ready, lastFault: 'down' }, false, 'connecting'],
    ['idle while nobody uses the connection', ready, false, 'idle'],
    ['refused when turned away at first', { ...ready, state: 'refused' }, false, 'refused'],
    [
      'refused when turned away after it worked',
      { ...ready, outstanding: 2, refusedSince: 1 },
      false,
      'refused',
    ],
  ] as const)('is %s', (_, producer, isHanging, link) => {
    expect(linkOf(producer, isHanging)).toBe(link)
  })
})
