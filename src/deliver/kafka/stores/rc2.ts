import { createRequire } from 'node:module'

interface ForgeBuffer {
  getBytes(): string
}
interface ForgeRc2 {
  readonly rc2: {
    createDecryptionCipher(
      key: string,
      bits: number,
    ): {
      readonly output: ForgeBuffer
      start(iv: string): void
      update(input: ForgeBuffer): void
      finish(): boolean
    }
  }
  readonly util: { createBuffer(bytes: string): ForgeBuffer }
}

let forge: ForgeRc2 | undefined

/** RC2 in CBC mode, which Node's OpenSSL no longer has: undefined when the padding is wrong. RFC 2268. */
export function decryptRc2(key: Buffer, bits: number, iv: Buffer, bytes: Buffer): Buffer | undefined {
  forge ??= loadForge()
  const cipher = forge.rc2.createDecryptionCipher(key.toString('latin1'), bits)
  cipher.start(iv.toString('latin1'))
  cipher.update(forge.util.createBuffer(bytes.toString('latin1')))
  return cipher.finish() ? Buffer.from(cipher.output.getBytes(), 'latin1') : undefined
}

/** Loaded for the first store that needs it. */
function loadForge(): ForgeRc2 {
  const load = createRequire(import.meta.url)
  load('node-forge/lib/rc2')
  return load('node-forge/lib/forge') as ForgeRc2
}
