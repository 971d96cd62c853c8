import { type Failure } from '../../../errors.ts'
import { DestinationGuard, type GuardVerdict } from '../destination/index.ts'
import { missingForOverrides } from '../isolated/hosts-library.ts'
import { isKerberos } from '../kerberos/identity.ts'
import { textOf } from '../mechanisms/index.ts'
import { type NativeMetadata } from '../native.ts'
import { addressesOf, type BrokerAddress, probeBroker, shown } from '../probe/index.ts'
import { type KafkaRecipe } from '../recipe.ts'
import { type KafkaRecord } from '../record.ts'
import { type KafkaTarget } from '../target.ts'
import { within } from '../within.ts'
import { shownProperties } from './properties.ts'
import { CheckSession, isSasl } from './session.ts'
import { type TellStep } from './step.ts'
import { askWrite, checkTopic, produce } from './topic.ts'

export interface ConnectionCheck {
  readonly source: KafkaTarget | KafkaRecipe
  /** What to look for in the cluster; empty where no topic is known beforehand. */
  readonly topics: readonly TopicCheck[]
  /** Milliseconds that a step may take. */
  readonly timeout: number
}

export interface TopicCheck {
  readonly topic: string
  /** A record to produce, where that was asked for. */
  readonly record: KafkaRecord | undefined
  /** Ask whether the user may write, by a request that Kafka refuses after it has looked. */
  readonly askWrite: boolean
}

const MAX_BROKERS = 20

/** Connects as a rule would and tells each step; resolves with whether all went well. Never rejects. */
export async function checkConnection(check: ConnectionCheck, tell: TellStep): Promise<boolean> {
  let good = true
  const told: TellStep = (step) => {
    if (step.outcome === 'failed') good = false
    tell(step)
  }
  const target = await resolved(check, told)
  if (target !== undefined && canOverride(target, told) && (await reachBrokers(target, check.timeout, told)))
    await checkCluster(target, check, told)
  return good
}

async function resolved(
  { source, timeout }: ConnectionCheck,
  tell: TellStep,
): Promise<KafkaTarget | undefined> {
  let target: KafkaTarget
  if ('resolve' in source) {
    const found = await within(timeout, source.resolve(undefined))
    if (found?.ok !== true) {
      const late = { code: 'SECRET_UNREACHABLE', message: 'The secrets did not come in time.' } as const
      const { code, message } = found?.failure ?? late
      tell({ step: 'properties', outcome: 'failed', detail: message, code })
      return undefined
    }
    target = found.target
  } else target = source
  const looked = 'resolve' in source ? '; secrets were looked up' : ''
  const properties = shownProperties(target)
  const detail = `${Object.keys(properties).length} in effect${looked}.`
  tell({ step: 'properties', outcome: 'ok', detail, properties })
  return target
}

/** Whether this machine has what the overrides of the target's policy need, where it has any. */
function canOverride({ egress }: KafkaTarget, tell: TellStep): boolean {
  const missing = egress.overrides === undefined ? undefined : missingForOverrides()
  if (missing !== undefined)
    tell({ step: 'resolve', outcome: 'failed', detail: missing, code: 'CONFIG_OVERRIDES_UNAVAILABLE' })
  return missing === undefined
}

/** Whether one of the bootstrap servers can be reached, and the policy lets all of them be. */
async function reachBrokers(target: KafkaTarget, timeout: number, tell: TellStep): Promise<boolean> {
  let [reached, forbidden] = [false, false]
  const told: TellStep = (step) => {
    if (step.code === 'KAFKA_DESTINATION_FORBIDS') forbidden = true
    tell(step)
  }
  for (const address of addressesOf(target.bootstrapServers))
    if (await reach(target, address, timeout, told)) reached = true
  return reached && !forbidden
}

/** Tries a broker, if the policy lets it be reached. */
async function reach(
  target: KafkaTarget,
  address: BrokerAddress,
  timeout: number,
  tell: TellStep,
): Promise<boolean> {
  const guard = new DestinationGuard(target.egress, shown(address))
  const verdict = await new Promise<GuardVerdict>((resolve) => guard.check([], resolve))
  if (verdict?.kind === 'forbidden') {
    const [broker, code] = [shown(address), 'KAFKA_DESTINATION_FORBIDS'] as const
    tell({ broker, step: 'resolve', outcome: 'failed', detail: verdict.message, code })
    return false
  }
  return probeBroker(
    target,
    address,
    ({ ok, ...step }) => tell({ ...step, outcome: ok ? 'ok' : 'failed' }),
    timeout,
  )
}

