import { type Audit, type AuditEntry, type Authenticate, maskSecrets } from './access/index.ts'
import { type Config } from './config/index.ts'
import {
  type ControlServer,
  type DestinationBook,
  destinations,
  endpoint,
  ruleArn,
  startControl,
  tags,
  taps,
  topicRules,
} from './control/index.ts'
import { answerPage, type HealthPages, type Log } from './observe/index.ts'
import { payloadOf, type RuleStore, type StoreEdit } from './store/index.ts'
import { type TapHub } from './tap/index.ts'
import { readCheckedTls, StartError } from './app-access.ts'
import { isSecretField } from './app-callers.ts'
import { type RuleLoader } from './app-rules.ts'

export interface ControlParts {
  readonly config: Config
  readonly store: RuleStore
  readonly rules: RuleLoader
  readonly destinations: DestinationBook
  /** Address of the data plane; undefined while there is none. */
  readonly dataAddress: () => { readonly host: string; readonly port: number } | undefined
  readonly pages: HealthPages
  readonly taps: TapHub
  readonly log: Log
  /** Who may call, and who writes down what they change. */
  readonly callers: {
    readonly authenticate: Authenticate
    readonly audit: Audit
    /** Told of a connection that is one too many. */
    readonly dropped: (address: string | undefined) => void
  }
}

/**
 * Serves the control API, health and metrics.
 * @throws StartError when the address cannot be listened on
 */
export async function serveControl(parts: ControlParts): Promise<ControlServer> {
  const { config, store, rules, pages, taps: hub, log, callers } = parts
  const { host, port, api, tls, limits } = config.control
  const { account } = config
  const resources = [
    topicRules({
      account,
      store,
      rules,
      destinationFault: (arn) => parts.destinations.faultOf(arn),
      mask: (payload) => maskSecrets(payload, isSecretField),
      takesUndeliverable: config.rules.skipUndeliverable,
    }),
    destinations(parts.destinations),
    tags({ account, store, rules }),
    endpoint({ dataEndpoint: (call) => dataEndpoint(parts, call.host) }),
    taps({
      hub,
      onOpen: ({ name }, address, request) => log.event('tap.opened', { caller: name, address, request }),
    }),
  ]
  try {
    return await startControl({
      host,
      port,
      tls: tls && readCheckedTls(tls, 'control'),
      limits: {
        body: limits.maxBodySize,
        connections: limits.maxConnections,
        requestTimeout: limits.requestTimeout,
      },
      authenticate: callers.authenticate,
      audit: callers.audit,
      onDropped: callers.dropped,
      resources: api ? resources : [],
      pages: (request, response) => answerPage(pages, request, response),
      onFault: (operation, error) =>
        log.event('process.fault', {
          operation,
          reason: error instanceof Error ? error.stack : String(error),
        }),
    })
  } catch (error) {
    if (error instanceof StartError) throw error
    const message = `Cannot listen on ${host}:${port} for control: ${(error as Error).message}. Set control.port to a free port.`
    throw new StartError('CONFIG_ADDRESS_IN_USE', message)
  }
}

/** Edits of files as the audit has them; nobody knows more of who made them than that the directory let them. */
export function auditedEdits({ account }: Config, edits: readonly StoreEdit[]): AuditEntry[] {
  return edits.map(({ file, before, after }) => {
    const name = (after ?? before)?.ruleName
    const operation = before === undefined ? 'Create' : after === undefined ? 'Delete' : 'Replace'
    return {
      caller: { name: 'rules.directory', role: 'file', by: 'file' },
      address: undefined,
      file,
      operation: `${operation}TopicRule`,
      resource: name === undefined ? file : ruleArn(account, name),
      before: before && payloadOf(before.document),
      after: after && payloadOf(after.document),
    }
  })
}

/** A server that listens on all addresses is reached by the name that the caller knows. */
function dataEndpoint({ dataAddress }: ControlParts, named: string): string | undefined {
  const address = dataAddress()
  if (address === undefined) return undefined
  const isEverywhere = address.host === '0.0.0.0' || address.host === '::'
  const host = isEverywhere ? named : address.host
  return `${host.includes(':') && !host.startsWith('[') ? `[${host}]` : host}:${address.port}`
}
