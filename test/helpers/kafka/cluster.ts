import { appendFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import rdkafka from 'node-rdkafka'
import { freePorts } from '../ports.ts'
import { runProcess, startProcess, type RunningProcess } from '../process.ts'
import { ToxicProxy } from '../toxic-proxy.ts'
import { kafkaJars } from './broker.ts'
import { javaArguments } from './java.ts'
import { setScramPassword } from './scram.ts'

/** One broker of a cluster. Clients that bootstrap through `proxy` are told the proxies' ports and no other. */
export interface ClusterNode {
  readonly id: number
  readonly proxy: ToxicProxy
  kill9(): Promise<void>
  /** Resolves when the broker has started (again). */
  start(): Promise<void>
  suspend(): void
  resume(): void
}

/** A real Apache Kafka cluster (KRaft, every node broker and controller), each node behind a proxy. */
export interface Cluster {
  readonly nodes: readonly ClusterNode[]
  /** Bootstrap servers of the listeners behind the proxies, and of those without. */
  readonly proxied: string
  readonly direct: string
  /** Replicated to every node; with three nodes and more, two must have a record before it is acknowledged. */
  createTopic(name: string, partitions: number): Promise<void>
  /** Gives every partition of a topic another leader: moves the replica lists on by one and elects the first ones. */
  moveLeaders(topic: string, partitions: number): Promise<void>
  /** Changes the password of `CLUSTER_USER` where the proxied listeners ask for one. */
  setPassword(password: string): Promise<void>
  stop(): Promise<void>
}

export interface ClusterOptions {
  /** The proxied listeners ask for a login by SCRAM-SHA-512 (SASL_PLAINTEXT). */
  readonly login?: boolean
}

/** Who may log in, and the password at the start. */
export const CLUSTER_USER = { name: 'gateway', password: 'password-0' } as const

interface Ports {
  readonly direct: number
  readonly behindProxy: number
  readonly controller: number
}

const START_TIMEOUT = 120_000

/** Starts `size` brokers, 200 MB each; ready when it resolves. */
export async function startCluster(size: number, { login = false }: ClusterOptions = {}): Promise<Cluster> {
  const jars = await kafkaJars()
  const directory = await mkdtemp(join(tmpdir(), 'topicrule-cluster-'))
  const free = await freePorts(3 * size)
  const ports = Array.from({ length: size }, (_, index): Ports => {
    const [direct, behindProxy, controller] = free.slice(3 * index)
    return { direct: direct!, behindProxy: behindProxy!, controller: controller! }
  })
  const clusterId = Buffer.from(crypto.randomUUID().replaceAll('-', ''), 'hex').toString('base64url')
  const nodes = await Promise.all(
    ports.map((_, index) => prepareNode({ jars, directory, ports, index, clusterId, login })),
  )
  await Promise.all(nodes.map((node) => node.start()))
  const direct = ports.map((each) => `127.0.0.1:${each.direct}`).join(',')
  let moves = 0
  return {
    nodes,
    direct,
    proxied: nodes.map(({ proxy }) => `127.0.0.1:${proxy.port}`).join(','),
    createTopic: (name, partitions) => createReplicated(direct, name, partitions, size),
    async moveLeaders(topic, partitions) {
      moves += 1
      const file = join(directory, `move-${moves}.json`)
      const replicas = (partition: number): number[] =>
        nodes.map((_, index) => ((partition + moves + index) % size) + 1)
      const list = Array.from({ length: partitions }, (_, partition) => ({
        ...{ topic, partition, replicas: replicas(partition) },
      }))
      await writeFile(file, JSON.stringify({ version: 1, partitions: list }))
      const tool = (name: string, ...args: string[]): Promise<unknown> =>
        runProcess('java', javaArguments(jars, name, ['--bootstrap-server', direct, ...args]))
      const reassign = 'org.apache.kafka.tools.reassign.ReassignPartitionsCommand'
      await tool(reassign, '--reassignment-json-file', file, '--execute')
      const elect = 'org.apache.kafka.tools.LeaderElectionCommand'
      await tool(elect, '--election-type', 'PREFERRED', '--all-topic-partitions')
    },
    setPassword: (password) =>
      setScramPassword({ jars, bootstrap: { plaintext: direct } }, CLUSTER_USER.name, password),
    async stop() {
      await Promise.all(nodes.map((node) => node.kill9()))
      await Promise.all(nodes.map(({ proxy }) => proxy.stop()))
      await rm(directory, { recursive: true, force: true })
    },
  }
}

interface NodeOptions {
  readonly jars: string
  readonly directory: string
  readonly ports: readonly Ports[]
  readonly index: number
  readonly clusterId: string
  readonly login: boolean
}

async function prepareNode(options: NodeOptions): Promise<ClusterNode> {
  const { jars, directory, ports, index, clusterId, login } = options
  const proxy = await ToxicProxy.start({ port: ports[index]!.behindProxy })
  const file = join(directory, `server-${index + 1}.properties`)
  await writeFile(file, properties(options, proxy.port))
  const { name, password } = CLUSTER_USER
  const user = login ? ['--add-scram', `SCRAM-SHA-512=[name=${name},password=${password}]`] : []
  const format = ['format', '-t', clusterId, '-c', file, ...user]
  await runProcess('java', javaArguments(jars, 'kafka.tools.StorageTool', format), { timeout: START_TIMEOUT })
  let running: RunningProcess | undefined
  return {
    id: index + 1,
    proxy,
    async kill9() {
      await running?.kill9()
      running = undefined
    },
    async start() {
      const log = join(directory, `broker-${index + 1}.log`)
      running = startProcess('java', javaArguments(jars, 'kafka.Kafka', [file]), {
        onLine: (line) => appendFileSync(log, `${line}\n`),
      })
      await running.line(/Kafka Server started/, START_TIMEOUT)
    },
    suspend: () => running?.signal('SIGSTOP'),
    resume: () => running?.signal('SIGCONT'),
  }
}

function properties({ directory, ports, index, login }: NodeOptions, proxyPort: number): string {
  const own = ports[index]!
  const size = ports.length
  const needed = size >= 3 ? 2 : 1
  const entries: [string, string | number | boolean][] = [
    ['process.roles', 'broker,controller'],
    ['node.id', index + 1],
    [
      'controller.quorum.voters',
      ports.map(({ controller }, at) => `${at + 1}@127.0.0.1:${controller}`).join(','),
    ],
    ['controller.listener.names', 'CONTROLLER'],
    ['inter.broker.listener.name', 'DIRECT'],
    [
      'listeners',
      `DIRECT://127.0.0.1:${own.direct},PROXIED://127.0.0.1:${own.behindProxy},CONTROLLER://127.0.0.1:${own.controller}`,
    ],
    ['advertised.listeners', `DIRECT://127.0.0.1:${own.direct},PROXIED://127.0.0.1:${proxyPort}`],
    [
      'listener.security.protocol.map',
      `DIRECT:PLAINTEXT,PROXIED:${login ? 'SASL_PLAINTEXT' : 'PLAINTEXT'},CONTROLLER:PLAINTEXT`,
    ],
    ['listener.name.proxied.sasl.enabled.mechanisms', 'SCRAM-SHA-512'],
    [
      'listener.name.proxied.scram-sha-512.sasl.jaas.config',
      'org.apache.kafka.common.security.scram.ScramLoginModule required;',
    ],
    ['log.dirs', `${directory}/data-${index + 1}`],
    ['auto.create.topics.enable', false],
    ['default.replication.factor', size],
    ['min.insync.replicas', needed],
    ['num.network.threads', 1],
    ['num.io.threads', 2],
    ['log.cleaner.threads', 1],
    ['log.cleaner.dedupe.buffer.size', 4194304],
    ['offsets.topic.num.partitions', 1],
    ['offsets.topic.replication.factor', size],
    ['transaction.state.log.replication.factor', size],
    ['transaction.state.log.min.isr', needed],
    ['share.coordinator.state.topic.replication.factor', size],
    ['share.coordinator.state.topic.min.isr', needed],
    ['replica.lag.time.max.ms', 4000],
    ['broker.session.timeout.ms', 3000],
    ['broker.heartbeat.interval.ms', 500],
    ['auto.leader.rebalance.enable', true],
    ['leader.imbalance.check.interval.seconds', 10],
  ]
  return entries.map(([key, value]) => `${key}=${value}\n`).join('')
}

function createReplicated(bootstrap: string, name: string, partitions: number, size: number): Promise<void> {
  const client = rdkafka.AdminClient.create({
    'metadata.broker.list': bootstrap,
    'broker.address.family': 'v4',
  })
  return new Promise<void>((resolve, reject) => {
    const topic = { topic: name, num_partitions: partitions, replication_factor: size }
    client.createTopic(topic, 15_000, (error) => (error ? reject(error) : resolve()))
  }).finally(() => client.disconnect())
}
