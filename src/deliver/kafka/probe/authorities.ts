import { readFileSync } from 'node:fs'
import { rootCertificates } from 'node:tls'

/** Where systems keep the certificates they trust; OpenSSL, which librdkafka uses, reads the same. */
const FILES = [
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/pki/tls/certs/ca-bundle.crt',
  '/etc/ssl/ca-bundle.pem',
  '/etc/ssl/cert.pem',
]

/** What is trusted where a rule has no truststore. */
export function systemAuthorities(): string | readonly string[] {
  for (const file of [process.env['SSL_CERT_FILE'] ?? [], FILES].flat()) {
    try {
      return readFileSync(file, 'utf8')
    } catch {
      // The next one.
    }
  }
  return rootCertificates
}
