import { setTimeout as pause } from 'node:timers/promises'
import { type Cluster, type ClusterNode } from '../helpers/kafka/index.ts'
import { type TestServer } from '../helpers/server.ts'
import { type Kdc } from '../helpers/kdc.ts'
import { type NetworkPath, type Toxics } from '../helpers/toxic-proxy.ts'
import { type SmallDisk } from '../helpers/small-disk.ts'
import { type Certificates } from './certificates.ts'
import { type Ledger } from './ledger.ts'
import { producerProcesses } from '../helpers/producer-processes.ts'
import { type SecretFiles } from './secret-files.ts'

/** Seconds that tickets for the producers live. */
export const TICKET_LIFE = 10

/** Everything that a fault can reach. */
export interface World {
  readonly cluster: Cluster
  readonly devicePath: NetworkPath
  readonly server: TestServer
  readonly ledger: Ledger
  /** Writes the rule documents in another form that does the same to the ledger's messages. */
  editRules(edit: number, producer: boolean): void
  /** Where the server finds the producers' password; undefined where they need none. */
  readonly secrets: SecretFiles | undefined
  /** Where some producers get their tickets. */
  readonly kdc: Kdc | undefined
  readonly certificates: Certificates | undefined
  /** Port of the server's TLS listener, and the path of the devices that use it. */
  readonly secured: { readonly port: number; readonly path: NetworkPath } | undefined
  /** Where the dead letters are. */
  readonly disk: SmallDisk | undefined
  readonly topic: string
  readonly partitions: number
}

export type Group =
  | 'broker'
  | 'leader'
  | 'server'
  | 'device path'
  | 'broker path'
  | 'clients'
  | 'rules'
  | 'clock'
  | 'secrets'
  | 'kerberos'
  | 'agent'
  | 'certificates'
  | 'disk'

/** One kind of fault. `aim` (0 to 1) says which of several equal parts it hits. */
export interface Fault {
  /** Two of one group do not happen at a time. */
  readonly group: Group
  /** Groups that it does not overlap with either. */
  readonly apart?: readonly Group[]
  /** Seconds, least and most. */
  readonly duration: readonly [number, number]
  /** It is over when its end begins, not when that is done: the time to start again is the server's own. */
  readonly overAtOnce?: boolean
  /** The full rate must be back 10 s after its end. */
  readonly promised: boolean
  readonly brokers?: number
  begin(world: World, aim: number): Promise<void> | void
  end?(world: World, aim: number): Promise<void> | void
}

function node({ cluster }: World, aim: number): ClusterNode {
  return cluster.nodes[Math.floor(aim * cluster.nodes.length)]!
}

function onDevicePath(toxics: Toxics, promised = false): Fault {
  return {
    ...{ group: 'device path', duration: [5, 15], promised },
    begin: ({ devicePath }) => devicePath.set(toxics),
    end: ({ devicePath }) => devicePath.set({}),
  }
}

function onBrokerPath(toxics: Toxics, promised = false): Fault {
  const set = (world: World, to: Toxics): void => world.cluster.nodes.forEach(({ path }) => path.set(to))
  return {
    ...{ group: 'broker path', duration: [5, 15], promised },
    begin: (world) => set(world, toxics),
    end: (world) => set(world, {}),
  }
}

function edits(producer: boolean): Fault {
  let timer: NodeJS.Timeout | undefined
  let edit = 0
  return {
    ...{ group: 'rules', duration: [4, 8], promised: false },
    begin(world) {
      timer = setInterval(() => world.editRules((edit += 1), producer), 700)
    },
    end: () => clearInterval(timer),
  }
}

