import { Agent as HttpAgent } from 'node:http'
import { Agent as HttpsAgent } from 'node:https'
import { type Secret } from '../secret.ts'
import { type ServiceAnswer, type ServiceCaller } from '../sql/index.ts'
import { type Value, writeJson } from '../value/index.ts'
import { answerOf, type Blame, failed } from './answer.ts'
import { exchange, type Target } from './exchange.ts'
import { type ServiceFunction } from './service-set.ts'

/** How one function is answered over HTTP. */
export interface HttpServiceOptions {
  /** The function, in lower case. */
  readonly name: string
  /** `http:` or `https:`. */
  readonly url: string
  /** Milliseconds for a call, waiting and a second attempt included. */
  readonly timeout: number
  readonly headers: readonly (readonly [name: string, value: Secret])[]
  /** Certificates in PEM to trust instead of the well-known authorities. */
  readonly ca?: Buffer | undefined
  /** Requests at a time. */
  readonly concurrency: number
  /** Calls that may wait for their turn beyond those. */
  readonly queue: number
  /** Most bytes of an answer. */
  readonly maxAnswer: number
}

/** Pause before the second attempt, in milliseconds: this much and as much again by chance. */
const PAUSE = 50
const IDLE = 30_000

/**
 * A function answered by an HTTP service. One POST per call, JSON in and out, over kept connections; one more attempt
 * after a passing fault while the time lasts. Never more than `concurrency` requests, never more than `queue` waiting.
 */
export class HttpService implements ServiceFunction {
  readonly #options: HttpServiceOptions
  readonly #target: Target
  readonly #blame: Blame
  readonly #waiting: (() => void)[] = []
  #active = 0

  constructor(options: HttpServiceOptions) {
    this.#options = options
    const url = new URL(options.url)
    const kept = { keepAlive: true, maxSockets: options.concurrency, timeout: IDLE }
    const agent =
      url.protocol === 'https:'
        ? new HttpsAgent({ ...kept, ...(options.ca === undefined ? {} : { ca: options.ca }) })
        : new HttpAgent(kept)
    const own = options.headers.map(([name, value]) => [name, value.reveal()] as const)
    const headers = {
      'user-agent': 'topicrule',
      ...Object.fromEntries(own),
      'content-type': 'application/json',
      accept: 'application/json',
    }
    this.#target = { url, agent, headers, maxAnswer: options.maxAnswer }
    this.#blame = { name: options.name, origin: url.origin }
  }

  call(args: readonly Value[], caller: ServiceCaller): Promise<ServiceAnswer> {
    const { concurrency, queue, timeout } = this.#options
    if (this.#active >= concurrency && this.#waiting.length >= queue) {
      const what = `${concurrency} calls are on their way and ${queue} wait`
      return Promise.resolve(failed('SERVICE_BUSY', this.#blame, what))
    }
    const body = requestBody(this.#options.name, args, caller)
    return new Promise((resolve) => {
      const abort = new AbortController()
      const timer = setTimeout(() => {
        resolve(failed('SERVICE_TIMEOUT', this.#blame, `there was no answer within ${timeout} ms`))
        abort.abort()
      }, timeout)
      void this.#inTurn(abort.signal, body).then((answer) => {
        clearTimeout(timer)
        resolve(answer)
      })
    })
  }

  close(): void {
    this.#target.agent.destroy()
  }

  async #inTurn(signal: AbortSignal, body: Buffer): Promise<ServiceAnswer> {
    if (this.#active < this.#options.concurrency) this.#active += 1
    else if (!(await this.#turn(signal)))
      return failed('SERVICE_TIMEOUT', this.#blame, 'its turn did not come')
    try {
      return await this.#attempt(signal, body)
    } finally {
      // The place goes straight to the next in line.
      const next = this.#waiting.shift()
      if (next === undefined) this.#active -= 1
      else next()
    }
  }

  /** Waits for a place; false for a call whose time is up first. */
  #turn(signal: AbortSignal): Promise<boolean> {
    return new Promise((resolve) => {
      const take = (): void => resolve(true)
      this.#waiting.push(take)
      const leave = (): void => {
        const index = this.#waiting.indexOf(take)
        if (index < 0) return
        this.#waiting.splice(index, 1)
        resolve(false)
      }
      signal.addEventListener('abort', leave, { once: true })
    })
  }

  async #attempt(signal: AbortSignal, body: Buffer): Promise<ServiceAnswer> {
    const first = answerOf(await exchange(this.#target, body, signal), this.#blame)
    if (first.ok || first.failure.code !== 'SERVICE_UNAVAILABLE' || signal.aborted) return first
    await new Promise((resolve) => setTimeout(resolve, PAUSE * (1 + Math.random())))
    if (signal.aborted) return first
    return answerOf(await exchange(this.#target, body, signal), this.#blame)
  }
}

function requestBody(name: string, args: readonly Value[], caller: ServiceCaller): Buffer {
  const { ruleName, topic, clientId = null, traceId } = caller
  const members: [string, Value][] = [
    ['function', name],
    ['arguments', args],
    ['rule', ruleName],
    ['topic', topic],
    ['clientId', clientId],
    ['traceId', traceId],
  ]
  return Buffer.from(writeJson(new Map(members))!)
}
