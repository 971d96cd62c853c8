import { describe, expect, it } from 'vitest'
import { may, seesSecrets } from '../../src/access/index.ts'

describe('roles', () => {
  it.each([
    ['admin', true, true],
    ['rules', true, true],
    ['read', true, false],
    ['publish', false, false],
  ] as const)('let %s read: %s, and change: %s', (role, read, change) => {
    expect([may(role, 'read'), may(role, 'change')]).toEqual([read, change])
  })

  it('show secrets to those alone who may change them', () => {
    expect((['admin', 'rules', 'read', 'publish'] as const).filter(seesSecrets)).toEqual(['admin', 'rules'])
  })
})
