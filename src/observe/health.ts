/** How the server stands with one cluster. */
export interface ClusterHealth {
  /** Bootstrap servers and a number that tells producers of one cluster apart. */
  readonly name: string
  /** `connected`, `connecting`, `hanging`, `refused` or `idle`. */
  readonly state: string
  /** Actions that deliver to it. */
  readonly actions: number
  /** Records that it has not confirmed. */
  readonly outstanding: number
  /** Milliseconds that the oldest of them has waited. */
  readonly oldestAge: number
  /** Code of the error catalogue and words; where something is amiss. */
  readonly code?: string | undefined
  readonly fault?: string | undefined
}

export interface Readiness {
  /** Whether messages are taken. */
  readonly ready: boolean
  readonly kafka: readonly ClusterHealth[]
}

export interface PageAnswer {
  readonly status: number
  readonly contentType: string
  readonly body: string
}

/**
 * The answer of `GET /health/ready`: 200 while messages are taken, else 503; a cluster that is away changes nothing of
 * that, for messages wait for it. JSON where `accept` names it before any text, else a line for each cluster.
 */
export function readyAnswer(readiness: Readiness, accept: string | undefined): PageAnswer {
  const status = readiness.ready ? 200 : 503
  if (prefersJson(accept)) {
    const kafka = readiness.kafka.map(({ name, state, actions, outstanding, oldestAge, code, fault }) => ({
      ...{ name, state, actions, outstanding },
      oldestMilliseconds: Math.round(oldestAge),
      ...(code === undefined ? {} : { code }),
      ...(fault === undefined ? {} : { fault }),
    }))
    const body = `${JSON.stringify({ ready: readiness.ready, kafka })}\n`
    return { status, contentType: 'application/json', body }
  }
  const lines = [readiness.ready ? 'ready' : 'not ready', ...readiness.kafka.map(lineOf)]
  return { status, contentType: 'text/plain; charset=utf-8', body: `${lines.join('\n')}\n` }
}

/** `kafka b1:9092#1 refused KAFKA_AUTHENTICATION: 12 records outstanding, the oldest for 3 s; …` */
function lineOf({ name, state, outstanding, oldestAge, code, fault }: ClusterHealth): string {
  const waiting =
    outstanding === 0
      ? []
      : [
          `${outstanding} record${outstanding === 1 ? '' : 's'} outstanding, the oldest for ${Math.round(oldestAge / 1000)} s`,
        ]
  const about = [...waiting, ...(fault === undefined ? [] : [fault])].join('; ')
  const head = ['kafka', name, state, code].filter((part) => part !== undefined).join(' ')
  return printable(about === '' ? head : `${head}: ${about}`)
}

/** What a cluster wrote must not make lines of its own. */
function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
}

function prefersJson(accept: string | undefined): boolean {
  for (const range of accept?.toLowerCase().split(',') ?? []) {
    const type = range.split(';')[0]!.trim()
    if (type === 'application/json') return true
    if (type === 'text/plain' || type === 'text/*' || type === '*/*') return false
  }
  return false
}
