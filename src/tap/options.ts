/** What the reader of a tap wants to see. */
export interface TapOptions {
  /** Only messages whose topic triggers this rule. */
  readonly rule?: string
  /** Only messages whose topic matches this filter. */
  readonly topic?: string
  /** Messages per second at most, spread over each second; others are left out. */
  readonly sample?: number
  /** Paths of the payload, such as `user.name`, whose values are masked. */
  readonly redact?: readonly string[]
  /** Ends after this many messages. */
  readonly count?: number
  /** False leaves out what comes from payloads: for those who may not see them. */
  readonly showsPayloads: boolean
}
