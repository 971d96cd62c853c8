/**
 * Delivery alone: records from `send` to `settled`, against a real broker, for settings of librdkafka that decide
 * latency and speed. `tsx bench/kafka-produce.ts [--seconds=3] [--linger=1] [--in-flight=5] [--rates=1000,20000,0]
 * [--keys=yes|no] [--bootstrap=host:port]`; lists of values try every combination, rate 0 is as fast as it goes.
 */
import { createDelivery, type KafkaSender } from '../src/deliver/index.ts'
import { createNative } from '../src/deliver/kafka/native.ts'
import { embeddedTarget } from '../src/deliver/kafka/embedded.ts'
import { startKafka } from '../test/helpers/kafka/index.ts'

const CONNECTIONS = 8
const PER_CONNECTION = 100
const WARM_UP_MS = 1_500

interface Run {
  readonly linger: number
  readonly inFlight: number
  readonly keys: boolean
  readonly rate: number
  readonly seconds: number
}

interface Figures {
  readonly perSecond: number
  readonly cpuSecondsPerMillion: number
  readonly p50: number
  readonly p99: number
}

function option(name: string, fallback: string): string {
  const prefix = `--${name}=`
  return process.argv.find((argument) => argument.startsWith(prefix))?.slice(prefix.length) ?? fallback
}

const numbers = (name: string, fallback: string): number[] => option(name, fallback).split(',').map(Number)
const value = Buffer.alloc(265, '{"temperature":21.5}')
const keys = Array.from({ length: 200 }, (_, index) => `device-${index}`)

/** Keeps 800 records in flight, or sends at a rate in steps of about a millisecond. */
function load(sender: KafkaSender, topic: string, run: Run): { latencies: number[]; stop(): void } {
  const latencies: number[] = []
  let sent = 0
  let sending = true
  let due = 0
  const one = (): void => {
    const from = performance.now()
    const record = {
      topic,
      partition: null,
      key: run.keys ? keys[sent++ % 200] : undefined,
      headers: [],
      value,
    }
    sender.send(record, {
      settled: (failure) => {
        if (failure !== undefined) throw new Error(`${failure.code}: ${failure.message}`)
        latencies.push(performance.now() - from)
        if (run.rate === 0 && sending && (due += 1) === 1) setImmediate(refill)
      },
    })
  }
  // Refills in one go per turn of the event loop, as packets of a socket come.
  const refill = (): void => {
    const count = due
    due = 0
    for (let index = 0; index < count; index += 1) one()
  }
  const begun = performance.now()
  let paced = 0
  const pace = (): void => {
    if (!sending) return
    for (const target = ((performance.now() - begun) * run.rate) / 1000; paced < target; paced += 1) one()
    setTimeout(pace, 1 + Math.random())
  }
  if (run.rate === 0) {
    due = CONNECTIONS * PER_CONNECTION
    refill()
  } else pace()
  return { latencies, stop: () => (sending = false) }
}

async function measure(bootstrap: string, topic: string, run: Run): Promise<Figures> {
  const delivery = createDelivery({
    maxProducers: 1,
    idleTimeout: 60_000,
    factory: (global, topicConfig) =>
      createNative(
        { ...global, 'linger.ms': run.linger, 'max.in.flight.requests.per.connection': run.inFlight },
        topicConfig,
      ),
  })
  const { latencies, stop } = load(delivery.open(embeddedTarget(bootstrap)), topic, run)
  await new Promise((resolve) => setTimeout(resolve, WARM_UP_MS))
  latencies.length = 0
  const cpu = process.cpuUsage()
  const from = performance.now()
  await new Promise((resolve) => setTimeout(resolve, run.seconds * 1000))
  const { user, system } = process.cpuUsage(cpu)
  const elapsed = (performance.now() - from) / 1000
  const measured = Float64Array.from(latencies).sort()
  stop()
  const left = await delivery.drain(30_000)
  await delivery.close()
  if (left > 0) throw new Error(`${left} records were never reported`)
  const at = (share: number): number => measured[Math.floor(measured.length * share)] ?? Number.NaN
  return {
    perSecond: measured.length / elapsed,
    cpuSecondsPerMillion: (user + system) / measured.length,
    p50: at(0.5),
    p99: at(0.99),
  }
}

const given = option('bootstrap', '')
const kafka = given === '' ? await startKafka() : undefined
const bootstrap = kafka?.bootstrap.plaintext ?? given
const topic = `bench-${process.pid}`
await kafka?.createTopic(topic, 4)
console.log('linger  in flight  keys  rate      msg/s  CPU s/M   p50 ms   p99 ms')
for (const linger of numbers('linger', '1')) {
  for (const inFlight of numbers('in-flight', '5')) {
    for (const keyed of option('keys', 'yes').split(',')) {
      for (const rate of numbers('rates', '1000,20000,0')) {
        const run = { linger, inFlight, keys: keyed === 'yes', rate, seconds: Number(option('seconds', '3')) }
        const { perSecond, cpuSecondsPerMillion, p50, p99 } = await measure(bootstrap, topic, run)
        const cells = [linger, inFlight, keyed, rate, Math.round(perSecond), cpuSecondsPerMillion.toFixed(1)]
        const widths = [6, 10, 5, 6, 9, 8]
        const row = cells.map((cell, index) => String(cell).padStart(widths[index]!)).join(' ')
        console.log(`${row} ${p50.toFixed(2).padStart(8)} ${p99.toFixed(2).padStart(8)}`)
      }
    }
  }
}
await kafka?.stop()
