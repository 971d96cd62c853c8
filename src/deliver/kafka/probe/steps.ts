import { lookup } from 'node:dns/promises'
import { within } from '../within.ts'
import { textOf } from '../mechanisms/index.ts'
import { type KafkaTarget } from '../target.ts'
import { type BrokerAddress, located, shown } from './address.ts'
import { exchangePlain } from './exchange.ts'
import { lookAtTls, lookForTls, type PeerCertificate, type Verdict } from './tls.ts'

/** One thing that was tried with one broker. */
export interface ProbeStep {
  readonly broker: string
  readonly step: 'resolve' | 'tcp' | 'tls'
  readonly ok: boolean
  /** What was found, or why it stopped. */
  readonly detail: string
  readonly code?: Verdict['code']
  readonly chain?: readonly PeerCertificate[]
}

/** Tries one broker: name, TCP, TLS; `timeout` is for each step, in milliseconds. True when all of them went well. */
export async function probeBroker(
  { settings, egress }: KafkaTarget,
  server: BrokerAddress,
  told: (step: ProbeStep) => void,
  timeout: number,
): Promise<boolean> {
  const broker = shown(server)
  const address = located(server, egress)
  const tell = (step: Omit<ProbeStep, 'broker'>): boolean => {
    told({ broker, ...step })
    return step.ok
  }
  const resolved = address.addresses ?? (await lookUp(address.host, timeout))
  if (resolved instanceof Error) {
    const detail = `${address.host} has no address (${resolved.code ?? resolved.message}).`
    return tell({ step: 'resolve', ok: false, detail, code: 'KAFKA_UNREACHABLE' })
  }
  const source = address.addresses === undefined ? '' : ' (hostOverrides of the destination)'
  tell({ step: 'resolve', ok: true, detail: `${resolved.join(', ')}${source}` })
  const plain = await exchangePlain(address, timeout)
  if (!plain.connected) {
    const detail = `No connection (${plain.error ?? plain.ended ?? 'unknown'}).`
    return tell({ step: 'tcp', ok: false, detail, code: 'KAFKA_UNREACHABLE' })
  }
  tell({ step: 'tcp', ok: true, detail: 'Connected.' })
  if (!textOf(settings, 'security.protocol').endsWith('SSL')) {
    const verdict = plain.answered ? undefined : await lookForTls(address, timeout)
    return (
      verdict === undefined || tell({ step: 'tls', ok: false, detail: verdict.message, code: verdict.code })
    )
  }
  const { verdict, protocol, cipher, chain, exchange } = await lookAtTls(settings, address, timeout)
  if (verdict !== undefined)
    return tell({ step: 'tls', ok: false, detail: verdict.message, code: verdict.code, chain })
  if (!exchange.connected) {
    const detail = `The handshake failed (${exchange.error ?? exchange.ended ?? 'unknown'}).`
    // Silence is no fault of certificates.
    const code = exchange.ended === 'timeout' ? 'KAFKA_UNREACHABLE' : 'KAFKA_TLS'
    return tell({ step: 'tls', ok: false, detail, code })
  }
  return tell({
    step: 'tls',
    ok: true,
    detail: `${protocol ?? 'TLS'}, ${cipher ?? 'cipher unknown'}; certificate verified.`,
    chain,
  })
}

async function lookUp(host: string, timeout: number): Promise<readonly string[] | NodeJS.ErrnoException> {
  const found = lookup(host, { all: true }).then(
    (all) => all.map(({ address }) => address),
    (error: NodeJS.ErrnoException) => error,
  )
  return (await within(timeout, found)) ?? Object.assign(new Error('timed out'), { code: 'ETIMEDOUT' })
}
