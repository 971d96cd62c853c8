import { type Audit, type Authenticate, maskSecrets } from './access/index.ts'
import { type Config } from './config/index.ts'
import { type ControlServer, startControl, topicRules } from './control/index.ts'
import { clientProperties } from './deliver/specs.ts'
import { answerPage, type HealthPages, type Log } from './observe/index.ts'
import { type RuleStore } from './store/index.ts'
import { StartError } from './app-access.ts'
import { type RuleLoader } from './app-rules.ts'

export interface ControlParts {
  readonly config: Config
  readonly store: RuleStore
  readonly rules: RuleLoader
  readonly pages: HealthPages
  readonly log: Log
  /** Who may call; by default everyone on this machine, for everything. */
  readonly authenticate?: Authenticate
  readonly audit?: Audit
}

const secretProperties = new Map(clientProperties.map(({ name, secret = false }) => [name, secret]))

/** Whether a field of a rule holds a secret, where its name says so for sure. */
export function isSecretField(name: string): boolean | undefined {
  return secretProperties.get(name)
}

/**
 * Serves the control API, health and metrics.
 * @throws StartError when the address cannot be listened on
 */
export async function serveControl(parts: ControlParts): Promise<ControlServer> {
  const { config, store, rules, pages, log } = parts
  const { host, port } = config.control
  const rulesResource = topicRules({
    account: config.account,
    store,
    rules,
    destinationFault: () => undefined,
    mask: (payload) => maskSecrets(payload, isSecretField),
    takesUndeliverable: config.rules.skipUndeliverable,
  })
  try {
    return await startControl({
      host,
      port,
      authenticate: parts.authenticate ?? localCallers,
      audit: parts.audit ?? (() => undefined),
      resources: [rulesResource],
      pages: (request, response) => answerPage(pages, request, response),
      onFault: (operation, error) =>
        log.event('process.fault', {
          operation,
          reason: error instanceof Error ? error.stack : String(error),
        }),
    })
  } catch (error) {
    const message = `Cannot listen on ${host}:${port} for control: ${(error as Error).message}. Set control.port to a free port.`
    throw new StartError('CONFIG_ADDRESS_IN_USE', message)
  }
}

const localCallers: Authenticate = ({ address }) =>
  Promise.resolve(
    address !== undefined && /^(127\.|::1$|::ffff:127\.)/.test(address)
      ? { ok: true, caller: { name: 'local', role: 'admin', by: 'open' } }
      : {
          ok: false,
          status: 403,
          error: 'MissingAuthenticationTokenException',
          message: 'The control API is open to this machine alone.',
        },
  )
