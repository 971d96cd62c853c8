/**
 * The one catalogue of stable codes. A released code is never reused for another meaning.
 * `class` says whose fault a failure on the message path is (docs/architecture.md, failure): `message` and `rule`
 * failures settle the message at once, `environment` failures withhold the acknowledgement; `define` codes occur
 * only when a document or a configuration is read; `start` codes end the process before it serves.
 */
export interface ErrorSpec {
  readonly class: 'define' | 'start' | 'message' | 'rule' | 'environment' | 'protocol'
  /** What happened, one sentence, for the reference page. */
  readonly summary: string
  /** What to do about it, one sentence. */
  readonly remedy: string
}

export const errorCatalogue = {
  // ---- configuration (config, store, cli)
  // ---- rule documents (rule)
  // ---- AWS IoT SQL (sql)
  // ---- templates (render)
  // ---- MQTT ingest (ingest)
  // ---- delivery (deliver, engine)
} as const satisfies Record<string, ErrorSpec>

export type ErrorCode = keyof typeof errorCatalogue

/** One fault or warning in a document, as `check --format json` prints it. Lines and columns count from 1. */
export interface Diagnostic {
  readonly code: ErrorCode
  readonly severity: 'error' | 'warning'
  /** A clear sentence: what, where, and what to do. Never a secret. */
  readonly message: string
  /** Field path inside the document, e.g. `actions[0].kafka.topic`. */
  readonly path?: string
  readonly line?: number
  readonly column?: number
  /** Position inside the SQL statement or template body. */
  readonly sqlLine?: number
  readonly sqlColumn?: number
  readonly hint?: string
}

/** Why a delivery or a rendering failed: a value on the message path, never thrown. */
export interface Failure {
  readonly code: ErrorCode
  readonly class: 'message' | 'rule' | 'environment'
  /** The resource that failed as the error action names it (Kafka topic or bootstrap servers). */
  readonly resource: string
  readonly message: string
}
