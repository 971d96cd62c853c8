import { Composer, type CST, type Document, LineCounter, Parser } from 'yaml'

export interface YamlText {
  readonly documents: readonly Document[]
  readonly lines: LineCounter
}

/** Deep enough for any document; the composer recurses, and a process that runs out of stack in it dies. */
const MAX_DEPTH = 200

/** Parses a YAML stream (JSON is a part of YAML); undefined when it is nested more than 200 levels deep. */
export function readYaml(text: string): YamlText | undefined {
  const lines = new LineCounter()
  const tokens = [...new Parser(lines.addNewLine).parse(text)]
  if (tokens.some(isTooDeep)) return undefined
  return { documents: [...new Composer({ prettyErrors: false }).compose(tokens)], lines }
}

/** Walks without recursion. */
function isTooDeep(root: CST.Token): boolean {
  let level: readonly CST.Token[] = [root]
  for (let depth = 0; depth <= MAX_DEPTH; depth += 1) {
    level = level.flatMap(childrenOf)
    if (level.length === 0) return false
  }
  return true
}

function childrenOf(token: CST.Token): CST.Token[] {
  if (token.type === 'document') return token.value === undefined ? [] : [token.value]
  if (!('items' in token)) return []
  return token.items.flatMap(({ key, value }) =>
    [key, value].filter((part) => part !== undefined && part !== null),
  )
}
