import { createHmac } from 'node:crypto'
import { sha256Hex } from './canonical.ts'

export const ALGORITHM = 'AWS4-HMAC-SHA256'
export const TERMINATOR = 'aws4_request'

/** What a signing key is good for. */
export interface Scope {
  /** `20150830` */
  readonly day: string
  readonly region: string
  readonly service: string
}

function hmac(key: Buffer | string, text: string): Buffer {
  return createHmac('sha256', key).update(text, 'latin1').digest()
}

/** Source: IAM user guide, "Create a signed AWS API request", step 4. */
export function signingKey(secret: string, { day, region, service }: Scope): Buffer {
  return hmac(hmac(hmac(hmac(`AWS4${secret}`, day), region), service), TERMINATOR)
}

/** @param time `20150830T123600Z` */
export function stringToSign(time: string, { day, region, service }: Scope, canonical: string): string {
  return [ALGORITHM, time, [day, region, service, TERMINATOR].join('/'), sha256Hex(canonical)].join('\n')
}

export function sign(key: Buffer, toSign: string): Buffer {
  return hmac(key, toSign)
}
