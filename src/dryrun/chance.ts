/** Sources of `rand()` and `newuuid()` that repeat themselves for a seed. */
export interface Chance {
  /** Uniform in [0, 1). */
  readonly random: () => number
  /** A version 4 UUID. */
  readonly newUuid: () => string
}

/** Chance that is the same in every run with the same seed: xmur3 mixes the text into the state of an sfc32. */
export function seededChance(seed: string): Chance {
  const next = sfc32(mixed(seed))
  const word = (): string => next().toString(16).padStart(8, '0')
  return {
    random: () => next() / 4_294_967_296,
    newUuid: () => {
      const hex = word() + word() + word() + word()
      const variant = ((Number.parseInt(hex[16]!, 16) & 3) | 8).toString(16)
      return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20)}`
    },
  }
}

type State = [a: number, b: number, c: number, counter: number]

function mixed(seed: string): State {
  let hash = 1_779_033_703 ^ seed.length
  for (let index = 0; index < seed.length; index += 1) {
    hash = Math.imul(hash ^ seed.charCodeAt(index), 3_432_918_353)
    hash = (hash << 13) | (hash >>> 19)
  }
  const next = (): number => {
    hash = Math.imul(hash ^ (hash >>> 16), 2_246_822_507)
    hash = Math.imul(hash ^ (hash >>> 13), 3_266_489_909)
    return (hash ^= hash >>> 16) >>> 0
  }
  return [next(), next(), next(), next()]
}

/** 32 bits at a time. */
function sfc32([a, b, c, counter]: State): () => number {
  return () => {
    const sum = (((a + b) | 0) + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (((c << 21) | (c >>> 11)) + sum) | 0
    return sum >>> 0
  }
}
