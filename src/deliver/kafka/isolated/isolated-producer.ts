import rdkafka from 'node-rdkafka'
import {
  type MetadataOptions,
  type NativeCallbacks,
  type NativeConfig,
  type NativeFactory,
  type NativeHeader,
  type NativeMetadata,
  type NativeProducer,
  textOfCode,
} from '../native.ts'
import { faultOfText } from '../faults.ts'
import { AgentProcess, type HandleListener } from './agent-process.ts'
import { clockFault } from '../kerberos/ticket-faults.ts'
import { type Isolation } from './isolation.ts'
import { type AgentRecord, type AgentReport, type FromAgent, type FromHandle } from './messages.ts'

// A CommonJS module whose names Node cannot see beforehand.
const { CODES } = rdkafka

/** A lot of records to one agent: sent when the turn of the event loop ends, or when it is this large. */
const LOT_RECORDS = 256
const LOT_BYTES = 512 * 1024

/** The processes of the isolated producers of one pool. */
export class IsolatedProducers {
  readonly #processes = new Map<string, AgentProcess>()
  #handles = 0

  /** Makes producers that live in the process for an isolation, which the first of them starts. */
  factory<Opaque>(isolation: Isolation): NativeFactory<Opaque> {
    const { key } = isolation
    return (global, topic) =>
      new IsolatedProducer<Opaque>(() => {
        let agent = this.#processes.get(key)
        if (agent === undefined) {
          const made = new AgentProcess(isolation, () => {
            if (this.#processes.get(key) === made) this.#processes.delete(key)
          })
          agent = made
          this.#processes.set(key, agent)
        }
        this.#handles += 1
        return { agent, handle: this.#handles, global, topic }
      })
  }

  /** Process ids, for tests and diagnostics. */
  get pids(): readonly number[] {
    return [...this.#processes.values()].flatMap(({ pid }) => (pid === undefined ? [] : [pid]))
  }
}

type MetadataDone = Parameters<NativeProducer<never>['getMetadata']>[1]

const NO_METADATA: NativeMetadata = { brokers: [], topics: [] }

interface Place {
  readonly agent: AgentProcess
  readonly handle: number
  readonly global: NativeConfig
  readonly topic: NativeConfig
}

/** A producer handle whose native part lives in an agent. When the agent dies it reports a fatal error. */
class IsolatedProducer<Opaque> implements NativeProducer<Opaque>, HandleListener {
  readonly reportsByItself = true
  readonly #find: () => Place
  readonly #opaques = new Map<number, Opaque>()
  readonly #questions = new Map<number, MetadataDone>()
  #asked = 0
  #place: Place | undefined
  #callbacks: NativeCallbacks<Opaque> | undefined
  #opened: ((error: Error | null) => void) | undefined
  #closed: (() => void) | undefined
  #dead = false
  #records = 0
  #lot: AgentRecord[] = []
  #lotBytes = 0

  constructor(find: () => Place) {
    this.#find = find
  }

  configureCallbacks(_add: boolean, { event }: { readonly event: NativeCallbacks<Opaque> }): void {
    this.#callbacks = event
  }

  connect(done: (error: Error | null) => void): void {
    this.#opened = done
    try {
      this.#place = this.#find()
    } catch (error) {
      // No process, no directory for it: a matter of this machine, which may pass.
      setImmediate(() => this.died(`cannot be started: ${(error as Error).message}`))
      return
    }
    const { agent, handle, global, topic } = this.#place
    agent.open(handle, this, global, topic)
  }

  produce(
    topic: string,
    partition: number | null,
    value: Buffer,
    key: Buffer | null,
    _timestamp: number | null,
    opaque: Opaque,
    headers?: readonly NativeHeader[],
  ): number {
    this.#records += 1
    this.#opaques.set(this.#records, opaque)
    this.#lot.push({ id: this.#records, topic, partition, value, key, headers })
    this.#lotBytes += value.length
    if (this.#lot.length >= LOT_RECORDS || this.#lotBytes >= LOT_BYTES) this.#sendLot()
    else if (this.#lot.length === 1) setImmediate(() => this.#sendLot())
    return 0
  }

  /** Reports come by themselves. */
  poll(): void {
    return
  }

  flush(_timeout: number, done: (error: Error | null) => void): void {
    setImmediate(done, new Error(textOfCode(CODES.ERRORS.ERR__TIMED_OUT)))
  }

  getMetadata(options: MetadataOptions, done: MetadataDone): void {
    if (this.#dead || this.#place === undefined) {
      setImmediate(done, new Error(textOfCode(CODES.ERRORS.ERR__STATE)), NO_METADATA)
      return
    }
    this.#asked += 1
    this.#questions.set(this.#asked, done)
    this.#place.agent.metadata(this.#place.handle, this.#asked, options)
  }

  disconnect(done: () => void): void {
    this.#lot = []
    this.#opaques.clear()
    if (this.#dead || this.#place === undefined) {
      setImmediate(done)
      return
    }
    this.#closed = done
    this.#place.agent.close(this.#place.handle)
  }

  abandon(): void {
    if (!this.#dead && this.#place !== undefined) this.#place.agent.close(this.#place.handle)
  }

  received(message: FromHandle): void {
    if (message.kind === 'opened') this.#openedWith(message.error)
    else if (message.kind === 'reports') for (const report of message.reports) this.#report(report)
    else if (message.kind === 'closed') this.#closed?.()
    else if (message.kind === 'metadata') this.#answer(message.id, message.error, message.metadata)
    else this.#event(message)
  }

  /** One that could not be opened is forgotten, as nobody else ends it. */
  #openedWith(error: string | null): void {
    if (error !== null) this.abandon()
    this.#opened?.(error === null ? null : new Error(error))
  }

  ticketed(endsAt: number): void {
    this.#callbacks?.event_cb('ticket', { message: new Date(endsAt).toISOString() })
  }

  faulted({ fault, message }: FromAgent & { kind: 'fault' }): void {
    this.#callbacks?.event_cb('error', { message, kind: fault })
  }

  died(reason: string): void {
    this.#dead = true
    this.#lot = []
    this.#opaques.clear()
    const message = `The process of the producer ${reason}`
    this.#callbacks?.event_cb('error', { message, kind: 'fatal' })
    this.#closed?.()
    for (const id of this.#questions.keys()) this.#answer(id, reason)
  }

  #event({ type, message, severity }: FromHandle & { kind: 'event' }): void {
    const clock = type === 'error' ? clockFault(this.#place!.agent.skew) : undefined
    if (clock !== undefined && faultOfText(message) === 'authentication') {
      this.#callbacks?.event_cb('error', { message: clock, kind: 'kerberos-clock' })
      return
    }
    this.#callbacks?.event_cb(type, { message, ...(severity !== undefined && { severity }) })
  }

  #answer(id: number, error: string | null, metadata = NO_METADATA): void {
    const done = this.#questions.get(id)
    this.#questions.delete(id)
    done?.(error === null ? null : new Error(error), metadata)
  }

  #sendLot(): void {
    if (this.#lot.length === 0 || this.#place === undefined) return
    this.#place.agent.produce(this.#place.handle, this.#lot)
    this.#lot = []
    this.#lotBytes = 0
  }

  #report({ id, error, partition, offset }: AgentReport): void {
    const opaque = this.#opaques.get(id)
    if (opaque === undefined) return
    this.#opaques.delete(id)
    this.#callbacks?.delivery_cb(error === null ? null : new Error(error), { opaque, partition, offset })
  }
}
