/** The matching rules of AWS IoT as plainly as they can be put: the oracle for the trie. */
export function matchesNaively(filter: string, topic: string): boolean {
  const filterLevels = filter.split('/')
  const topicLevels = topic.split('/')
  const beginsWithWildcard = filterLevels[0] === '#' || filterLevels[0] === '+'
  if (beginsWithWildcard && topic.startsWith('$')) return false
  if (filterLevels.at(-1) === '#') {
    const fixed = filterLevels.slice(0, -1)
    return (
      topicLevels.length > fixed.length && fixed.every((level, index) => agrees(level, topicLevels[index]))
    )
  }
  return (
    filterLevels.length === topicLevels.length &&
    filterLevels.every((level, index) => agrees(level, topicLevels[index]))
  )
}

function agrees(level: string, found: string | undefined): boolean {
  return level === '+' || level === found
}
