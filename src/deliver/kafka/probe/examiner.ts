import { textOf } from '../mechanisms/index.ts'
import { type KafkaTarget } from '../target.ts'
import { addressesOf, addressIn, type BrokerAddress, located } from './address.ts'
import { lookAtTls, lookForTls, type Verdict } from './tls.ts'

/** Looks at a broker for a target; resolves with undefined when nothing is found. Never rejects. */
export type Examine = (target: KafkaTarget, address: BrokerAddress) => Promise<Verdict | undefined>

const TIMEOUT = 3_000
const VALID_MS = 30_000

/** Lines of librdkafka that may mean anything to do with TLS. */
const HINT =
  /SSL handshake failed|certificate verify failed|alert |PLAINTEXT broker listener|Disconnected.* in state APIVERSION_QUERY/i

export async function examineBroker(
  target: KafkaTarget,
  address: BrokerAddress,
): Promise<Verdict | undefined> {
  const broker = located(address, target.egress)
  return textOf(target.settings, 'security.protocol').endsWith('SSL')
    ? (await lookAtTls(target.settings, broker, TIMEOUT)).verdict
    : lookForTls(broker, TIMEOUT)
}

/** Finds out what is behind a fault of TLS, off the message path, and no more than one look at a time and a while. */
export class Examiner {
  readonly #target: KafkaTarget
  readonly #examine: Examine
  #looking = false
  #lookedAt = -VALID_MS
  #verdict: Verdict | undefined

  constructor(target: KafkaTarget, examine: Examine) {
    this.#target = target
    this.#examine = examine
  }

  isWorthALook(line: string): boolean {
    return HINT.test(line)
  }

  /**
   * Calls `done` with what was found: at once when it is known, else once a look has ended. Returns without calling
   * it while an earlier look is under way.
   */
  explain(line: string, done: (verdict: Verdict | undefined) => void): void {
    if (this.#looking) return
    const address = addressIn(line) ?? addressesOf(this.#target.bootstrapServers)[0]
    if (address === undefined || performance.now() - this.#lookedAt < VALID_MS) {
      done(this.#verdict)
      return
    }
    this.#looking = true
    void this.#examine(this.#target, address).then((verdict) => {
      this.#looking = false
      this.#lookedAt = performance.now()
      this.#verdict = verdict
      done(verdict)
    })
  }
}
