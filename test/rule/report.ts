import { type Diagnostic } from '../../src/errors.ts'
import { compileRule, type CompiledRule, type CompileOptions } from '../../src/rule/index.ts'

/** Diagnostics as lines of text: `error CODE path@line:column: message (hint)`. */
export function reportOf(diagnostics: readonly Diagnostic[]): string[] {
  return diagnostics.map(({ severity, code, path, sqlLine, sqlColumn, message, hint }) => {
    const place = sqlLine === undefined ? '' : `@${sqlLine}:${sqlColumn}`
    return `${severity} ${code} ${path ?? ''}${place}: ${message}${hint === undefined ? '' : ` (${hint})`}`
  })
}

/** What compiling says about a document, accepted or not. */
export function report(document: unknown, options: CompileOptions = { name: 'r' }): string[] {
  const result = compileRule(document, options)
  return reportOf(result.ok ? result.warnings : result.diagnostics)
}

export function compiled(document: unknown, options: CompileOptions = { name: 'r' }): CompiledRule {
  const result = compileRule(document, options)
  if (!result.ok) throw new Error(reportOf(result.diagnostics).join('\n'))
  return result.rule
}

const TLS = { name: 'r', extensions: ['PLAINTEXT'] }

/** Options that allow what `kafka()` makes. */
export const plaintext: CompileOptions = TLS

/** A Kafka action without fault, and with `more`. */
export function kafka(more: Record<string, unknown> = {}, properties: Record<string, unknown> = {}): unknown {
  return {
    kafka: {
      destinationArn: 'arn:aws:iot:eu-central-1:123456789012:ruledestination/vpc/1',
      topic: 'out',
      clientProperties: {
        acks: 'all',
        'bootstrap.servers': 'localhost:9092',
        'security.protocol': 'PLAINTEXT',
        ...properties,
      },
      ...more,
    },
  }
}

/** A payload without fault, and with `more`. */
export function payload(more: Record<string, unknown> = {}): Record<string, unknown> {
  return { sql: "SELECT * FROM 'a/b'", awsIotSqlVersion: '2016-03-23', actions: [], ...more }
}
