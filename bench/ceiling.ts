/** node-rdkafka alone: how many records a second it gets acknowledged, without MQTT and rules. */
import kafka from 'node-rdkafka'

const [bootstrap = '', topic = '', seconds = '5'] = process.argv.slice(2)
const IN_FLIGHT = 3_200
const value = Buffer.from(
  '{"deviceId":"device-0001","temp":24.75,"humidity":51.5,"battery":87,"device":"device-0001"}',
)
const key = Buffer.from('device-0001')

const producer = new kafka.Producer(
  {
    'bootstrap.servers': bootstrap,
    dr_cb: true,
    'enable.idempotence': true,
    'linger.ms': 1,
    'broker.address.family': 'v4',
  },
  { acks: -1, 'message.timeout.ms': 0 },
)
await new Promise<void>((resolve, reject) =>
  producer.connect({}, (error) => (error ? reject(error) : resolve())),
)
producer.setPollInterval(1)
let acknowledged = 0
let sending = true
const produce = (): void => {
  producer.produce(topic, null, value, key, undefined, acknowledged)
}
producer.on('delivery-report', () => {
  acknowledged += 1
  if (sending) produce()
})
const started = performance.now()
const cpu = process.cpuUsage()
for (let count = 0; count < IN_FLIGHT; count += 1) produce()
await new Promise((resolve) => setTimeout(resolve, Number(seconds) * 1000))
const elapsed = (performance.now() - started) / 1000
const { user, system } = process.cpuUsage(cpu)
sending = false
console.log(
  `${(acknowledged / elapsed).toFixed(0).padStart(8)} msg/s  ${((user + system) / acknowledged).toFixed(1).padStart(6)} CPU s/M`,
)
process.exit(0)
