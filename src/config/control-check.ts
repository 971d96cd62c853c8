import { type CrossFault } from './cross-fault.ts'
import { isLoopback } from './loopback.ts'
import { type Config } from './schema.ts'

type Control = Config['control']

/** Whether someone is named who may publish by HTTP. */
export function letsPublish({ accessKeys, tokens }: Control): boolean {
  return [...accessKeys, ...tokens].some(({ role }) => role === 'publish' || role === 'admin')
}

/** What the keys of `control` say together: who may call, from where, and under which name. */
export function checkControl(control: Control): CrossFault[] {
  const { accessKeys, tokens, clients, host, api, tls } = control
  const found: CrossFault[] = []
  const fault = (message: string, ...at: PropertyKey[]): void => {
    found.push({ code: 'CONFIG_INVALID', severity: 'error', message, at: ['control', ...at] })
  }
  const isReachable = api && !isLoopback(host)
  if (isReachable && accessKeys.length + tokens.length + clients.length === 0)
    found.push({
      code: 'CONFIG_CONTROL_OPEN',
      severity: 'error',
      message: `The control API would be open to everyone who reaches ${host}: nobody is named who may use it.`,
      at: ['control', 'host'],
    })
  if (isReachable && tls === undefined && tokens.length > 0)
    found.push({
      code: 'CONFIG_TOKENS_IN_CLEAR',
      severity: 'warning',
      message: `Bearer tokens for ${host} travel unencrypted: whoever sees one can use it.`,
      at: ['control', 'tokens'],
    })
  if (clients.length > 0 && tls?.clientCa === undefined)
    fault('control.clients needs control.tls.clientCa, which asks clients for a certificate.', 'clients')
  const names = new Set<string>()
  const entries = [
    ...accessKeys.map(({ id, role, topics }, index) => ({
      name: id,
      role,
      topics,
      at: ['accessKeys', index],
    })),
    ...tokens.map(({ name, role, topics }, index) => ({ name, role, topics, at: ['tokens', index] })),
  ]
  for (const { name, role, topics, at } of entries) {
    if (names.has(name)) fault(`Two access keys or tokens have the name ${name}.`, ...at)
    names.add(name)
    if (topics !== undefined && role !== 'publish' && role !== 'admin')
      fault(`The role ${role} publishes nothing: topics are for publish and admin.`, ...at, 'topics')
  }
  return found
}
