import { describe, expect, it } from 'vitest'
import { faultNames, faultOf } from './faults.ts'
import { planRounds, readFaultNames } from './schedule.ts'

const options = { seconds: 1_800, faults: faultNames, brokers: 3 }

describe('a schedule', () => {
  it('repeats with its seed and differs with another', () => {
    expect(planRounds({ ...options, seed: 5 })).toEqual(planRounds({ ...options, seed: 5 }))
    expect(planRounds({ ...options, seed: 5 })).not.toEqual(planRounds({ ...options, seed: 6 }))
  })

  it('has every kind, alone or combined, and never two of one group at a time', () => {
    const rounds = planRounds({ ...options, seed: 5 })
    const names = new Set(rounds.flatMap(({ faults }) => faults.map(({ name }) => name)))
    expect([...names].sort()).toEqual([...faultNames].sort())
    expect(rounds.some(({ faults }) => faults.length > 1)).toBe(true)
    for (const { faults } of rounds) {
      const groups = faults.map(({ name }) => faultOf(name).group)
      expect(new Set(groups).size).toBe(groups.length)
      for (const { name } of faults)
        for (const group of groups) expect(faultOf(name).apart ?? []).not.toContain(group)
    }
  })

  it('leaves out what needs more brokers', () => {
    const rounds = planRounds({ ...options, seed: 5, brokers: 1 })
    expect(rounds.flatMap(({ faults }) => faults.map(({ name }) => name))).not.toContain('leader-move')
  })

  it('knows the names of faults', () => {
    expect(readFaultNames('server-kill,clock-step')).toEqual(['server-kill', 'clock-step'])
    expect(() => readFaultNames('server-kil')).toThrow('no fault server-kil; there are broker-kill')
  })
})
