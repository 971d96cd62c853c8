import { type Diagnostic } from '../errors.ts'
import { type Config } from './schema.ts'

type Listener = Config['mqtt']['listeners'][number]

/** A fault between keys; `at` is the path it is reported at. */
export interface CrossFault extends Pick<Diagnostic, 'code' | 'severity' | 'message'> {
  readonly at: readonly PropertyKey[]
}

/** What one key alone cannot say: listeners that collide, settings without effect, a server nobody can use. */
export function crossCheck({ mqtt }: Config): CrossFault[] {
  const { listeners, limits } = mqtt
  const found = [
    ...repeated(listeners, 'port', addressOf),
    ...repeated(listeners, 'name', ({ name }) => name),
  ]
  for (const [index, listener] of listeners.entries()) {
    const at = ['mqtt', 'listeners', index]
    if (!canAuthenticate(listener, mqtt.users !== undefined))
      found.push({
        code: 'CONFIG_NO_ACCESS',
        severity: 'warning',
        message: `Nobody can connect to the listener on ${listener.host}:${listener.port}: there are no users, no client certificates and no anonymous access.`,
        at,
      })
  }
  if (limits.windowBytes < limits.maxPacketSize)
    found.push({
      code: 'CONFIG_INVALID',
      severity: 'error',
      message: 'mqtt.limits.windowBytes is less than mqtt.limits.maxPacketSize: one packet must fit.',
      at: ['mqtt', 'limits', 'windowBytes'],
    })
  return found
}

function addressOf({ host, port }: Listener): string | undefined {
  return port === 0 ? undefined : `${host}:${port}`
}

function canAuthenticate({ anonymous, tls }: Listener, hasUsers: boolean): boolean {
  return anonymous || hasUsers || tls?.clientCa !== undefined
}

function repeated(
  listeners: readonly Listener[],
  key: 'port' | 'name',
  valueOf: (listener: Listener) => string | undefined,
): CrossFault[] {
  const seen = new Set<string>()
  return listeners.flatMap((listener, index): CrossFault[] => {
    const value = valueOf(listener)
    if (value === undefined || !seen.has(value)) {
      if (value !== undefined) seen.add(value)
      return []
    }
    const message = `Two MQTT listeners have the ${key === 'port' ? 'address' : 'name'} ${value}.`
    return [{ code: 'CONFIG_INVALID', severity: 'error', message, at: ['mqtt', 'listeners', index, key] }]
  })
}
