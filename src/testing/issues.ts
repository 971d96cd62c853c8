import { z } from 'zod'
import { inWords, pathText } from '../config/index.ts'
import { type Diagnostic } from '../errors.ts'
import { nearest } from '../nearest.ts'
import { type TestDocument } from './document.ts'
import { type TestFileData, testFileSchema } from './schema.ts'

interface JsonSchema {
  readonly properties?: Readonly<Record<string, JsonSchema>>
  readonly additionalProperties?: JsonSchema | boolean
  readonly items?: JsonSchema
  readonly anyOf?: readonly JsonSchema[]
}

let jsonSchema: JsonSchema | undefined

/** Checks plain data against the schema of test files; what is wrong is told with its place, all of it at once. */
export function checkTestFile(
  data: unknown,
  document: Pick<TestDocument, 'locate'>,
  prefix: readonly (string | number)[] = [],
):
  { readonly data: TestFileData; readonly faults: readonly [] } | { readonly faults: readonly Diagnostic[] } {
  const parsed = testFileSchema.safeParse(data, { error: inWords })
  if (parsed.success) return { data: parsed.data, faults: [] }
  return { faults: parsed.error.issues.flatMap((issue) => describe(issue, [], document, prefix)) }
}

function describe(
  issue: z.core.$ZodIssue,
  above: readonly PropertyKey[],
  document: Pick<TestDocument, 'locate'>,
  prefix: readonly (string | number)[],
): Diagnostic[] {
  const path = [...above, ...issue.path] as (string | number)[]
  const locate = (inner: readonly (string | number)[]): Partial<Diagnostic> => {
    const shown = inner.slice(prefix.length)
    return { path: pathText(shown), ...document.locate(shown) }
  }
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => {
      const guess = nearest(key, keysAt(path))
      return {
        code: 'TEST_KEY_UNKNOWN',
        severity: 'error',
        message: `${pathText([...path, key].slice(prefix.length))} is not a key of test files.`,
        ...locate([...path, key]),
        hint: guess === undefined ? `Known here: ${keysAt(path).join(', ')}.` : `Did you mean "${guess}"?`,
      }
    })
  }
  if (issue.code === 'invalid_union') {
    const branch = nearestBranch(issue.errors)
    if (branch !== undefined) return branch.flatMap((inner) => describe(inner, path, document, prefix))
  }
  const reason = issue.code === 'invalid_union' ? alternatives(issue.errors) : issue.message
  const message = `${pathText(path.slice(prefix.length)) || 'The file'} ${reason}.`
  return [{ code: 'TEST_INVALID', severity: 'error', message, ...locate(path) }]
}

/** The alternative that the value was meant for: the one that finds fault with a part of it, not with all of it. */
function nearestBranch(branches: readonly z.core.$ZodIssue[][]): z.core.$ZodIssue[] | undefined {
  return branches.find((issues) =>
    issues.some(({ path, code }) => path.length > 0 || code === 'unrecognized_keys'),
  )
}

function alternatives(branches: readonly z.core.$ZodIssue[][]): string {
  const reasons = branches.flatMap((issues) => issues.map(({ message }) => message))
  const wanted = reasons.map((reason) => reason.replace(/^must be /, '').replace(/, not .*$/, ''))
  const found = reasons.map((reason) => /, not (.*)$/.exec(reason)?.[1]).find((each) => each !== undefined)
  return `must be ${[...new Set(wanted)].join(' or ')}${found === undefined ? '' : `, not ${found}`}`
}

/** The keys that the schema has at a path. */
function keysAt(path: readonly (string | number)[]): readonly string[] {
  jsonSchema ??= z.toJSONSchema(testFileSchema, { io: 'input' }) as JsonSchema
  let nodes: readonly JsonSchema[] = [jsonSchema]
  for (const step of path) {
    nodes = nodes.flatMap(alternativesOf).flatMap((node) => {
      const inner = typeof step === 'number' ? node.items : (node.properties?.[step] ?? valuesOf(node))
      return inner === undefined ? [] : [inner]
    })
  }
  return nodes.flatMap(alternativesOf).flatMap(({ properties = {} }) => Object.keys(properties))
}

function alternativesOf(node: JsonSchema): readonly JsonSchema[] {
  return node.anyOf?.flatMap(alternativesOf) ?? [node]
}

function valuesOf({ additionalProperties }: JsonSchema): JsonSchema | undefined {
  return typeof additionalProperties === 'object' ? additionalProperties : undefined
}
