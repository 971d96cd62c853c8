import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { parseArgs } from 'node:util'
import { killAllProcesses } from '../helpers/process.ts'
import { type FaultName, faultNames, faultOf } from './faults.ts'
import { brokenPromises, renderReport } from './report.ts'
import { runChaos } from './run.ts'
import { planRounds, readFaultNames } from './schedule.ts'

const USAGE = `usage: npm run chaos -- [--seed N] [--minutes M] [--faults a,b,c] [--brokers 1|3] [--rate N] [--combined SHARE] [--ack delivered|received] [--log FILE]
faults: ${faultNames.join(', ')}`

/** `npm run chaos`: exit 0 when every promise held, 1 when one did not, 2 for wrong arguments. */
async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      seed: { type: 'string', default: String(Math.floor(Math.random() * 1e9)) },
      minutes: { type: 'string', default: '5' },
      faults: { type: 'string' },
      brokers: { type: 'string', default: '3' },
      rate: { type: 'string', default: '500' },
      ack: { type: 'string', default: 'delivered' },
      combined: { type: 'string', default: '0.4' },
      log: { type: 'string' },
    },
  })
  const [seed, minutes, rate, combined] = [values.seed, values.minutes, values.rate, values.combined].map(
    Number,
  )
  const brokers = values.brokers === '1' ? 1 : 3
  const names = values.faults === undefined ? possibleFaults() : readFaultNames(values.faults)
  const rounds = planRounds({
    ...{ seed: seed!, seconds: Math.max(1, minutes! * 60 - 40), faults: names, brokers, combined },
  })
  console.log(`seed ${seed}, ${brokers} brokers, ${rounds.length} rounds, ack: ${values.ack}`)
  const ack = values.ack === 'received' ? 'received' : 'delivered'
  const result = await runChaos({
    ...{ brokers, ack, rounds, rate: rate!, baseline: 10, closing: 15 },
    ...{ print: console.log, ...(values.log === undefined ? {} : { log: values.log }) },
  })
  const broken = brokenPromises(result, rounds)
  console.log(`\n${renderReport(result)}\n`)
  for (const text of broken) console.log(`BROKEN: ${text}`)
  console.log(
    `seed ${seed}: ${broken.length === 0 ? 'every promise held' : `${broken.length} promises broken`}`,
  )
  return broken.length === 0 ? 0 : 1
}

/** All faults, but those of Kerberos where there is no key distribution center to start. */
function possibleFaults(): readonly FaultName[] {
  const path = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin']
  if (path.some((directory) => existsSync(join(directory, 'krb5kdc')))) return faultNames
  console.log('skipped, for krb5kdc is not installed: kdc-away, agent-kill')
  return faultNames.filter((name) => !['kerberos', 'agent'].includes(faultOf(name).group))
}

const code = await main().catch((error: unknown) => {
  console.error(
    error instanceof Error && error.message.startsWith('no fault') ? `${error.message}\n${USAGE}` : error,
  )
  return 2
})
await killAllProcesses()
// Something of what the run used would keep this process; everything it started is gone.
process.exit(code)
