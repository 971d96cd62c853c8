import { type ErrorCode, type Failure } from '../errors.ts'

/** What a store of secrets holds under an id: text or bytes. */
export class Content {
  readonly #text: string | undefined
  readonly #bytes: Buffer | undefined
  /** True when the key of the look-up has been used to find this; then it is not looked for inside. */
  readonly keyUsed: boolean

  private constructor(text: string | undefined, bytes: Buffer | undefined, keyUsed: boolean) {
    this.#text = text
    this.#bytes = bytes
    this.keyUsed = keyUsed
  }

  static ofText(text: string): Content {
    return new Content(text, undefined, false)
  }

  static ofBytes(bytes: Buffer): Content {
    return new Content(undefined, bytes, false)
  }

  /** A file: bytes that may also be read as text. */
  static ofFile(bytes: Buffer, text: string | undefined, keyUsed: boolean): Content {
    return new Content(text, bytes, keyUsed)
  }

  get text(): string | undefined {
    return this.#text
  }

  get bytes(): Buffer | undefined {
    return this.#bytes
  }
}

export type Fetched =
  { readonly ok: true; readonly content: Content } | { readonly ok: false; readonly failure: Failure }

/** What is looked for; `id` without the prefix that chose the backend. */
export interface LookUp {
  readonly id: string
  readonly key: string | undefined
  readonly roleArn: string | undefined
}

/** One store of secrets (Secrets Manager, a directory, the environment). A vault would be one more of these. */
export interface SecretBackend {
  /** Whether different keys of one id are different look-ups. */
  readonly keyed: boolean
  /** Never rejects. */
  fetch(lookUp: LookUp): Promise<Fetched>
  close(): void
}

/** A failure of one secret; `sentence` says what, never a value. */
export function secretFailure(
  code: ErrorCode,
  whose: 'rule' | 'environment',
  id: string,
  sentence: string,
): { readonly ok: false; readonly failure: Failure } {
  const shown = shownId(id)
  return {
    ok: false,
    failure: { code, class: whose, resource: shown, message: `Secret ${shown}: ${sentence}` },
  }
}

/** An id as messages show it. */
function shownId(id: string): string {
  const text = id.length > 200 ? `${id.slice(0, 200)}…` : id
  return JSON.stringify(text)
}
