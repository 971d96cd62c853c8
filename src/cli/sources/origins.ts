import { fieldSteps } from '../../store/index.ts'

export type Step = string | number

/** Where each part of a converted document comes from, and which parts are not known before a deployment. */
export class Origins {
  readonly #sources = new Map<string, readonly Step[]>()
  readonly #unknown = new Set<string>()

  set(target: readonly Step[], source: readonly Step[]): void {
    this.#sources.set(JSON.stringify(target), source)
  }

  /** What lies there is a stand-in: faults that are found with it mean nothing. */
  markUnknown(target: readonly Step[]): void {
    this.#unknown.add(JSON.stringify(target))
  }

  isUnknown(path: string): boolean {
    if (this.#unknown.size === 0) return false
    const steps = fieldSteps(path)
    return steps.some((_step, index) => this.#unknown.has(JSON.stringify(steps.slice(0, index + 1))))
  }

  /** The steps to the source of what a path of the converted document names. */
  sourceOf(path: string): readonly Step[] {
    const steps = fieldSteps(path)
    for (let length = steps.length; length >= 0; length -= 1) {
      const source = this.#sources.get(JSON.stringify(steps.slice(0, length)))
      if (source !== undefined) return [...source, ...steps.slice(length)]
    }
    return steps
  }
}
