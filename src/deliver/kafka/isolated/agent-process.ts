import { type ChildProcess, fork } from 'node:child_process'
import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type MetadataOptions, type NativeConfig } from '../native.ts'
import { type Isolation } from './isolation.ts'
import { type AgentRecord, type FromAgent, type FromHandle, type ToAgent } from './messages.ts'
import { makePrivateDirectory, type PrivateDirectory } from './private-directory.ts'
import { surround } from './surroundings.ts'

/** What an agent tells about one of its producers. */
export interface HandleListener {
  received(message: FromHandle): void
  /** The Kerberos identity has a ticket until `endsAt`, milliseconds since the epoch. */
  ticketed(endsAt: number): void
  faulted(message: FromAgent & { kind: 'fault' }): void
  /** The process is gone; nothing more comes. */
  died(reason: string): void
}

const EXTENSION = extname(import.meta.url)
const SCRIPT = fileURLToPath(new URL(`agent${EXTENSION}`, import.meta.url))
const STDERR_LIMIT = 2_000
/** Longer than librdkafka takes to end, also while it is asked for metadata; after that the process hangs. */
const CLOSE_MS = 15_000
/** All that the process needs of the environment of the server. */
const INHERITED = [
  ...['PATH', 'HOME', 'TMPDIR', 'LD_LIBRARY_PATH', 'NODE_EXTRA_CA_CERTS'],
  // Where OpenSSL finds the authorities of the system.
  ...['SSL_CERT_FILE', 'SSL_CERT_DIR'],
] as const

/** One process with an environment of its own, and the producers in it. */
export class AgentProcess {
  readonly #process: ChildProcess
  readonly #directory: PrivateDirectory
  readonly #listeners = new Map<number, HandleListener>()
  readonly #onEmpty: () => void
  readonly #closeAfter: number
  #stderr = ''
  #ended = false
  #skew = 0

  /**
   * Starts the process; `onEmpty` is called when the last producer is closed, or the process died. A process that
   * does not close a producer within `closeAfter` milliseconds is killed.
   * @throws Error where its files cannot be written or it cannot be started
   */
  constructor(isolation: Isolation, onEmpty: () => void, closeAfter = CLOSE_MS) {
    this.#onEmpty = onEmpty
    this.#closeAfter = closeAfter
    this.#directory = makePrivateDirectory()
    try {
      this.#process = this.#start(isolation)
    } catch (error) {
      this.#directory.remove()
      throw error
    }
  }

  #start(isolation: Isolation): ChildProcess {
    const { environment, start } = surround(isolation, this.#directory)
    const started = fork(SCRIPT, {
      env: { ...inherited(), ...environment, LC_ALL: 'C' },
      execArgv: EXTENSION === '.ts' ? ['--import', 'tsx'] : [],
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    })
    started.once('error', (error) => this.#died(error.message))
    started.once('exit', (code, signal) => this.#died(`ended with ${signal ?? `exit code ${code}`}`))
    started.on('message', (message) => this.#received(message as FromAgent))
    // There is none where the system has no descriptors left; `error` tells that.
    started.stderr?.on('data', (chunk: Buffer) => {
      this.#stderr = `${this.#stderr}${chunk.toString('utf8')}`.slice(-STDERR_LIMIT)
    })
    send(started, start)
    return started
  }

  /** Milliseconds by which the clock of the key distribution center is ahead, as of the last ticket. */
  get skew(): number {
    return this.#skew
  }

  get pid(): number | undefined {
    return this.#process.pid
  }

  open(handle: number, listener: HandleListener, global: NativeConfig, topic: NativeConfig): void {
    this.#listeners.set(handle, listener)
    this.#send({ kind: 'open', handle, global, topic })
  }

  produce(handle: number, records: readonly AgentRecord[]): void {
    this.#send({ kind: 'produce', handle, records })
  }

  metadata(handle: number, id: number, options: MetadataOptions): void {
    this.#send({ kind: 'metadata', handle, id, options })
  }

  close(handle: number): void {
    this.#send({ kind: 'close', handle })
    const listener = this.#listeners.get(handle)
    if (listener === undefined) return
    setTimeout(() => {
      if (this.#listeners.get(handle) === listener) this.#process.kill('SIGKILL')
    }, this.#closeAfter).unref()
  }

  #received(message: FromAgent): void {
    if (message.kind === 'fault') {
      for (const listener of this.#listeners.values()) listener.faulted(message)
      return
    }
    if (message.kind === 'ticket') {
      this.#skew = message.skew
      for (const listener of this.#listeners.values()) listener.ticketed(message.endsAt)
      return
    }
    const listener = this.#listeners.get(message.handle)
    if (message.kind === 'closed') this.#listeners.delete(message.handle)
    listener?.received(message)
    if (message.kind === 'closed' && this.#listeners.size === 0) this.#end()
  }

  #send(message: ToAgent): void {
    send(this.#process, message)
  }

  #end(): void {
    if (this.#ended) return
    this.#ended = true
    this.#onEmpty()
    this.#directory.remove()
    if (this.#process.connected) this.#process.disconnect()
  }

  #died(reason: string): void {
    this.#directory.remove()
    const listeners = [...this.#listeners.values()]
    this.#listeners.clear()
    const last = this.#stderr.trim().split('\n').at(-1) ?? ''
    if (!this.#ended) {
      this.#ended = true
      this.#onEmpty()
    }
    for (const listener of listeners) listener.died(last === '' ? reason : `${reason}: ${last}`)
  }
}

function send(to: ChildProcess, message: ToAgent): void {
  // Fails only when the process is gone, which its exit tells.
  if (to.connected) to.send(message, () => undefined)
}

function inherited(): Record<string, string> {
  return Object.fromEntries(
    INHERITED.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])),
  )
}
