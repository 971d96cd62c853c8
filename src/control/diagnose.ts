import { type Diagnostic } from '../errors.ts'
import { ControlError } from './errors.ts'

const MAX_SHOWN = 10
const MAX_TEXT = 4_000

/** What AWS's client is told of a document that is no rule: every fault with its field, place and hint. */
export function refusedDocument(diagnostics: readonly Diagnostic[]): ControlError {
  const faults = diagnostics.filter(({ severity }) => severity === 'error')
  const shown = faults.slice(0, MAX_SHOWN).map(textOf)
  if (faults.length > MAX_SHOWN) shown.push(`… and ${faults.length - MAX_SHOWN} more.`)
  return new ControlError(nameOf(faults), shown.join('\n').slice(0, MAX_TEXT))
}

/** AWS looks at the shape of a document before it reads the statement and the templates. */
function nameOf(faults: readonly Diagnostic[]): 'SqlParseException' | 'InvalidRequestException' {
  const isSql = faults.length > 0 && faults.every(({ sqlLine }) => sqlLine !== undefined)
  return isSql ? 'SqlParseException' : 'InvalidRequestException'
}

function textOf({ code, message, path, sqlLine, sqlColumn, hint }: Diagnostic): string {
  const place = sqlLine === undefined ? '' : `${path ?? 'sql'}, line ${sqlLine}, column ${sqlColumn ?? 1}: `
  return `${place}${message}${hint === undefined ? '' : ` ${hint}`} [${code}]`
}
