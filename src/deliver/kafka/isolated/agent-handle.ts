import { brokersPart } from '../destination/index.ts'
import { type MetadataOptions, type NativeMetadata, type NativeProducer, textOfCode } from '../native.ts'
import { type Polled, type Poller } from '../poller.ts'
import { type ReportWaiter } from '../report-waiter.ts'
import { type AgentRecord, type AgentReport, type FromAgent } from './messages.ts'

/** `ERR__STATE`. */
const NOT_CONNECTED = -172
const EMPTY = Buffer.from('x').subarray(0, 0)

/** One producer inside the agent. Records that come before the first ticket wait in order. */
export class AgentHandle implements Polled {
  readonly #handle: number
  readonly #send: (message: FromAgent) => void
  readonly #poller: Poller
  readonly #waiter: ReportWaiter
  readonly #early: AgentRecord[] = []
  #native: NativeProducer<number> | undefined
  #connected = false
  #isConnecting = false
  #closed = false
  #sent = 0
  #reported = 0
  #inFlight = 0
  #reports: AgentReport[] = []

  constructor(handle: number, send: (message: FromAgent) => void, poller: Poller, waiter: ReportWaiter) {
    this.#handle = handle
    this.#send = send
    this.#poller = poller
    this.#waiter = waiter
  }

  get reported(): number {
    return this.#reported
  }

  open(make: () => NativeProducer<number>): void {
    if (this.#closed) return
    try {
      this.#native = make()
    } catch (error) {
      this.#opened((error as Error).message)
      return
    }
    const native = this.#native
    native.configureCallbacks(true, {
      event: {
        event_cb: (type, { message, severity }) =>
          this.#send({
            ...{ kind: 'event', handle: this.#handle, type },
            message: type === 'stats' ? brokersPart(message) : message,
            ...(severity !== undefined && { severity }),
          }),
        delivery_cb: (error, { opaque, partition, offset }) => {
          this.#inFlight -= 1
          this.#reported += 1
          this.#report({ id: opaque, error: error === null ? null : error.message, partition, offset })
        },
      },
    })
    this.#isConnecting = true
    native.connect((error) => {
      this.#isConnecting = false
      if (this.#closed) {
        this.#disconnect(native)
        return
      }
      this.#connected = error === null
      this.#opened(error === null ? null : error.message)
      if (error === null) this.#poller.add(this)
      this.produce(this.#early.splice(0))
    })
  }

  produce(records: readonly AgentRecord[]): void {
    if (!this.#connected) {
      this.#early.push(...records)
      return
    }
    const native = this.#native!
    for (const { id, topic, partition, value, key, headers } of records) {
      const bytes = value.length === 0 ? EMPTY : value
      const keyBytes = key?.length === 0 ? EMPTY : key
      const code = native.produce(topic, partition, bytes, keyBytes, null, id, headers)
      this.#sent += 1
      if (code === 0) this.#inFlight += 1
      else this.#report({ id, error: textOfCode(code), partition: -1, offset: -1 })
    }
    if (this.#inFlight === 0) return
    this.#awaitReports(native)
    this.#poller.wake()
  }

  metadata(id: number, options: MetadataOptions): void {
    const answer = (error: string | null, metadata?: NativeMetadata): void =>
      this.#send({ kind: 'metadata', handle: this.#handle, id, error, metadata })
    if (!this.#connected) answer(textOfCode(NOT_CONNECTED))
    else this.#native!.getMetadata(options, (error, found) => answer(error?.message ?? null, found))
  }

  close(): void {
    this.#closed = true
    const native = this.#native
    if (native !== undefined && this.#connected) this.#disconnect(native)
    else if (!this.#isConnecting) this.#send({ kind: 'closed', handle: this.#handle })
  }

  poll(): boolean {
    const native = this.#connected && !this.#closed ? this.#native : undefined
    if (native === undefined) return false
    if (this.#inFlight === 0 || !this.#awaitReports(native)) native.poll()
    return this.#inFlight > 0
  }

  #awaitReports(native: NativeProducer<number>): boolean {
    return this.#waiter.wait(native, this.#sent, this.#inFlight, () => {
      if (!this.#closed && this.#inFlight > 0) this.#awaitReports(native)
    })
  }

  /** Reports of one turn of the event loop travel together. */
  #report(report: AgentReport): void {
    this.#reports.push(report)
    if (this.#reports.length > 1) return
    setImmediate(() => {
      this.#send({ kind: 'reports', handle: this.#handle, reports: this.#reports })
      this.#reports = []
    })
  }

  #opened(error: string | null): void {
    this.#send({ kind: 'opened', handle: this.#handle, error })
  }

  #disconnect(native: NativeProducer<number>): void {
    this.#connected = false
    this.#poller.remove(this)
    native.disconnect(() => this.#send({ kind: 'closed', handle: this.#handle }))
  }
}
