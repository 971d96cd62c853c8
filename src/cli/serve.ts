import { loadConfig } from '../config/index.ts'
import { CONFIG_OPTION, type CommandSpec, note, print } from './command.ts'
import { configFile, readConfig } from './read-config.ts'
import { onReloadSignal, onStopSignal } from './signals.ts'

export const serve: CommandSpec = {
  name: 'serve',
  summary: 'Run the engine: listen for devices, run the rules, deliver to Kafka.',
  options: [CONFIG_OPTION],
  async run(options) {
    const config = readConfig(options['config'])
    if (config === undefined) return 2
    const { startServer } = await import('../app.ts')
    const reloads = onReloadSignal()
    const server = await startServer(config)
    const file = configFile(options['config'])
    reloads.start(() => void server.reload(loadConfig(file, process.env)))
    print(readyLine(server))
    await onStopSignal()
    const left = await server.stop()
    if (left > 0)
      note(
        `${left} messages had not settled: devices send those again that were not acknowledged; what ack: received had acknowledged is lost.`,
      )
    return left === 0 ? 0 : 1
  },
}

interface Ready {
  readonly mqtt: readonly { readonly name: string; readonly host: string; readonly port: number }[]
  readonly publish: { readonly host: string; readonly port: number } | undefined
  readonly control: { readonly host: string; readonly port: number }
  readonly metrics: { readonly host: string; readonly port: number } | undefined
  readonly kafka: string | undefined
}

/** `ready mqtt=127.0.0.1:1883 control=127.0.0.1:8090 kafka=127.0.0.1:41234` */
export function readyLine({ mqtt, publish, control, metrics, kafka }: Ready): string {
  const parts = [...mqtt.map(({ name, host, port }) => `${name}=${host}:${port}`)]
  if (publish !== undefined) parts.push(`publish=${publish.host}:${publish.port}`)
  parts.push(`control=${control.host}:${control.port}`)
  if (metrics !== undefined) parts.push(`metrics=${metrics.host}:${metrics.port}`)
  if (kafka !== undefined) parts.push(`kafka=${kafka}`)
  return `ready ${parts.join(' ')}`
}
