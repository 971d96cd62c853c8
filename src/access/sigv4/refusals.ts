import { type AccessRefusal } from '../access.ts'

/**
 * The errors of AWS's common runtime, all with status 403; their names come in `x-amzn-errortype`. A request whose
 * time is over is an InvalidSignatureException there, too.
 */
export type AccessError =
  | 'MissingAuthenticationTokenException'
  | 'IncompleteSignatureException'
  | 'InvalidSignatureException'
  | 'UnrecognizedClientException'

export function refuse(error: AccessError, message: string): AccessRefusal {
  return { ok: false, status: 403, error, message }
}

export function incomplete(message: string): AccessRefusal {
  return refuse('IncompleteSignatureException', message)
}

export function invalid(message: string): AccessRefusal {
  return refuse('InvalidSignatureException', message)
}

export const mismatch = invalid(
  'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.',
)

export const unknownKey = refuse(
  'UnrecognizedClientException',
  'The security token included in the request is invalid.',
)
