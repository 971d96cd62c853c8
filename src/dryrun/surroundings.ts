import { type Environment, type Services } from '../sql/index.ts'
import { type Chance, seededChance } from './chance.ts'

/**
 * Clock and chance of many messages, one after the other. Chance begins anew for each rule, from the seed and the
 * number of the message, so that two versions of a rule draw the same.
 */
export class Surroundings implements Environment {
  readonly accountId: string
  readonly services?: Services
  readonly #seed: string
  #time = 0
  #message = 0
  #chance: Chance | undefined

  constructor(accountId: string, seed: string, services: Services | undefined) {
    this.accountId = accountId
    this.#seed = seed
    if (services !== undefined) this.services = services
  }

  /** To be called before each message. */
  begin(number: number, time: number): void {
    this.#message = number
    this.#time = time
    this.#chance = undefined
  }

  /** To be called before each rule. */
  restart(): void {
    this.#chance = undefined
  }

  readonly now = (): number => this.#time

  readonly random = (): number => this.#draws().random()

  readonly newUuid = (): string => this.#draws().newUuid()

  #draws(): Chance {
    return (this.#chance ??= seededChance(`${this.#seed}/${this.#message}`))
  }
}
