import { type CompileOptions as DocumentOptions } from '../rule/index.ts'
import { type ServiceFunction } from './services.ts'

/** How a document is read and what its rule sees beside the message; every part has a default. */
export interface CompileOptions extends Omit<DocumentOptions, 'services' | 'protobuf'> {
  /** What `accountid()` returns; `000000000000` when left out. */
  readonly accountId?: string
  /** The clock, in milliseconds since the Unix epoch, of messages that have no `timestamp` of their own. */
  readonly now?: () => number
  /** Source of `rand()`: uniform in [0, 1). */
  readonly random?: () => number
  /** Source of `newuuid()`. */
  readonly newUuid?: () => string
  /**
   * Services by the name of their function: `{ get_thing_shadow: ([thing]) => ({ state: { reported: {} } }) }`. A
   * rule that calls another function of this kind is refused.
   */
  readonly services?: Readonly<Record<string, ServiceFunction>>
  /** Directory of the descriptors for `decode(…, 'proto', …)`: `<directory>/<bucket>/<object key>`. */
  readonly protobufDirectory?: string
}
