import { afterAll, describe, expect, it } from 'vitest'
import { brokenPromises, renderReport } from '../chaos/report.ts'
import { runChaos, type RunOptions } from '../chaos/run.ts'
import { planRounds } from '../chaos/schedule.ts'
import { killAllProcesses } from '../helpers/process.ts'

afterAll(killAllProcesses)

const SEED = 3
const common: Omit<RunOptions, 'rounds'> = {
  ...{ brokers: 1, ack: 'delivered', rate: 300, baseline: 4, closing: 5 },
  print: (line) => console.log(line),
}

describe('the ledger', () => {
  it('finds every promise kept through kills, resets, a hang and edits of rules', async () => {
    console.log(`seed ${SEED}`)
    const rounds = planRounds({
      ...{ seed: SEED, seconds: 42, brokers: 1, calm: [10.5, 11], combined: 0.6 },
      faults: ['server-kill', 'broker-kill', 'device-reset', 'broker-reset', 'device-hang', 'rule-edit'],
    })
    const result = await runChaos({ ...common, rounds })
    console.log(renderReport(result))
    expect(brokenPromises(result, rounds)).toEqual([])
    expect(result.proof.verdict.acknowledged).toBeGreaterThan(1_000)
    expect(result.proof.resends).toBeGreaterThan(0)
  })

  it('can fail: with ack: received, a server killed while the broker hangs has lost what it acknowledged', async () => {
    const rounds = [
      {
        calm: 0,
        faults: [
          { name: 'broker-stop', delay: 0, duration: 3, aim: 0 },
          { name: 'server-kill', delay: 1.5, duration: 0.2, aim: 0 },
        ],
      },
    ] as const
    const result = await runChaos({ ...common, ack: 'received', rounds })
    expect(result.proof.verdict.lost.length).toBeGreaterThan(50)
    expect(brokenPromises(result, rounds).join('\n')).toMatch(/acknowledged messages are lost/)
  })
})
