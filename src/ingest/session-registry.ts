import { SessionLog, type SessionLogReport, type StoredSession } from './session-log.ts'
import { InFlight, type Session, type SessionHolder } from './session.ts'

/** Session Expiry Interval that never expires. Source: MQTT 5.0 section 3.1.2.11.2. */
const NEVER = 0xffffffff
const SWEEP_EVERY = 10_000

export interface OpenedSession {
  readonly session: Session
  readonly present: boolean
  /** Resolves when what CONNACK says survives a crash; undefined when there is nothing to wait for. */
  readonly durable: Promise<void> | undefined
}

/** All sessions of an ingest by client identifier; their existence is kept in a log where a directory is given. */
export class SessionRegistry {
  readonly #sessions = new Map<string, Session>()
  readonly #maximum: number
  #log: SessionLog | undefined
  #nextSweep = 0

  constructor(maximum: number) {
    this.#maximum = maximum
  }

  /** Sessions that exist, connected or not. */
  get size(): number {
    return this.#sessions.size
  }

  /** Reads what an earlier process left. Clients that were connected then count as disconnected now. */
  async load(directory: string, now: number, report: SessionLogReport): Promise<void> {
    const { log, sessions } = await SessionLog.open(directory, () => this.#toStore(), report)
    this.#log = log
    for (const { clientId, expiryInterval, expiresAt } of sessions.values()) {
      const session = newSession(clientId, expiryInterval, new InFlight())
      session.expiresAt = expiresAt ?? expiryOf(expiryInterval, now)
      session.stored = true
      this.#sessions.set(clientId, session)
    }
  }

  /**
   * Opens the session of a client that connects and closes the connection that holds it.
   * @param expiryInterval seconds, already bounded
   * @returns undefined when there are too many sessions
   */
  open(
    clientId: string,
    clean: boolean,
    expiryInterval: number,
    holder: SessionHolder,
    now: number,
  ): OpenedSession | undefined {
    this.#sessions.get(clientId)?.holder?.takeOver()
    const existing = this.#sessions.get(clientId)
    const exists = existing !== undefined && !existing.ended && existing.expiresAt > now
    if (existing === undefined && this.#sessions.size >= this.#maximum) return undefined
    const present = exists && !clean
    const session = present
      ? existing
      : newSession(clientId, expiryInterval, existing?.inFlight ?? new InFlight())
    session.inFlight.onEmpty = undefined
    session.expiryInterval = expiryInterval
    session.expiresAt = Number.POSITIVE_INFINITY
    session.holder = holder
    session.stored = existing?.stored ?? false
    this.#sessions.set(clientId, session)
    return { session, present, durable: this.#store(session) }
  }

  /** The connection of a session has ended. */
  leave(session: Session, holder: SessionHolder, now: number): void {
    if (session.holder !== holder) return
    session.holder = undefined
    if (session.expiryInterval === 0) this.#end(session)
    else {
      session.expiresAt = expiryOf(session.expiryInterval, now)
      void this.#log?.append({ ...toStored(session), expiresAt: session.expiresAt })
    }
  }

  /** Ends sessions whose time is over. */
  tick(now: number): void {
    if (now < this.#nextSweep) return
    this.#nextSweep = now + SWEEP_EVERY
    for (const session of this.#sessions.values()) if (session.expiresAt <= now) this.#end(session)
  }

  async close(): Promise<void> {
    await this.#log?.close()
  }

  #store(session: Session): Promise<void> | undefined {
    if (session.expiryInterval > 0) {
      session.stored = true
      return this.#log?.append({ ...toStored(session), expiresAt: undefined })
    }
    return this.#unstore(session)
  }

  #unstore(session: Session): Promise<void> | undefined {
    if (!session.stored) return undefined
    session.stored = false
    return this.#log?.append({ clientId: session.clientId, removed: true })
  }

  #end(session: Session): void {
    void this.#unstore(session)
    session.ended = true
    session.expiresAt = Number.POSITIVE_INFINITY
    const remove = (): void => {
      if (this.#sessions.get(session.clientId) === session) this.#sessions.delete(session.clientId)
    }
    if (session.inFlight.size === 0) remove()
    else session.inFlight.onEmpty = remove
  }

  *#toStore(): Iterable<StoredSession> {
    for (const session of this.#sessions.values()) if (session.stored) yield toStored(session)
  }
}

function toStored({ clientId, expiryInterval, expiresAt }: Session): StoredSession {
  return { clientId, expiryInterval, expiresAt: Number.isFinite(expiresAt) ? expiresAt : undefined }
}

function newSession(clientId: string, expiryInterval: number, inFlight: InFlight): Session {
  return {
    clientId,
    expiryInterval,
    inFlight,
    unreleased: new Map(),
    holder: undefined,
    expiresAt: Number.POSITIVE_INFINITY,
    ended: false,
    stored: false,
  }
}

function expiryOf(interval: number, now: number): number {
  return interval === NEVER ? Number.MAX_SAFE_INTEGER : now + interval * 1000
}
