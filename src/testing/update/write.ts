import { isObject, quoted, type Value, writeJson } from '../../value/index.ts'

/** Texts that YAML would not read as text. */
const RESERVED = /^(?:true|false|null|yes|no|on|off|y|n)$/i
const PLAIN = /^[A-Za-z_$][\w./$-]*(?: [\w./$-]+)*$/
const SHORT = 60

/** A value on one line, as flow style of YAML. */
export function flowYaml(value: Value): string {
  if (isObject(value)) {
    const members = [...value].map(([key, member]) => `${plain(key)}: ${flowYaml(member)}`)
    return members.length === 0 ? '{}' : `{ ${members.join(', ')} }`
  }
  if (Array.isArray(value)) return `[${(value as readonly Value[]).map(flowYaml).join(', ')}]`
  return scalar(value)
}

/** What stands behind the colon of a key at column `indent`, a blank or a line break first. */
export function blockYaml(value: Value, indent: number, comment: string | undefined): string {
  const behind = comment === undefined ? '' : ` ${comment}`
  const flow = flowYaml(value)
  const isInline = !isNested(value) || (flow.length <= SHORT && isFlat(value))
  if (isInline) return ` ${flow}${behind}`
  return `${behind}\n${blockLines(value, indent + 2).join('\n')}`
}

function blockLines(value: Value, indent: number): string[] {
  const pad = ' '.repeat(indent)
  if (isObject(value)) {
    return [...value].map(([key, member]) => `${pad}${plain(key)}:${blockYaml(member, indent, undefined)}`)
  }
  return (value as readonly Value[]).flatMap((each) => {
    if (!isNested(each) || isFlat(each)) return [`${pad}- ${flowYaml(each)}`]
    const [first = '', ...rest] = blockLines(each, indent + 2)
    return [`${pad}- ${first.trimStart()}`, ...rest]
  })
}

/** Whether a value has members or elements. */
function isNested(value: Value): boolean {
  return (isObject(value) && value.size > 0) || (Array.isArray(value) && value.length > 0)
}

function isFlat(value: Value): boolean {
  const inner = isObject(value)
    ? [...value.values()]
    : Array.isArray(value)
      ? (value as readonly Value[])
      : []
  return !inner.some(isNested)
}

function plain(text: string): string {
  return PLAIN.test(text) && !RESERVED.test(text) ? text : quoted(text)
}

function scalar(value: Value): string {
  return typeof value === 'string' ? plain(value) : (writeJson(value) ?? 'null')
}

/** JSON over several lines, of which those after the first begin at `indent`; without it, on one line. */
export function prettyJson(value: Value, indent: number | undefined): string {
  if (indent === undefined || !isNested(value)) return oneLine(value)
  const pad = ' '.repeat(indent)
  const inner = isObject(value)
    ? [...value].map(([key, member]) => `${quoted(key)}: ${prettyJson(member, indent + 2)}`)
    : (value as readonly Value[]).map((each) => prettyJson(each, indent + 2))
  const [open, close] = isObject(value) ? ['{', '}'] : ['[', ']']
  return `${open}\n${inner.map((line) => `${pad}  ${line}`).join(',\n')}\n${pad}${close}`
}

function oneLine(value: Value): string {
  if (isObject(value)) {
    return `{${[...value].map(([key, member]) => `${quoted(key)}: ${oneLine(member)}`).join(', ')}}`
  }
  if (Array.isArray(value)) return `[${(value as readonly Value[]).map(oneLine).join(', ')}]`
  return writeJson(value) ?? 'null'
}
