import { type ErrorCode } from '../../../errors.ts'

/** Which of the properties that make a store is to blame. */
export type StorePart = 'store' | 'password' | 'key-password'

/** Why a store is not taken; `message` is the end of the sentence "<property> …". Caught at the door of this folder. */
export class StoreRefusal extends Error {
  readonly code: ErrorCode
  readonly part: StorePart

  constructor(code: ErrorCode, reason: string, part: StorePart = 'store') {
    super(reason)
    this.code = code
    this.part = part
  }
}

export function corrupt(reason = 'is damaged: its bytes are not what its format asks for.'): StoreRefusal {
  return new StoreRefusal('KAFKA_STORE_CORRUPT', reason)
}

export function unsupportedAlgorithm(what: string, oid: string): StoreRefusal {
  return new StoreRefusal(
    'KAFKA_STORE_ALGORITHM',
    `is protected with ${what} ${oid}, which is not supported; write it again with PBES2 and AES (keytool and openssl do so by themselves).`,
  )
}
