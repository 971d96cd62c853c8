import { randomUUID } from 'node:crypto'
import { openSecrets, secretFunction, senderSource } from './app-secrets.ts'
import { openServices, ServiceWatch } from './app-services.ts'
import { type Config } from './config/index.ts'
import { checkConnection, type CheckStep, type TopicCheck } from './deliver/index.ts'
import { createLog, Metrics } from './observe/index.ts'
import { type CompiledAction, type CompiledKafkaAction, type CompiledRule } from './rule/index.ts'
import { type Environment } from './sql/index.ts'

export interface KafkaCheckOptions {
  /** Milliseconds that a step may take. */
  readonly timeout: number
  /** In place of the actions' topics. */
  readonly topic: string | undefined
  /** In place of the actions' keys. */
  readonly key: string | undefined
  readonly askWrite: boolean
  readonly produce: boolean
}

/** What came of one connection; actions with equal client properties share one. */
export interface KafkaCheck {
  readonly rule: string
  /** Paths of the actions, such as `actions[0].kafka`. */
  readonly actions: readonly string[]
  readonly bootstrapServers: string
  readonly ok: boolean
  readonly steps: readonly CheckStep[]
}

export interface KafkaCheckWatch {
  /** A connection is about to be checked. */
  begins(check: Omit<KafkaCheck, 'ok' | 'steps'>): void
  step(step: CheckStep): void
}

const VALUE = Buffer.from('topicrule kafka check')

/** Connects with the client properties of each Kafka action of a rule, by the secrets of the configuration. */
export async function checkKafka(
  config: Config,
  rule: CompiledRule,
  options: KafkaCheckOptions,
  watch: KafkaCheckWatch,
): Promise<readonly KafkaCheck[]> {
  const [metrics, log] = [new Metrics(), createLog('error', config.log.format)]
  const secrets = openSecrets(config, metrics, log)
  const more = new Map(secrets === undefined ? [] : [['get_secret', secretFunction(secrets)]])
  const opened = openServices(config.services, new ServiceWatch(metrics, log), more)
  const environment: Environment = {
    accountId: config.account.id,
    ...{ now: Date.now, random: Math.random, newUuid: randomUUID },
    services: opened.services,
  }
  const checks: KafkaCheck[] = []
  try {
    for (const { paths, actions } of connectionsOf(rule)) {
      const [action] = actions
      const { bootstrapServers } = action!.target
      const about = { rule: rule.name, actions: paths, bootstrapServers }
      watch.begins(about)
      const steps: CheckStep[] = []
      const ok = await checkConnection(
        {
          source: senderSource(action!, environment, secrets),
          topics: topicsOf(actions, options),
          timeout: options.timeout,
        },
        (step) => {
          steps.push(step)
          watch.step(step)
        },
      )
      checks.push({ ...about, ok, steps })
    }
  } finally {
    secrets?.close()
    opened.close()
    log.flush()
  }
  return checks
}

interface Connection {
  readonly paths: string[]
  readonly actions: CompiledKafkaAction[]
}

function connectionsOf({ actions, errorAction }: CompiledRule): readonly Connection[] {
  const found = new Map<string, Connection>()
  const add = (path: string, action: CompiledAction): void => {
    if (action.kind !== 'kafka') return
    const connection = found.get(action.target.identity) ?? { paths: [], actions: [] }
    connection.paths.push(path)
    connection.actions.push(action)
    found.set(action.target.identity, connection)
  }
  for (const action of actions) add(`actions[${action.index}].kafka`, action)
  if (errorAction !== undefined) add('errorAction.kafka', errorAction)
  return [...found.values()]
}

function topicsOf(
  actions: readonly CompiledKafkaAction[],
  options: KafkaCheckOptions,
): readonly TopicCheck[] {
  const topics = new Map<string, TopicCheck>()
  for (const action of actions) {
    const topic = options.topic ?? action.topic.constant
    if (topic === undefined || topics.has(topic)) continue
    const partition = action.partition?.constant
    const record = {
      topic,
      partition: partition === undefined ? null : Number(partition),
      key: options.key ?? action.key?.constant,
      headers: [],
      value: VALUE,
    }
    topics.set(topic, { topic, record: options.produce ? record : undefined, askWrite: options.askWrite })
  }
  return [...topics.values()]
}
