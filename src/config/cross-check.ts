import { type CrossFault } from './cross-fault.ts'
import { checkControl, letsPublish } from './control-check.ts'
import { type Config } from './schema.ts'

type Listener = Config['mqtt']['listeners'][number]

/** What one key alone cannot say: listeners that collide, settings without effect, a server nobody can use. */
export function crossCheck({ control, deadLetter, mqtt, publish, secrets }: Config): CrossFault[] {
  const { listeners, limits } = mqtt
  const found = [
    ...repeated(listeners, 'port', addressOf),
    ...repeated(listeners, 'name', ({ name }) => name),
    ...checkSecrets(secrets),
    ...checkControl(control),
  ]
  const reachable = [
    ...listeners.map((listener, index) => ({ listener, at: ['mqtt', 'listeners', index] })),
    ...(publish === undefined ? [] : [{ listener: publish, at: ['publish'] }]),
  ]
  for (const { listener, at } of reachable) {
    const isPublish = at[0] === 'publish'
    const others = mqtt.users !== undefined || (isPublish && letsPublish(control))
    if (!canAuthenticate(listener, others))
      found.push({
        code: 'CONFIG_NO_ACCESS',
        severity: 'warning',
        message: `Nobody can connect to the listener on ${listener.host}:${listener.port}: there are no users, no client certificates and no anonymous access.`,
        at,
      })
  }
  if (deadLetter !== undefined && deadLetter.maxBytes < deadLetter.segmentBytes * 2)
    found.push({
      code: 'CONFIG_INVALID',
      severity: 'error',
      message:
        'deadLetter.maxBytes is less than twice deadLetter.segmentBytes: files are removed as a whole, so that nothing would be kept.',
      at: ['deadLetter', 'maxBytes'],
    })
  if (limits.windowBytes < limits.maxPacketSize)
    found.push({
      code: 'CONFIG_INVALID',
      severity: 'error',
      message: 'mqtt.limits.windowBytes is less than mqtt.limits.maxPacketSize: one packet must fit.',
      at: ['mqtt', 'limits', 'windowBytes'],
    })
  return found
}

function checkSecrets(secrets: Config['secrets']): CrossFault[] {
  if (secrets === undefined) return []
  const stores = (['aws', 'directory', 'environment'] as const).filter((kind) => secrets[kind] !== undefined)
  const fault = (message: string, at: readonly PropertyKey[]): CrossFault[] => [
    { code: 'CONFIG_INVALID', severity: 'error', message, at },
  ]
  if (stores.length === 0)
    return fault('secrets names no store: add aws, directory or environment.', ['secrets'])
  const prefixes = stores.map((kind) => secrets[kind]!.prefix)
  const second = stores.findIndex((_, index) => prefixes.indexOf(prefixes[index]!) < index)
  if (second < 0) return []
  const shown = JSON.stringify(prefixes[second])
  return fault(`Two stores of secrets have the prefix ${shown}; give them different ones.`, [
    'secrets',
    stores[second]!,
    'prefix',
  ])
}

function addressOf({ host, port }: Listener): string | undefined {
  return port === 0 ? undefined : `${host}:${port}`
}

function canAuthenticate(
  { anonymous, tls }: Pick<Listener, 'anonymous' | 'tls'>,
  hasUsers: boolean,
): boolean {
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
