import rdkafka from 'node-rdkafka'

// A CommonJS module whose names Node cannot see beforehand.
const { features } = rdkafka

/** What the product needs of librdkafka's build, and what each is for. */
const NEEDED: Readonly<Record<string, string>> = {
  ssl: 'TLS',
  sasl_plain: 'sasl.mechanism PLAIN',
  sasl_scram: 'sasl.mechanism SCRAM-SHA-512',
  sasl_gssapi: 'sasl.mechanism GSSAPI',
  oidc: 'sasl.mechanism OAUTHBEARER',
  gzip: 'compression.type gzip',
  snappy: 'compression.type snappy',
  lz4: 'compression.type lz4',
  zstd: 'compression.type zstd',
}

/** What cannot work with this build of librdkafka, by feature and purpose; empty when everything can. */
export function missingFeatures(built: readonly string[] = features): readonly string[] {
  return Object.entries(NEEDED)
    .filter(([feature]) => !built.includes(feature))
    .map(([feature, purpose]) => `${feature} (${purpose})`)
}
