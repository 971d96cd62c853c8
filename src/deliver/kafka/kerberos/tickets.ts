import { execFile } from 'node:child_process'
import { renameSync } from 'node:fs'

/** Where the parts of one identity lie. */
export interface TicketFiles {
  readonly principal: string
  readonly keytab: string
  /** Credential cache, as in KRB5CCNAME but without its type. */
  readonly cache: string
}

/** A ticket with its life in milliseconds since the epoch by the clock of the center; or what kinit wrote. */
export type TicketResult =
  | { readonly ok: true; readonly startsAt: number; readonly endsAt: number }
  | { readonly ok: false; readonly text: string }

const TIMEOUT_MS = 15_000
const ENVIRONMENT = { ...process.env, LC_ALL: 'C', TZ: 'UTC' }
/** Assumed where klist does not say when the ticket ends. */
const FALLBACK_LIFETIME_MS = 10 * 60_000

/**
 * Gets a ticket-granting ticket with the keytab. The cache is replaced as a whole, so that a connection that is
 * made meanwhile finds the old ticket or the new one. Never rejects; no shell is involved.
 */
export async function obtainTicket({ principal, keytab, cache }: TicketFiles): Promise<TicketResult> {
  const fresh = `${cache}.new`
  const kinit = await run('kinit', ['-k', '-t', keytab, '-c', `FILE:${fresh}`, principal])
  if (!kinit.ok) return kinit
  const klist = await run('klist', ['-c', `FILE:${fresh}`])
  try {
    renameSync(fresh, cache)
  } catch (error) {
    return { ok: false, text: (error as Error).message }
  }
  const now = Date.now()
  const life = klist.ok ? lifeOf(klist.text) : undefined
  return { ok: true, ...(life ?? { startsAt: now, endsAt: now + FALLBACK_LIFETIME_MS }) }
}

/** The life of the ticket-granting ticket in the output of klist, whose dates are `MM/DD/YY HH:MM:SS` in UTC. */
export function lifeOf(listing: string): { startsAt: number; endsAt: number } | undefined {
  const match = /^(\S+ \S+)\s+(\S+ \S+)\s+krbtgt\//m.exec(listing)
  const startsAt = timeOf(match?.[1])
  const endsAt = timeOf(match?.[2])
  return startsAt === undefined || endsAt === undefined ? undefined : { startsAt, endsAt }
}

function timeOf(text: string | undefined): number | undefined {
  const match = /^(\d\d)\/(\d\d)\/(\d\d(?:\d\d)?) (\d\d:\d\d:\d\d)$/.exec(text ?? '')
  if (match === null) return undefined
  const [, month, day, year, time] = match
  const at = Date.parse(`${year!.length === 2 ? `20${year!}` : year!}-${month!}-${day!}T${time!}Z`)
  return Number.isNaN(at) ? undefined : at
}

type RunResult = { readonly ok: true; readonly text: string } | { readonly ok: false; readonly text: string }

function run(command: string, args: readonly string[]): Promise<RunResult> {
  return new Promise((resolve) => {
    execFile(
      command,
      args,
      { env: ENVIRONMENT, timeout: TIMEOUT_MS, maxBuffer: 64 * 1024 },
      (error, stdout, stderr) => {
        if (error === null) resolve({ ok: true, text: stdout })
        else if (error.code === 'ENOENT')
          resolve({ ok: false, text: `${command} is not installed; it comes with the package krb5-user` })
        else if (error.killed === true) resolve({ ok: false, text: `${command} timed out` })
        else resolve({ ok: false, text: stderr.trim() === '' ? error.message : stderr })
      },
    )
  })
}
