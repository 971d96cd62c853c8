import { appendFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import rdkafka from 'node-rdkafka'
import { freePorts } from '../ports.ts'
import { runProcess, startProcess, type RunningProcess } from '../process.ts'
import { type NetworkPath, pathOf, ToxicProxy } from '../toxic-proxy.ts'
import { kafkaJars } from './broker.ts'
import {
  type ClusterOptions,
  clusterProperties,
  hostOf,
  listenersOf,
  type NodeLayout,
  type NodePorts,
  type ProxiedListener,
} from './cluster-properties.ts'
import { javaArguments } from './java.ts'
import { setScramPassword } from './scram.ts'

/** One broker of a cluster. Clients that bootstrap through proxies are told the proxies' ports and no other. */
export interface ClusterNode {
  readonly id: number
  /** All proxies of this broker. */
  readonly path: NetworkPath
  /** The proxy of each listener that has one. */
  readonly proxies: ReadonlyMap<ProxiedListener, NetworkPath>
  kill9(): Promise<void>
  /** Resolves when the broker has started (again). */
  start(): Promise<void>
  suspend(): void
  resume(): void
}

/** A real Apache Kafka cluster (KRaft, every node broker and controller), each node behind a proxy. */
export interface Cluster {
  readonly nodes: readonly ClusterNode[]
  /** Whether the listener `PROXIED` asks for a login. */
  readonly login: boolean
  /** Bootstrap servers of the listeners without proxies. */
  readonly direct: string
  /** Bootstrap servers of a listener behind proxies; throws for one that the cluster was not given. */
  bootstrap(listener: ProxiedListener): string
  /** Replicated to every node; with three nodes and more, two must have a record before it is acknowledged. */
  createTopic(name: string, partitions: number): Promise<void>
  /** Gives every partition of a topic another leader: moves the replica lists on by one and elects the first ones. */
  moveLeaders(topic: string, partitions: number): Promise<void>
  /** Changes the password of `CLUSTER_USER` where the proxied listeners ask for one. */
  setPassword(password: string): Promise<void>
  stop(): Promise<void>
}

/** Who may log in, and the password at the start. */
export const CLUSTER_USER = { name: 'gateway', password: 'password-0' } as const

const START_TIMEOUT = 120_000

/** Starts `size` brokers, 200 MB each; ready when it resolves. */
export async function startCluster(size: number, options: ClusterOptions = {}): Promise<Cluster> {
  const jars = await kafkaJars()
  const directory = await mkdtemp(join(tmpdir(), 'topicrule-cluster-'))
  const listeners = listenersOf(options)
  const each = 2 + listeners.length
  const free = await freePorts(each * size)
  const ports = Array.from({ length: size }, (_, index): NodePorts => {
    const [direct, controller, ...behind] = free.slice(each * index, each * (index + 1))
    const behindProxy = new Map(listeners.map((listener, at) => [listener, behind[at]!]))
    return { direct: direct!, controller: controller!, behindProxy }
  })
  const clusterId = Buffer.from(crypto.randomUUID().replaceAll('-', ''), 'hex').toString('base64url')
  const nodes = await Promise.all(
    ports.map((_, index) => prepareNode({ jars, directory, ports, index, clusterId, options })),
  )
  await Promise.all(nodes.map((node) => node.start()))
  const direct = ports.map((own) => `127.0.0.1:${own.direct}`).join(',')
  let moves = 0
  return {
    ...{ nodes, direct, login: options.login === true },
    bootstrap(listener) {
      const found = nodes.flatMap(({ proxyPorts }) => proxyPorts.get(listener) ?? [])
      if (found.length === 0) throw new Error(`the cluster has no listener ${listener}`)
      return found.map((port) => `${hostOf(listener)}:${port}`).join(',')
    },
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
      await Promise.all(nodes.map((node) => node.stopProxies()))
      await rm(directory, { recursive: true, force: true })
    },
  }
}

interface NodeOptions extends NodeLayout {
  readonly jars: string
  readonly clusterId: string
}

interface PreparedNode extends ClusterNode {
  readonly proxyPorts: ReadonlyMap<ProxiedListener, number>
  stopProxies(): Promise<unknown>
}

async function prepareNode(node: NodeOptions): Promise<PreparedNode> {
  const { jars, directory, ports, index, clusterId, options } = node
  const proxies = new Map<ProxiedListener, ToxicProxy>()
  for (const [listener, port] of ports[index]!.behindProxy)
    proxies.set(listener, await ToxicProxy.start({ port }))
  const proxyPorts = new Map([...proxies].map(([listener, { port }]) => [listener, port]))
  const file = join(directory, `server-${index + 1}.properties`)
  await writeFile(file, clusterProperties(node, proxyPorts))
  const { name, password } = CLUSTER_USER
  const user =
    options.login === true ? ['--add-scram', `SCRAM-SHA-512=[name=${name},password=${password}]`] : []
  const format = ['format', `--cluster-id=${clusterId}`, '-c', file, ...user]
  await runProcess('java', javaArguments(jars, 'kafka.tools.StorageTool', format), { timeout: START_TIMEOUT })
  const java =
    options.kerberos === undefined ? [] : [`-Djava.security.krb5.conf=${options.kerberos.configuration}`]
  let running: RunningProcess | undefined
  return {
    id: index + 1,
    ...{ proxies, proxyPorts, path: pathOf([...proxies.values()]) },
    stopProxies: () => Promise.all([...proxies.values()].map((proxy) => proxy.stop())),
    async kill9() {
      await running?.kill9()
      running = undefined
    },
    async start() {
      const log = join(directory, `broker-${index + 1}.log`)
      running = startProcess('java', [...java, ...javaArguments(jars, 'kafka.Kafka', [file])], {
        onLine: (line) => appendFileSync(log, `${line}\n`),
      })
      await running.line(/Kafka Server started/, START_TIMEOUT)
    },
    suspend: () => running?.signal('SIGSTOP'),
    resume: () => running?.signal('SIGCONT'),
  }
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
