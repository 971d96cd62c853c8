/**
 * Bounds of a topic or filter: what MQTT can carry. AWS's own limits (256 bytes, 7 slashes) are not enforced,
 * since nothing here breaks beyond them; `exceedsAwsLimits` reports them.
 */
const MAX_BYTES = 65_535
/** Matching descends one call per level of a filter. */
const MAX_LEVELS = 128
const AWS_MAX_BYTES = 256
const AWS_MAX_SLASHES = 7
const BASIC_INGEST = '$aws/rules/'

/**
 * Says why a topic filter cannot be used, or undefined when it can.
 * Source: MQTT 5.0 section 4.7, https://docs.aws.amazon.com/iot/latest/developerguide/topics.html
 */
export function checkFilter(filter: string): string | undefined {
  const fault = checkText(filter, 'topic filter')
  if (fault !== undefined) return fault
  const levels = filter.split('/')
  if (levels.length > MAX_LEVELS)
    return `the topic filter has ${levels.length} levels, the most is ${MAX_LEVELS}`
  for (const [index, level] of levels.entries()) {
    if (level === '#' && index < levels.length - 1)
      return `'#' must be the last level, but '/${levels[index + 1]}' follows it`
    if (level.length > 1 && level.includes('#'))
      return `'#' must stand alone in its level, not as in '${level}'`
    if (level.length > 1 && level.includes('+'))
      return `'+' must stand alone in its level, not as in '${level}'`
  }
  return undefined
}

/** Says why a message cannot be published to a topic, or undefined when it can. Source: MQTT 5.0 section 4.7. */
export function checkTopic(topic: string): string | undefined {
  const fault = checkText(topic, 'topic')
  if (fault !== undefined) return fault
  if (topic.includes('#')) return "a topic must not contain the wildcard '#'"
  if (topic.includes('+')) return "a topic must not contain the wildcard '+'"
  return undefined
}

/**
 * Says which of AWS's limits on topics and filters is exceeded, if any.
 * Source: https://docs.aws.amazon.com/general/latest/gr/iot-core.html (topic length, slashes in topic and filter)
 */
export function exceedsAwsLimits(filter: string): string | undefined {
  const bytes = Buffer.byteLength(filter)
  if (bytes > AWS_MAX_BYTES) return `it has ${bytes} bytes, AWS IoT takes at most ${AWS_MAX_BYTES}`
  const slashes = filter.split('/').length - 1
  if (slashes > AWS_MAX_SLASHES) return `it has ${slashes} slashes, AWS IoT takes at most ${AWS_MAX_SLASHES}`
  return undefined
}

function checkText(text: string, what: string): string | undefined {
  if (text === '') return `the ${what} is empty`
  if (text.includes('\0')) return `the ${what} contains the character U+0000`
  if (/\p{Surrogate}/u.test(text)) return `the ${what} contains a lone surrogate, which UTF-8 cannot carry`
  // Only a text of more than a third of the bound can exceed it.
  if (text.length * 3 > MAX_BYTES && Buffer.byteLength(text) > MAX_BYTES)
    return `the ${what} is longer than ${MAX_BYTES} bytes`
  return undefined
}

/** The one rule that a Basic Ingest topic names, and the topic as that rule sees it (empty when nothing follows). */
export interface BasicIngest {
  readonly ruleName: string
  readonly topic: string
}

/**
 * Splits `$aws/rules/<ruleName>/<topic>`; undefined for any other topic.
 * The named rule alone runs, whatever its FROM filter says, and no other rule sees the message.
 * Source: https://docs.aws.amazon.com/iot/latest/developerguide/iot-basic-ingest.html
 */
export function basicIngest(topic: string): BasicIngest | undefined {
  if (!topic.startsWith(BASIC_INGEST)) return undefined
  const slash = topic.indexOf('/', BASIC_INGEST.length)
  if (slash === -1) return { ruleName: topic.slice(BASIC_INGEST.length), topic: '' }
  return { ruleName: topic.slice(BASIC_INGEST.length, slash), topic: topic.slice(slash + 1) }
}
