import { describe, expect, it } from 'vitest'
import { failureOf, type FaultKind, isTurnedAway } from '../../src/deliver/kafka/faults.ts'
import { errorCatalogue } from '../../src/errors.ts'

/** Every kind there is; the type lets none be left out. */
const kinds: Readonly<Record<FaultKind, true>> = {
  authentication: true,
  'kerberos-principal': true,
  'kerberos-keytab': true,
  'kerberos-kdc': true,
  'kerberos-clock': true,
  tls: true,
  'token-endpoint': true,
  'topic-unknown': true,
  'not-authorized': true,
  'partition-unknown': true,
  'too-large': true,
  refused: true,
  forbidden: true,
  configuration: true,
  'queue-full': true,
  'timed-out': true,
  fatal: true,
  purged: true,
  environment: true,
}

describe.each(Object.keys(kinds) as FaultKind[])('a fault of kind %s', (kind) => {
  it('has the class that the catalogue gives its code', () => {
    const { code, class: whose } = failureOf(kind, 'r', 'm', false)
    expect(whose).toBe(errorCatalogue[code].class)
  })

  it('is never the fault of a rule with which the same has worked', () => {
    expect(failureOf(kind, 'r', 'm', true).class).not.toBe('rule')
  })

  it('ends a connection only where it is the rule that would have to change', () => {
    if (isTurnedAway(kind)) expect(failureOf(kind, 'r', 'm', false).class).toBe('rule')
  })
})
