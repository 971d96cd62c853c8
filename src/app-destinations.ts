import { type Config } from './config/index.ts'
import { DestinationBook } from './control/index.ts'
import { type Delivery, type KafkaSender, requireOverrides, type ShareOptions } from './deliver/index.ts'
import { type Destinations, type KafkaRecord, openDestinations } from './deliver/specs.ts'
import { type OpenSender } from './engine/index.ts'
import { type RuleStore } from './store/index.ts'

/**
 * What producers may reach, by the destinations of the configuration. An embedded Kafka is reached whatever they say.
 * @throws an error with a code of the catalogue when they override host names and this machine cannot, or a file cannot
 *   be used
 */
export function openPolicies({ destinations }: Config, isEmbedded: boolean): Destinations | undefined {
  const policies = openDestinations(destinations)
  if (!isEmbedded) requireOverrides(policies)
  return policies
}

/** The destinations of the API, as the configuration binds them to policies. */
export function openDestinationBook(
  { account, destinations: configured }: Config,
  policies: Destinations | undefined,
  store: RuleStore,
): DestinationBook {
  return new DestinationBook({
    account,
    store,
    binding: (arn) => {
      if (policies === undefined) return 'any'
      const policy = policies.get(arn)
      if (policy === undefined) return 'unknown'
      if (!policy.enabled) return 'disabled'
      return configured !== undefined && Object.hasOwn(configured, arn) ? 'bound' : 'created'
    },
  })
}

/** Opens senders that fail records while their destination may not be used. */
export function throughDestinations(book: DestinationBook, open: OpenSender): OpenSender {
  return (action, options) => {
    const { destinationArn } = action
    const after = options.after?.map((sender) => (sender instanceof GatedSender ? sender.inner : sender))
    const ungated: ShareOptions = after === undefined ? options : { ...options, after }
    const sender = open(action, ungated)
    return destinationArn === undefined ? sender : new GatedSender(sender, book.gateOf(destinationArn))
  }
}

class GatedSender implements KafkaSender {
  readonly inner: KafkaSender
  readonly #gate: ReturnType<DestinationBook['gateOf']>

  constructor(inner: KafkaSender, gate: ReturnType<DestinationBook['gateOf']>) {
    this.inner = inner
    this.#gate = gate
  }

  send(record: KafkaRecord, delivery: Delivery): void {
    if (this.#gate.failure === undefined) this.inner.send(record, delivery)
    else delivery.settled(this.#gate.failure)
  }

  release(): void {
    this.inner.release()
  }
}
