import { z } from 'zod'
import { optionalSize } from './units.ts'

const perSecond = (description: string): z.ZodOptional<z.ZodInt> =>
  z.int().min(1).max(1_000_000_000).optional().describe(`${description} Left out, without bound.`)

const bytesPerSecond = (description: string): ReturnType<typeof optionalSize> =>
  optionalSize(`${description} Left out, without bound.`, { min: '1KiB' })

interface PublishRates {
  readonly messagesPerSecond: z.ZodOptional<z.ZodInt>
  readonly bytesPerSecond: ReturnType<typeof optionalSize>
  readonly messagesPerSecondPerClient: z.ZodOptional<z.ZodInt>
  readonly bytesPerSecondPerClient: ReturnType<typeof optionalSize>
}

/** How often connections may come. */
export const connectionRates = {
  connectionsPerSecond: perSecond(
    'New connections a second; those beyond it are closed before anything is read, TLS included.',
  ),
  connectionsPerSecondPerAddress: perSecond(
    'The same for one client address (of IPv6, for the first 64 bits of it).',
  ),
}

/** How much may be published; each bound lets through at once what one second may bring. */
export const publishRates = (over: string, client: string): PublishRates => ({
  messagesPerSecond: perSecond(`Messages a second over all clients. ${over}`),
  bytesPerSecond: bytesPerSecond('Their bytes.'),
  messagesPerSecondPerClient: perSecond(`Messages a second of one client, ${client}.`),
  bytesPerSecondPerClient: bytesPerSecond('Their bytes.'),
})
