import { type ChildProcess, fork } from 'node:child_process'
import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type MetadataOptions, type NativeConfig } from '../native.ts'
import { type KerberosIdentity, krb5Configuration } from './identity.ts'
import { type AgentRecord, type FromAgent, type FromHandle, type ToAgent } from './messages.ts'
import { makePrivateDirectory, type PrivateDirectory } from './private-directory.ts'

/** What an agent tells about one of its producers. */
export interface HandleListener {
  received(message: FromHandle): void
  /** The identity has a ticket until `endsAt`, milliseconds since the epoch. */
  ticketed(endsAt: number): void
  faulted(message: FromAgent & { kind: 'fault' }): void
  /** The process is gone; nothing more comes. */
  died(reason: string): void
}

const EXTENSION = extname(import.meta.url)
const SCRIPT = fileURLToPath(new URL(`agent${EXTENSION}`, import.meta.url))
const STDERR_LIMIT = 2_000
/** All that the process needs of the environment of the server. */
const INHERITED = ['PATH', 'HOME', 'TMPDIR', 'LD_LIBRARY_PATH', 'NODE_EXTRA_CA_CERTS'] as const

/** One process that produces under one Kerberos identity. */
export class AgentProcess {
  readonly #process: ChildProcess
  readonly #directory: PrivateDirectory
  readonly #listeners = new Map<number, HandleListener>()
  readonly #onEmpty: () => void
  #stderr = ''
  #ended = false
  #skew = 0

  /** Starts the process; `onEmpty` is called when the last producer is closed, or the process died. */
  constructor(identity: KerberosIdentity, onEmpty: () => void) {
    this.#onEmpty = onEmpty
    this.#directory = makePrivateDirectory()
    const cache = `${this.#directory.path}/cache`
    const configuration = this.#directory.write('krb5.conf', krb5Configuration(identity))
    const keytab = this.#directory.write('keytab', identity.keytab)
    this.#process = fork(SCRIPT, {
      env: { ...inherited(), KRB5_CONFIG: configuration, KRB5CCNAME: `FILE:${cache}`, LC_ALL: 'C' },
      execArgv: EXTENSION === '.ts' ? ['--import', 'tsx'] : [],
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    })
    this.#process.stderr!.on('data', (chunk: Buffer) => {
      this.#stderr = `${this.#stderr}${chunk.toString('utf8')}`.slice(-STDERR_LIMIT)
    })
    this.#process.on('message', (message) => this.#received(message as FromAgent))
    this.#process.once('error', (error) => this.#died(error.message))
    this.#process.once('exit', (code, signal) => this.#died(`ended with ${signal ?? `exit code ${code}`}`))
    this.#send({
      ...{ kind: 'start', principal: identity.principal },
      ...{ keytab, cache, directory: this.#directory.path },
    })
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
    // Fails only when the process is gone, which its exit tells.
    if (this.#process.connected) this.#process.send(message, () => undefined)
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

function inherited(): Record<string, string> {
  return Object.fromEntries(
    INHERITED.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])),
  )
}
