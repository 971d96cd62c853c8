import { faultNames, faultOf, type FaultName, mayOverlap } from './faults.ts'
import { Random } from './random.ts'

/** One fault of a round; times in seconds. */
export interface PlannedFault {
  readonly name: FaultName
  /** After the round's begin. */
  readonly delay: number
  readonly duration: number
  readonly aim: number
}

/** Faults that overlap, after a time without any. */
export interface Round {
  readonly calm: number
  readonly faults: readonly PlannedFault[]
}

export interface ScheduleOptions {
  readonly seed: number
  /** Of the whole schedule, about. */
  readonly seconds: number
  readonly faults: readonly FaultName[]
  readonly brokers: number
  /** Seconds between rounds, least and most. */
  readonly calm?: readonly [number, number]
  /** Share of rounds with several faults. */
  readonly combined?: number
}

/** The same options give the same schedule. Each kind comes once before any comes twice; then by chance, also combined. */
export function planRounds(options: ScheduleOptions): Round[] {
  const random = new Random(options.seed)
  const known = options.faults.filter((name) => (faultOf(name).brokers ?? 1) <= options.brokers)
  const rounds: Round[] = []
  let first = shuffle(known, random)
  for (let at = 0; at < options.seconds && known.length > 0;) {
    if (first.length === 0) first = shuffle(known, random)
    const names: FaultName[] = [first.shift()!]
    while (names.length < 3 && random.next() < (options.combined ?? 0.4)) {
      const others = known.filter((name) => names.every((chosen) => mayOverlap(name, chosen)))
      if (others.length === 0) break
      names.push(random.pick(others))
    }
    const planned = names.map((name, index) => planOne(name, index, random))
    const calm = random.between(...(options.calm ?? [13, 18]))
    rounds.push({ calm, faults: planned })
    at += calm + Math.max(...planned.map(({ delay, duration }) => delay + duration))
  }
  return rounds
}

/** Checks names given by a user; throws with the ones that exist. */
export function readFaultNames(text: string): FaultName[] {
  return text.split(',').map((name) => {
    const known = faultNames.find((each) => each === name)
    if (known === undefined) throw new Error(`no fault ${name}; there are ${faultNames.join(', ')}`)
    return known
  })
}

export function titleOf({ faults }: Round): string {
  return faults.map(({ name }) => name).join(' + ')
}

function planOne(name: FaultName, index: number, random: Random): PlannedFault {
  return {
    name,
    delay: index === 0 ? 0 : random.between(0, 3),
    duration: random.between(...faultOf(name).duration),
    aim: random.next(),
  }
}

function shuffle(names: readonly FaultName[], random: Random): FaultName[] {
  const left = [...names]
  return names.map(() => left.splice(random.below(left.length), 1)[0]!)
}
