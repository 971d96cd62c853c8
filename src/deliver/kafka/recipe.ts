import { type Failure } from '../../errors.ts'
import { type KafkaTarget } from './target.ts'

/** Client properties of which some (secrets) are looked up when a producer is opened, and again when they may have changed. */
export interface KafkaRecipe {
  /** Equal exactly for recipes that make the same of the same secrets; says nothing of what the document holds. */
  readonly identity: string
  readonly bootstrapServers: string
  /** Looks up and checks. `maxAge`: milliseconds that a looked-up value may be old. Never rejects. */
  resolve(maxAge: number | undefined): Promise<Resolution>
}

export type Resolution =
  { readonly ok: true; readonly target: KafkaTarget } | { readonly ok: false; readonly failure: Failure }
