import { type Paint, visible } from '../../explain/index.ts'

/** A line of a tap, as far as it is shown; see docs/tap-and-replay.md. */
export interface TapLine {
  readonly topic: string
  readonly payload?: string
  readonly payloadBase64?: string
  readonly payloadBytes?: number
  readonly clientId?: string
  readonly timestamp: number
  readonly qos?: number
  readonly retain?: boolean
  readonly republished?: number
  readonly pending?: boolean
  readonly settlement?: string
  readonly ms?: number
  readonly rules?: readonly TapRule[]
}

interface TapRule {
  readonly rule: string
  readonly selected: boolean
  readonly why?: string
  readonly error?: TapFailure
  readonly actions?: readonly TapAction[]
}

interface TapAction {
  readonly action: string
  readonly kafka?: {
    readonly topic: string
    readonly partition: number | null
    readonly offset?: number
    readonly key: string | null
  }
  readonly republish?: { readonly topic: string }
  readonly pending?: boolean
  readonly error?: TapFailure
}

interface TapFailure {
  readonly code: string
  readonly message?: string
}

const LONGEST_PAYLOAD = 1_000

/** A message with what became of it, some lines of text. */
export function tapText(line: TapLine, paint: Paint): string {
  const rules = (line.rules ?? []).flatMap((rule) => ruleLines(rule, paint))
  if (rules.length === 0) rules.push(paint('quiet', '    no rule takes this topic'))
  return [headLine(line, paint), payloadLine(line), ...rules, ...endLine(line, paint)].join('\n')
}

function headLine(
  { topic, clientId, timestamp, qos = 0, retain, republished }: TapLine,
  paint: Paint,
): string {
  const time = new Date(timestamp).toISOString().slice(11, 23)
  const parts = [
    paint('quiet', time),
    paint('heading', visible(topic)),
    ...(clientId === undefined ? [] : [visible(clientId)]),
    paint(
      'quiet',
      `QoS ${qos}${retain === true ? ', retain' : ''}${republished === undefined ? '' : ', republished'}`,
    ),
  ]
  return parts.join('  ')
}

function payloadLine({ payload, payloadBase64, payloadBytes }: TapLine): string {
  const text =
    payload ??
    (payloadBase64 === undefined
      ? `(${payloadBytes ?? 0} bytes, not shown to you)`
      : `${payloadBase64} (base64)`)
  return `    ${cut(visible(text), LONGEST_PAYLOAD)}`
}

function ruleLines({ rule, selected, why, error, actions = [] }: TapRule, paint: Paint): string[] {
  const name = visible(rule)
  if (error !== undefined && actions.length === 0) return [paint('bad', `  ! ${name}  ${failureText(error)}`)]
  if (!selected && error === undefined)
    return [
      `  ${paint('undefined', '-')} ${name}  ${paint('quiet', `WHERE ${visible(why ?? 'is not true')}`)}`,
    ]
  if (actions.length === 0) return [`  ${paint('good', '+')} ${name}  ${paint('quiet', 'no actions')}`]
  return actions.map((action) => actionLine(name, action, paint))
}

function actionLine(
  rule: string,
  { action, kafka, republish, pending, error }: TapAction,
  paint: Paint,
): string {
  const label = `${rule}  ${action}`
  if (error !== undefined) return paint('bad', `  ! ${label}  ${failureText(error)}`)
  const mark = pending === true ? paint('undefined', '…') : paint('good', '+')
  const where = kafka === undefined ? `to ${visible(republish?.topic ?? '')}` : recordText(kafka)
  return `  ${mark} ${label}  ${where}${pending === true ? paint('undefined', '  on its way') : ''}`
}

function recordText({ topic, partition, offset, key }: NonNullable<TapAction['kafka']>): string {
  const place = `${visible(topic)}${partition === null ? '' : `[${partition}]`}${offset === undefined ? '' : `@${offset}`}`
  return key === null ? place : `${place}  key ${visible(key)}`
}

function failureText({ code, message }: TapFailure): string {
  return message === undefined ? code : `${code}: ${visible(message)}`
}

function endLine({ settlement, ms, pending }: TapLine, paint: Paint): string[] {
  if (pending === true) return [paint('undefined', '    not settled yet')]
  if (settlement === 'withheld') return [paint('bad', '    withheld: the device has to send it again')]
  return ms === undefined ? [] : [paint('quiet', `    settled after ${ms} ms`)]
}

function cut(text: string, longest: number): string {
  return text.length <= longest ? text : `${text.slice(0, longest)}… (${text.length} characters)`
}