async function checkCluster(target: KafkaTarget, check: ConnectionCheck, tell: TellStep): Promise<void> {
  const { timeout } = check
  let session: CheckSession
  try {
    // The topics of a cluster are not to come about by looking for them.
    session = new CheckSession(target, { 'allow.auto.create.topics': false, 'enable.idempotence': false })
  } catch (error) {
    const detail = (error as Error).message
    tell({ step: 'metadata', outcome: 'failed', detail, code: 'KAFKA_CONFIGURATION' })
    return
  }
  try {
    const [first, ...others] = check.topics
    const described = await session.describe(first?.topic, timeout)
    tellLogin(target, session, described.ok ? undefined : described.failure, tell)
    if (!described.ok) return
    tell({ step: 'metadata', outcome: 'ok', detail: brokersOf(described.metadata) })
    if (!(await reachAdvertised(target, described.metadata, timeout, tell))) return
    if (first === undefined) {
      const detail = 'Rendered from each message, so none is looked for; name one with --topic.'
      tell({ step: 'topic', outcome: 'skipped', detail })
      return
    }
    const rest = []
    for (const { topic } of others) rest.push(await session.describe(topic, timeout))
    for (const [index, answer] of [described, ...rest].entries()) {
      const topic = check.topics[index]!
      if (!checkTopic(topic, answer, tell)) continue
      await askWrite(target, topic, timeout, tell)
      await produce(target, topic, timeout, tell)
    }
  } finally {
    await session.close()
  }
}

/** What came of Kerberos and SASL; a fault of neither is one of the metadata. */
function tellLogin(
  target: KafkaTarget,
  { isUp, ticketEnd }: CheckSession,
  failure: Failure | undefined,
  tell: TellStep,
): void {
  const { settings } = target
  const fail = (step: 'kerberos' | 'sasl' | 'metadata'): void => {
    if (failure !== undefined) tell({ step, outcome: 'failed', detail: failure.message, code: failure.code })
  }
  if (isKerberos(settings)) {
    const of = (name: string): string => textOf(settings, `sasl.kerberos.${name}`)
    const who = `${of('principal')} in realm ${of('krb5.realm')} from ${of('krb5.kdc')}`
    if (ticketEnd === undefined && !isUp) {
      fail('kerberos')
      return
    }
    tell({ step: 'kerberos', outcome: 'ok', detail: `Ticket for ${who}, until ${ticketEnd ?? 'unknown'}.` })
  }
  if (isSasl(settings)) {
    if (!isUp) {
      fail('sasl')
      return
    }
    const mechanism = textOf(settings, 'sasl.mechanism')
    tell({ step: 'sasl', outcome: 'ok', detail: `${mechanism} as ${identityOf(settings)}.` })
  }
  fail('metadata')
}

const IDENTITIES = [
  'sasl.plain.username',
  'sasl.scram.username',
  'sasl.kerberos.principal',
  'sasl.oauthbearer.client.id',
]

/** Names of other mechanisms may be set as well; they have no effect. */
function identityOf(settings: KafkaTarget['settings']): string {
  const mechanism = textOf(settings, 'sasl.mechanism').toLowerCase()
  const kind = { gssapi: 'kerberos' }[mechanism] ?? mechanism.replace(/-.*/, '')
  return textOf(settings, IDENTITIES.find((name) => name.startsWith(`sasl.${kind}.`)) ?? '')
}

function brokersOf({ brokers }: NativeMetadata): string {
  const names = brokers.slice(0, MAX_BROKERS).map(({ id, host, port }) => `${shown({ host, port })} (${id})`)
  const more = brokers.length > MAX_BROKERS ? ` and ${brokers.length - MAX_BROKERS} more` : ''
  return `${brokers.length} broker${brokers.length === 1 ? '' : 's'}: ${names.join(', ')}${more}.`
}

/** Records go to the addresses that brokers give of themselves, which may be others than the rule's. */
async function reachAdvertised(
  target: KafkaTarget,
  { brokers }: NativeMetadata,
  timeout: number,
  tell: TellStep,
): Promise<boolean> {
  const known = new Set(addressesOf(target.bootstrapServers).map(shown))
  const others = brokers.slice(0, MAX_BROKERS).filter((broker) => !known.has(shown(broker)))
  let reached = true
  for (const { host, port } of others)
    if (!(await reach(target, { host, port }, timeout, tell))) reached = false
  return reached
}
