/**
 * Says why a topic filter does not match a topic, or undefined when it does. Levels count from 1.
 * Agrees with `TopicTrie`; for messages to people.
 */
export function whyUnmatched(filter: string, topic: string): string | undefined {
  const wanted = filter.split('/')
  const given = topic.split('/')
  if (topic.startsWith('$') && (wanted[0] === '#' || wanted[0] === '+')) {
    return `the topic begins with $, which '${wanted[0]}' at the first level of the filter does not match`
  }
  for (const [index, level] of wanted.entries()) {
    if (level === '#') return index < given.length ? undefined : beyondTopic(index, "'#'")
    if (index >= given.length) return beyondTopic(index, quotedLevel(level))
    if (level !== '+' && level !== given[index]) return differs(index, level, given[index]!)
  }
  if (given.length === wanted.length) return undefined
  return `the filter ends after level ${wanted.length}, the topic goes on with ${quotedLevel(given[wanted.length]!)}`
}

function beyondTopic(index: number, level: string): string {
  return `the topic ends after level ${index}, the filter wants a level ${index + 1}: ${level}`
}

function differs(index: number, level: string, given: string): string {
  const place = `level ${index + 1} is ${quotedLevel(given)} in the topic and ${quotedLevel(level)} in the filter`
  if (given.toLowerCase() === level.toLowerCase()) return `${place}: case counts`
  if (index > 0 || (given !== '' && level !== '')) return place
  const [one, other] = level === '' ? ['filter', 'topic'] : ['topic', 'filter']
  return `the ${one} begins with /, the ${other} does not: ${place}`
}

function quotedLevel(level: string): string {
  return `'${level.length > 60 ? `${level.slice(0, 59)}…` : level}'`
}
