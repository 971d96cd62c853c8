import { renderExcerpt } from '../../explain/index.ts'
import { type CaseResult, type FileReport, type Mismatch } from '../../testing/index.ts'
import { renderFault } from '../diagnostics.ts'
import { type Reporter } from './report.ts'

/**
 * JUnit's XML, as CI servers read it: a suite for each file, a test case for each case.
 * Source: https://github.com/jenkinsci/xunit-plugin, junit-10.xsd
 */
export const junit: Reporter = ({ files, counts, milliseconds }) => {
  const all = counts.passed + counts.failed + counts.skipped + counts.faults
  const attributes = {
    name: 'topicrule test',
    tests: all,
    failures: counts.failed,
    errors: counts.faults,
    time: seconds(milliseconds),
  }
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites${attributesOf(attributes)}>`,
    ...files.flatMap(suite),
    '</testsuites>',
  ].join('\n')
}

function suite({ file, results, faults, milliseconds }: FileReport): string[] {
  const count = (status: CaseResult['status']): number =>
    results.filter((each) => each.status === status).length
  const attributes = {
    name: file,
    tests: results.length + faults.length,
    failures: count('failed'),
    errors: faults.length,
    skipped: count('skipped'),
    time: seconds(milliseconds),
    file,
  }
  return [
    `  <testsuite${attributesOf(attributes)}>`,
    ...faults.flatMap((fault) => [
      `    <testcase${attributesOf({ classname: file, name: fault.code, time: seconds(0) })}>`,
      `      <error${attributesOf({ type: fault.code, message: fault.message })}>${escaped(renderFault(fault, fault.file))}</error>`,
      '    </testcase>',
    ]),
    ...results.flatMap((result) => testcase(file, result)),
    '  </testsuite>',
  ]
}

function testcase(file: string, result: CaseResult): string[] {
  const { testCase, status, mismatches, milliseconds, explanation } = result
  const { name, rule, position } = testCase
  const attributes = {
    classname: `${file}.${rule.name}`,
    name,
    time: seconds(milliseconds),
  }
  const open = `    <testcase${attributesOf(attributes)}`
  if (status === 'passed') return [`${open}/>`]
  if (status === 'skipped') return [`${open}>`, '      <skipped/>', '    </testcase>']
  const message = mismatches.map((each) => each.message).join('; ')
  const why = explanation === undefined ? [] : renderExcerpt(explanation)
  const place = position === undefined ? [] : [`${file}:${position.line}:${position.column}`]
  const text = [...place, ...mismatches.map(textOf), ...(why.length === 0 ? [] : ['', ...why])].join('\n')
  return [
    `${open}>`,
    `      <failure${attributesOf({ type: mismatches[0]?.key ?? 'case', message })}>${escaped(text)}</failure>`,
    '    </testcase>',
  ]
}

function textOf({ message, lines }: Mismatch): string {
  return [message, ...lines.map(({ mark, text }) => `${mark} ${text}`)].join('\n')
}

function seconds(milliseconds: number): string {
  return (milliseconds / 1000).toFixed(3)
}

function attributesOf(attributes: Readonly<Record<string, string | number>>): string {
  return Object.entries(attributes)
    .map(
      ([key, value]) =>
        ` ${key}="${escaped(String(value)).replaceAll('\n', '&#10;').replaceAll('\t', '&#9;')}"`,
    )
    .join('')
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
}

const LONE_SURROGATE = /\p{Surrogate}/gu
/** Characters that XML 1.0 does not have, in any form. */
const IMPOSSIBLE = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g

function escaped(text: string): string {
  return text
    .replace(LONE_SURROGATE, '\ufffd')
    .replace(IMPOSSIBLE, '\ufffd')
    .replace(/[&<>"']/g, (character) => ENTITIES[character]!)
    .replaceAll('\r', '&#13;')
}
