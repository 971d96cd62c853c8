import { type FaultKind } from '../faults.ts'

/** Whose fault it is that kinit got no ticket, and in which words we say so. */
interface TicketFault {
  readonly kind: FaultKind
  readonly message: string
}

const faults: readonly (readonly [text: RegExp, fault: TicketFault])[] = [
  [
    /not found in Kerberos database|CLIENT_NOT_FOUND/i,
    {
      kind: 'kerberos-principal',
      message: 'the key distribution center does not know the principal in sasl.kerberos.principal',
    },
  ],
  [
    /Keytab contains no suitable keys|No key table entry found|Key table entry not found/i,
    {
      kind: 'kerberos-keytab',
      message: 'the keytab in sasl.kerberos.keytab has no key for sasl.kerberos.principal',
    },
  ],
  [
    /Preauthentication failed|Password incorrect|Decrypt integrity check failed|Key version number .* incorrect/i,
    {
      kind: 'kerberos-keytab',
      message:
        'the key in sasl.kerberos.keytab is not the one the principal has now; export the keytab again and store it',
    },
  ],
  [
    /Clock skew too great/i,
    {
      kind: 'kerberos-clock',
      message:
        'the clock of this machine differs too much from that of the key distribution center; synchronise both',
    },
  ],
  [
    /Cannot contact any KDC|Cannot resolve network address for KDC|Cannot find KDC|Connection refused|timed out/i,
    {
      kind: 'kerberos-kdc',
      message: 'no key distribution center in sasl.kerberos.krb5.kdc can be reached',
    },
  ],
  [
    /expired|revoked|locked|CLIENT_REVOKED/i,
    {
      kind: 'kerberos-principal',
      message: 'the key distribution center refuses the principal in sasl.kerberos.principal',
    },
  ],
  [
    /Realm not local to KDC|WRONG_REALM/i,
    {
      kind: 'kerberos-principal',
      message: 'the key distribution center does not serve the realm in sasl.kerberos.krb5.realm',
    },
  ],
]

/** Kerberos accepts clocks that differ by this much, unless its configuration says otherwise. */
const TOLERANCE_MS = 5 * 60_000

/**
 * What is wrong with a center whose clock is `skew` milliseconds ahead of this machine's; undefined within the
 * tolerance. kinit makes up for the difference, but a broker refuses tickets of another time without saying why.
 */
export function clockFault(skew: number): string | undefined {
  if (Math.abs(skew) <= TOLERANCE_MS) return undefined
  const minutes = Math.round(Math.abs(skew) / 60_000)
  return `The clock of the key distribution center is ${minutes} minutes ${skew > 0 ? 'ahead of' : 'behind'} this machine's; synchronise both, and that of the brokers.`
}

/** The fault behind what kinit wrote; an unknown text is the environment's and stands as it is. */
export function ticketFault(text: string): TicketFault {
  const line = text.trim().split('\n').at(-1)?.slice(0, 300) ?? ''
  const known = faults.find(([pattern]) => pattern.test(text))?.[1]
  if (known === undefined) return { kind: 'kerberos-kdc', message: `Kerberos gave no ticket: ${line}` }
  return { kind: known.kind, message: `Kerberos gave no ticket: ${known.message} (${line})` }
}
