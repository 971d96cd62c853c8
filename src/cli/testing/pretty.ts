import { type Paint, renderExcerpt, visible } from '../../explain/index.ts'
import { type CaseResult, type DiffLine, type FileReport, type Mismatch } from '../../testing/index.ts'
import { renderDocumentFault } from '../diagnostics.ts'
import { coverageText } from './coverage-text.ts'
import { type Look, type Reporter, type RunReport } from './report.ts'

/** For people: a line for each file, then what failed with its differences and why, then the counts. */
export const pretty: Reporter = (report, look) => {
  const { paint } = look
  const failed = report.files.flatMap((file) => failuresOf(file, look))
  return [
    ...report.files.filter(hasAnything).map((file) => fileLine(file, paint)),
    ...failed.map((text) => `\n${text}`),
    '',
    ...(report.coverage === undefined ? [] : [coverageText(report.coverage, look), '']),
    summaryLine(report, paint),
  ].join('\n')
}

function hasAnything({ results, faults }: FileReport): boolean {
  return results.length > 0 || faults.length > 0
}

function fileLine({ file, results, faults }: FileReport, paint: Paint): string {
  const failed = results.filter(({ status }) => status === 'failed').length
  const skipped = results.filter(({ status }) => status === 'skipped').length
  const parts = [
    counted(results.length, 'case'),
    ...(failed > 0 ? [`${failed} failed`] : []),
    ...(skipped > 0 ? [`${skipped} skipped`] : []),
    ...(faults.length > 0 ? [counted(faults.length, 'fault')] : []),
  ]
  const isGood = failed === 0 && faults.length === 0
  return `${isGood ? paint('good', '✓') : paint('bad', '✗')} ${file} ${paint('quiet', `(${parts.join(', ')})`)}`
}

function failuresOf({ file, results, faults }: FileReport, look: Look): string[] {
  const { paint } = look
  const told = faults.map((fault) => {
    const text = renderDocumentFault(fault, { file: fault.file, document: fault.document })
    return `${paint('bad', '✗')} ${text}`
  })
  const failed = results.filter(({ status }) => status === 'failed')
  return [...told, ...failed.map((result) => failureText(file, result, look))]
}

/** `✗ rules/hot.test.yaml:12:5 > hot > cold readings stay` with what was not met below it. */
function failureText(file: string, result: CaseResult, { paint, width }: Look): string {
  const { testCase, mismatches, explanation } = result
  const { position, name, rule } = testCase
  const place = position === undefined ? file : `${file}:${position.line}:${position.column}`
  const excerpt = explanation === undefined ? [] : renderExcerpt(explanation, { paint, width: width - 4 })
  return [
    `${paint('bad', '✗')} ${place} > ${rule.name} > ${paint('heading', visible(name))}`,
    ...mismatches.flatMap((each) => mismatchLines(each, paint)),
    ...(excerpt.length === 0 ? [] : ['', ...excerpt.map((line) => `    ${line}`.trimEnd())]),
  ].join('\n')
}

function mismatchLines({ message, lines }: Mismatch, paint: Paint): string[] {
  return [`    ${visible(message)}`, ...lines.map((line) => `      ${diffText(line, paint)}`)]
}

function diffText({ mark, text }: DiffLine, paint: Paint): string {
  const tone = mark === '-' ? 'bad' : mark === '+' ? 'good' : 'quiet'
  return paint(tone, `${mark} ${visible(text)}`)
}

function summaryLine({ counts, milliseconds }: RunReport, paint: Paint): string {
  const { passed, failed, skipped, faults, files } = counts
  const parts = [
    paint(passed > 0 ? 'good' : 'plain', `${passed} passed`),
    ...(failed > 0 ? [paint('bad', `${failed} failed`)] : []),
    ...(faults > 0 ? [paint('bad', counted(faults, 'fault'))] : []),
    ...(skipped > 0 ? [`${skipped} skipped`] : []),
  ]
  const legend = failed > 0 ? ` ${paint('quiet', '(- expected, + got)')}` : ''
  return `${parts.join(', ')} in ${counted(files, 'file')}, ${time(milliseconds)}${legend}`
}

export function counted(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`
}

export function time(milliseconds: number): string {
  return milliseconds < 1000 ? `${Math.ceil(milliseconds)} ms` : `${(milliseconds / 1000).toFixed(1)} s`
}