export const faults = {
  'broker-kill': {
    ...{ group: 'broker', duration: [1, 8], promised: true },
    begin: (world, aim) => node(world, aim).kill9(),
    end: (world, aim) => node(world, aim).start(),
  },
  'broker-stop': {
    ...{ group: 'broker', duration: [3, 20], promised: true },
    begin: (world, aim) => node(world, aim).suspend(),
    end: (world, aim) => node(world, aim).resume(),
  },
  'leader-move': {
    ...{ group: 'leader', duration: [0, 0], promised: true, brokers: 3 },
    begin: ({ cluster, topic, partitions }) => cluster.moveLeaders(topic, partitions),
  },
  'server-kill': {
    ...{ group: 'server', duration: [0, 5], promised: true, overAtOnce: true },
    begin: async ({ server }) => void (await server.process!.kill9()),
    end: ({ server }) => server.launch(),
  },
  'server-stop': {
    ...{ group: 'server', duration: [2, 15], promised: true },
    begin: ({ server }) => server.process!.signal('SIGSTOP'),
    end: ({ server }) => server.process!.signal('SIGCONT'),
  },
  'device-reset': {
    ...{ group: 'device path', duration: [0, 0], promised: true },
    begin: ({ devicePath }) => devicePath.reset(),
  },
  'broker-reset': {
    ...{ group: 'broker path', duration: [0, 0], promised: true },
    begin: ({ cluster }) => cluster.nodes.forEach(({ path }) => path.reset()),
  },
  'device-hang': onDevicePath({ hang: true }, true),
  'broker-hang': onBrokerPath({ hang: true }, true),
  'device-latency': onDevicePath({ latency: 2000 }),
  'broker-latency': onBrokerPath({ latency: 2000 }),
  'device-narrow': onDevicePath({ bandwidth: 10_000 }),
  'broker-narrow': onBrokerPath({ bandwidth: 10_000 }),
  'clients-flap': {
    ...{ group: 'clients', duration: [5, 10], promised: false },
    begin: ({ ledger }) => ledger.tell('flap'),
    end: ({ ledger }) => ledger.tell('calm'),
  },
  'rule-edit': edits(false),
  'rule-producer': edits(true),
  'clock-step': {
    ...{ group: 'clock', duration: [3, 8], promised: false },
    begin: ({ server }) => server.process!.signal('SIGURG'),
    end: ({ server }) => server.process!.signal('SIGWINCH'),
  },
  'secrets-away': {
    ...{ group: 'secrets', duration: [5, 12], promised: false },
    begin: ({ secrets }) => secrets?.hide(),
    end: ({ secrets }) => secrets?.show(),
  },
  // The broker ends what is connected, as if its sessions had ended: the old password is of no use any more.
  // A producer that is new and has a wrong password is the fault of its rule, and devices do not wait for that.
  'password-change': {
    ...{ group: 'secrets', apart: ['server', 'rules'], duration: [0, 4], promised: false },
    async begin({ secrets, cluster }) {
      await secrets?.changeOnBroker()
      for (const { proxies } of cluster.nodes) proxies.get('PROXIED')?.reset()
    },
    end: ({ secrets }) => secrets?.changeInStore(),
  },
  // Tickets live for ten seconds: when they have ended, connections end, and new ones need the center.
  'kdc-away': {
    ...{ group: 'kerberos', duration: [4, 8], promised: false },
    async begin({ kdc, cluster }) {
      await kdc?.halt()
      await pause(TICKET_LIFE * 1000)
      for (const { proxies } of cluster.nodes) proxies.get('KERBEROS')?.reset()
    },
    end: async ({ kdc }) => kdc?.start(),
  },
  'agent-kill': {
    ...{ group: 'agent', duration: [0, 0], promised: false },
    begin({ server }) {
      for (const pid of producerProcesses(server.process!.pid)) process.kill(pid, 'SIGKILL')
    },
  },
  'client-certificate': {
    ...{ group: 'certificates', apart: ['secrets'], duration: [0, 0], promised: false },
    async begin({ certificates, secrets, cluster }) {
      await certificates!.renewClient(secrets!)
      for (const { proxies } of cluster.nodes) proxies.get('MUTUAL')?.reset()
    },
  },
  // SIGHUP while the server starts would end it.
  'listener-certificate': {
    ...{ group: 'certificates', apart: ['server'], duration: [0, 0], promised: false },
    async begin({ certificates, server, secured }) {
      await certificates!.renewListener(() => server.process!.signal('SIGHUP'), secured!.port)
      secured!.path.reset()
    },
  },
  // A limit of the process, where no file system could be mounted, goes with it.
  'disk-full': {
    ...{ group: 'disk', apart: ['server'], duration: [4, 10], promised: false },
    begin: ({ disk, server }) => disk!.fill(server.process!.pid),
    end: ({ disk, server }) => disk!.free(server.process!.pid),
  },
} as const satisfies Readonly<Record<string, Fault>>

export type FaultName = keyof typeof faults

export const faultNames = Object.keys(faults) as FaultName[]

/** Whether two kinds may happen at a time. */
export function mayOverlap(one: FaultName, other: FaultName): boolean {
  const [a, b] = [faultOf(one), faultOf(other)]
  return a.group !== b.group && !a.apart?.includes(b.group) && !b.apart?.includes(a.group)
}

export function faultOf(name: FaultName): Fault {
  return faults[name]
}
