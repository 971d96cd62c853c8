import { isUtf8 } from 'node:buffer'
import { readMessage, resultLine, type Rule, type RuleResult } from '../../dryrun/index.ts'
import { type Failure } from '../../errors.ts'
import { LineSplitter } from './line-splitter.ts'

/** Longest line in bytes; longer ones are passed over without being held. */
export const MAX_LINE = 16 * 1024 * 1024
/** Results are written when they have about this many characters. */
const BATCH = 64 * 1024

/** Takes text; resolves when there is room for more, to false when nobody reads any more. */
export type Write = (text: string) => Promise<boolean>

export interface LineCounts {
  /** With those that are empty. */
  lines: number
  unreadable: number
}

/**
 * Evaluates one message a line and writes one result a line, in order. A line that is no message becomes a result with
 * `error`; empty lines are passed over. Holds one chunk, one line and one batch of results.
 */
export async function evaluateLines(
  rule: Rule,
  input: AsyncIterable<Buffer>,
  write: Write,
): Promise<LineCounts> {
  const counts: LineCounts = { lines: 0, unreadable: 0 }
  const splitter = new LineSplitter(MAX_LINE)
  let batch = ''
  const evaluateAll = async (lines: Iterable<Buffer | undefined>): Promise<boolean> => {
    for (const line of lines) {
      counts.lines += 1
      if (line !== undefined && isBlank(line)) continue
      const result = evaluateLine(rule, line, counts)
      batch += `${resultLine(result instanceof Promise ? await result : result)}\n`
      if (batch.length < BATCH) continue
      const full = batch
      batch = ''
      if (!(await write(full))) return false
    }
    return true
  }
  for await (const chunk of input) {
    if (!(await evaluateAll(splitter.push(chunk)))) return counts
  }
  if (await evaluateAll(splitter.end())) await write(batch)
  return counts
}

/** Whether it holds nothing but spaces, tabs and the carriage return before its end. */
function isBlank(line: Buffer): boolean {
  return line.every((byte) => byte === 0x20 || byte === 0x09 || byte === 0x0d)
}

/** `line` is undefined where it was too long. */
function evaluateLine(
  rule: Rule,
  line: Buffer | undefined,
  counts: LineCounts,
): RuleResult | Promise<RuleResult> {
  const read = readLine(line)
  if (read.ok) return rule.run(read.message)
  counts.unreadable += 1
  const error: Failure & { action: string } = {
    code: 'EVAL_LINE_INVALID',
    class: 'message',
    action: 'input',
    resource: `line ${counts.lines}`,
    message: `Line ${counts.lines} is no message: ${read.reason}.`,
  }
  return { matched: false, selected: false, actions: [], error }
}

function readLine(line: Buffer | undefined): ReturnType<typeof readMessage> {
  if (line === undefined) return { ok: false, reason: `it has more than ${MAX_LINE} bytes` }
  return isUtf8(line) ? readMessage(line.toString('utf8')) : { ok: false, reason: 'it is not UTF-8' }
}
