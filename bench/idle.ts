/**
 * Memory of connections that have published a message and do nothing since: the server as an operator runs it, its clients in a process of
 * their own, the difference of the server's resident memory. Arguments: connections (10000), `tcp` or `tls`.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { killAllProcesses, startProcess } from '../test/helpers/process.ts'
import { TestServer } from '../test/helpers/server.ts'
import { makeCertificates } from '../test/ingest/certificates.ts'

const CLIENTS = fileURLToPath(new URL('idle-clients.ts', import.meta.url))
const SETTLE_MS = 10_000

/** Kilobytes of a process that are in memory. */
function residentKilobytes(pid: number): number {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1])
}

const pause = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds))

export interface IdleResult {
  readonly connections: number
  /** Resident kilobytes of the server before, while all are connected, and after all have gone. */
  readonly before: number
  readonly connected: number
  readonly after: number
}

/** Opens connections to a running server and measures it. */
export async function measureIdle(
  server: TestServer,
  connections: number,
  settle: number,
  secure = false,
): Promise<IdleResult> {
  const { pid } = server.process!
  await pause(settle)
  const before = residentKilobytes(pid)
  const options = JSON.stringify({ port: server.port, connections, secure })
  const clients = startProcess(process.execPath, ['--import', 'tsx', CLIENTS, options])
  await clients.line(/^connected/, 120_000)
  await pause(settle)
  const connected = residentKilobytes(pid)
  await clients.kill9()
  await pause(settle)
  return { connections, before, connected, after: residentKilobytes(pid) }
}

async function main(): Promise<void> {
  const connections = Number(process.argv[2] ?? 10_000)
  const secure = process.argv[3] === 'tls'
  const server = await TestServer.start({}, { log: { level: 'warn' } })
  if (secure) {
    await server.process!.stop()
    const { server: pair } = makeCertificates('bench')
    const file = (name: string, text: string): string => {
      writeFileSync(join(server.directory, name), text)
      return name
    }
    const tls = { cert: file('cert.pem', pair.cert), key: file('key.pem', pair.key) }
    const config = {
      mqtt: { listeners: [{ port: server.port, anonymous: true, tls }] },
      control: { port: 0 },
      log: { level: 'warn' },
    }
    file('topicrule.yaml', JSON.stringify(config))
    await server.launch()
  }
  const { before, connected, after } = await measureIdle(server, connections, SETTLE_MS, secure)
  const megabytes = (kilobytes: number): string => (kilobytes / 1024).toFixed(0)
  console.log(
    `${connections} idle ${secure ? 'TLS' : 'TCP'} connections: ${((connected - before) / connections).toFixed(1)} KB each (${megabytes(before)} MB before, ${megabytes(connected)} MB with them, ${megabytes(after)} MB after)`,
  )
  await server.stop()
  await killAllProcesses()
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main()
