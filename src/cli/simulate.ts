import { type CommandSpec, note } from './command.ts'
import { onStopSignal } from './signals.ts'

export const simulate: CommandSpec = {
  name: 'simulate',
  summary:
    'Publish as a fleet of thermometers, vehicles and doors would, over real MQTT connections with QoS 1.',
  options: [
    { flags: '--url <url>', description: 'MQTT address of the server.', default: 'mqtt://127.0.0.1:1883' },
    { flags: '--rate <number>', description: 'Messages per second over all devices.', default: '10' },
    { flags: '--devices <number>', description: 'Devices; each has a connection of its own.', default: '9' },
    { flags: '--duration <seconds>', description: 'How long; 0 until it is stopped.', default: '0' },
    { flags: '--protocol <version>', description: 'MQTT version: 3.1.1 or 5.', default: '5' },
  ],
  async run(options) {
    const rate = Number(options['rate'])
    const devices = Number(options['devices'])
    const duration = Number(options['duration'])
    const protocol = String(options['protocol'])
    if (!(rate > 0) || !(Number.isInteger(devices) && devices > 0) || !(duration >= 0)) {
      note('--rate and --devices take numbers above zero, --duration a number of seconds.')
      return 2
    }
    if (protocol !== '5' && protocol !== '3.1.1') {
      note(`--protocol is ${protocol}; it takes 3.1.1 or 5.`)
      return 2
    }
    const stop = new AbortController()
    void onStopSignal().then(() => stop.abort())
    const { simulate: run } = await import('./simulate/run.ts')
    const result = await run({ url: String(options['url']), rate, devices, duration, protocol }, stop.signal)
    note(`published ${result.published}, acknowledged ${result.acknowledged}, failed ${result.failed}`)
    return result.failed === 0 ? 0 : 1
  },
}
