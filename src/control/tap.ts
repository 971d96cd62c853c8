import { z } from 'zod'
import { type Caller, seesSecrets } from '../access/index.ts'
import { checkFilter } from '../match/index.ts'
import { MAX_TAPS, type TapHub, TapStream } from '../tap/index.ts'
import { ControlError } from './errors.ts'
import { defineOperation, type Resource } from './operation.ts'

export interface TapsOptions {
  readonly hub: TapHub
  /** Told of each tap that is opened. */
  readonly onOpen: (caller: Caller, address: string | undefined, request: object) => void
}

const filter = z.string().superRefine((text, context) => {
  const fault = checkFilter(text)
  if (fault !== undefined) context.addIssue({ code: 'custom', message: fault })
})

/**
 * Watching messages, which AWS has nothing like. Who may change rules sees payloads, for a rule could send them
 * anywhere; who may only read sees verdicts and deliveries.
 */
export function taps({ hub, onOpen }: TapsOptions): Resource {
  return {
    name: 'Taps',
    operations: [
      defineOperation({
        name: 'Tap',
        summary:
          'Streams messages with what became of them, as lines of JSON, until the client closes the connection.',
        method: 'POST',
        path: '/x-tap',
        permission: 'read',
        input: z.strictObject({
          rule: z.string().max(128).optional().describe('Only messages whose topic triggers this rule.'),
          topic: filter.optional().describe('Only messages whose topic matches this MQTT filter.'),
          sample: z.number().positive().max(1_000_000).optional().describe('Messages per second at most.'),
          redact: z
            .array(z.string().min(1).max(256))
            .max(32)
            .optional()
            .describe('Paths of payloads whose values are masked, such as `user.name`.'),
          count: z.int().positive().optional().describe('Messages after which the stream ends.'),
        }),
        places: {},
        output: z.unknown().describe('One JSON object a line.'),
        errors: ['InvalidRequestException', 'ThrottlingException'],
        handle(input, { caller, address }) {
          const options = Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined))
          const tap = hub.open({ ...options, showsPayloads: seesSecrets(caller.role) })
          if (tap === undefined)
            throw new ControlError(
              'ThrottlingException',
              `There are ${MAX_TAPS} taps already, the most at a time.`,
            )
          onOpen(caller, address, input)
          return new TapStream(tap)
        },
      }),
    ],
  }
}
