import { type Diagnostic, errorCatalogue } from '../errors.ts'

/** `file:12:5 error SQL_SYNTAX: …` with the hint, or the catalogue's remedy, below. */
export function renderFault(diagnostic: Diagnostic, file?: string): string {
  const { code, severity, message, line, column, hint, path, sqlLine, sqlColumn } = diagnostic
  const place = [file, line, column].filter((part) => part !== undefined).join(':')
  const within = sqlLine === undefined ? '' : `, line ${sqlLine}, column ${sqlColumn}`
  const where = path === undefined || message.includes(path) ? '' : ` (${path}${within})`
  const { class: kind, remedy } = errorCatalogue[code]
  const advice = hint ?? (severity === 'error' || kind === 'start' ? remedy : undefined)
  return `${place === '' ? '' : `${place} `}${severity} ${code}: ${message}${where}${advice === undefined ? '' : `\n    ${advice}`}`
}
