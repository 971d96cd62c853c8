import { isAbsolute } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type Diagnostic, errorCatalogue, type ErrorCode } from '../../errors.ts'
import { type Checked } from './rule.ts'

/**
 * The diagnostics in the format that code scanning services read.
 * Source: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
 */
export function sarifOf(checked: readonly Checked[], version: string): object {
  const codes = [...new Set(checked.flatMap(({ diagnostics }) => diagnostics.map(({ code }) => code)))].sort()
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'topicrule', version, rules: codes.map(ruleOf) } },
        columnKind: 'utf16CodeUnits',
        results: checked.flatMap((entry) => entry.diagnostics.map((each) => resultOf(entry, each, codes))),
      },
    ],
  }
}

function ruleOf(code: ErrorCode): object {
  const { summary, remedy } = errorCatalogue[code]
  return { id: code, shortDescription: { text: summary }, help: { text: remedy } }
}

function resultOf({ file, rule }: Checked, diagnostic: Diagnostic, codes: readonly ErrorCode[]): object {
  const { code, severity, message, hint, line, column, path } = diagnostic
  const region = line === undefined ? {} : { region: { startLine: line, startColumn: column } }
  const names = [rule, path].filter((each) => each !== null && each !== undefined)
  return {
    ruleId: code,
    ruleIndex: codes.indexOf(code),
    level: severity,
    message: { text: hint === undefined ? message : `${message} ${hint}` },
    locations: [
      {
        physicalLocation: { artifactLocation: { uri: uriOf(file) }, ...region },
        ...(names.length === 0 ? {} : { logicalLocations: [{ fullyQualifiedName: names.join(': ') }] }),
      },
    ],
  }
}

function uriOf(file: string): string {
  if (file === '-') return 'stdin'
  if (isAbsolute(file)) return pathToFileURL(file).href
  return file
    .replace(/^(?:\.\/)+/, '')
    .split(/[/\\]/)
    .map(encodeURIComponent)
    .join('/')
}
