import { rmSync } from 'node:fs'
import { createNative } from '../native.ts'
import { Poller } from '../poller.ts'
import { ReportWaiter } from '../report-waiter.ts'
import { AgentHandle } from './agent-handle.ts'
import { clockFault, ticketFault } from '../kerberos/ticket-faults.ts'
import { obtainTicket, type TicketFiles } from '../kerberos/tickets.ts'
import { overridesFault, watchHosts } from './hosts-watch.ts'
import { type FromAgent, type StartAgent, type ToAgent } from './messages.ts'

/*
 * A process of isolated producers. Its environment names a krb5.conf and a credential cache of its own, whose ticket it
 * keeps fresh, or a file of host names, or both; it ends when the server that started it does.
 */

const RETRY_FIRST_MS = 1_000
const RETRY_LAST_MS = 30_000
/** A center that is away refuses nobody and locks no account: records wait for it, so it is asked more often. */
const RETRY_AWAY_MS = 3_000
/** Part of a ticket's life after which the next one is fetched, and the least time between two. */
const RENEW_AFTER = 0.7
const RENEW_LEAST_MS = 1_000

class Agent {
  readonly #handles = new Map<number, AgentHandle>()
  readonly #poller = new Poller()
  readonly #waiter = new ReportWaiter()
  /** What waits until names resolve as they should and there is a ticket. */
  readonly #waiting: (() => void)[] = []
  #files: TicketFiles | undefined
  #directory: string | undefined
  #isReady = false
  #failures = 0

  receive(message: ToAgent): void {
    switch (message.kind) {
      case 'start':
        void this.#start(message)
        return
      case 'open': {
        const { handle, global, topic } = message
        const made = new AgentHandle(handle, send, this.#poller, this.#waiter)
        this.#handles.set(handle, made)
        this.#whenReady(() => made.open(() => createNative(global, topic)))
        return
      }
      case 'produce':
        this.#handles.get(message.handle)?.produce(message.records)
        return
      case 'metadata':
        this.#handles.get(message.handle)?.metadata(message.id, message.options)
        return
      case 'close': {
        const closing = this.#handles.get(message.handle)
        this.#handles.delete(message.handle)
        if (closing === undefined) send({ kind: 'closed', handle: message.handle })
        else closing.close()
      }
    }
  }

  /** Leaves nothing behind; the connections end with the process. */
  end(): void {
    if (this.#directory !== undefined) rmSync(this.#directory, { recursive: true, force: true })
    process.exit(0)
  }

  async #start({ directory, tickets, hosts }: StartAgent): Promise<void> {
    this.#directory = directory
    if (hosts !== undefined) {
      const fault = await overridesFault(hosts)
      if (fault !== undefined) fail(fault)
      watchHosts(hosts, () => fail('The file of hostOverrides was removed or changed'))
    }
    this.#files = tickets
    if (tickets === undefined) this.#ready()
    else void this.#renew()
  }

  #ready(): void {
    this.#isReady = true
    for (const start of this.#waiting.splice(0)) start()
  }

  #whenReady(start: () => void): void {
    if (this.#isReady) start()
    else this.#waiting.push(start)
  }

  async #renew(): Promise<void> {
    const result = await obtainTicket(this.#files!)
    if (!result.ok) {
      const { kind, message } = ticketFault(result.text)
      send({ kind: 'fault', fault: kind, message })
      this.#failures += 1
      const longest = kind === 'kerberos-kdc' ? RETRY_AWAY_MS : RETRY_LAST_MS
      const delay = Math.min(RETRY_FIRST_MS * 2 ** (this.#failures - 1), longest)
      this.#renewIn(delay * (0.75 + Math.random() / 2))
      return
    }
    this.#failures = 0
    const skew = result.startsAt - Date.now()
    send({ kind: 'ticket', endsAt: result.endsAt, skew })
    this.#ready()
    const renewal = Math.max((result.endsAt - Date.now()) * RENEW_AFTER, RENEW_LEAST_MS)
    this.#renewIn(clockFault(skew) === undefined ? renewal : RETRY_LAST_MS)
  }

  #renewIn(delay: number): void {
    setTimeout(() => void this.#renew(), Math.min(delay, 2 ** 31 - 1))
  }
}

/** The server finds the reason in what was written last, and starts another process. */
function fail(reason: string): never {
  process.stderr.write(`${reason}\n`)
  process.exit(1)
}

function send(message: FromAgent): void {
  if (process.connected) process.send!(message)
}

const agent = new Agent()
process.on('message', (message) => agent.receive(message as ToAgent))
process.on('disconnect', () => agent.end())
// A Ctrl-C reaches the whole group, but the server still drains through this process and ends it afterwards.
process.on('SIGINT', () => undefined)
process.on('SIGTERM', () => undefined)
