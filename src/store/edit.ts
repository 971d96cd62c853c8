import { extname } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { type Document, isMap, isSeq, type Node } from 'yaml'
import { readYaml } from '../config/index.ts'
import { readDocuments } from './documents.ts'

export type EditResult =
  /** `text` is undefined when the file holds nothing any more. */
  { readonly ok: true; readonly text: string | undefined } | { readonly ok: false; readonly reason: string }

/**
 * Replaces the document at `index` of a file's text, or removes it where `value` is undefined. The other documents
 * stay as they are, comments included; the document itself keeps the comments of the fields that stay. Refuses where
 * the result would not read back as exactly that.
 */
export function editDocument(
  file: string,
  text: string,
  index: number,
  value: object | undefined,
): EditResult {
  const { documents, unread } = readDocuments(file, text)
  if (unread.length > 0)
    return { ok: false, reason: `${file} has a part that cannot be read; correct it by hand` }
  const wanted: unknown[] = documents.map(({ document }) => document)
  wanted.splice(index, 1, ...(value === undefined ? [] : [value]))
  if (wanted.length === 0) return { ok: true, text: undefined }
  const edited = isYaml(file, text) ? editYaml(text, index, value) : editJson(text, index, value)
  const found = edited === undefined ? [] : readDocuments(file, edited).documents
  const isSame = isDeepStrictEqual(
    found.map(({ document }) => document),
    wanted,
  )
  if (isSame) return { ok: true, text: edited }
  return { ok: false, reason: `${file} is written in a way that cannot be changed here; change it by hand` }
}

function isYaml(file: string, text: string): boolean {
  return extname(file) !== '.json' && !/^\uFEFF?\s*[{[]/.test(text)
}

function editJson(text: string, index: number, value: object | undefined): string | undefined {
  const clean = text.replace(/^\uFEFF/, '')
  let whole: unknown
  try {
    whole = JSON.parse(clean)
  } catch {
    return editLines(clean, index, value)
  }
  if (!Array.isArray(whole)) return value && `${JSON.stringify(value, undefined, 2)}\n`
  const items = whole as unknown[]
  return `${JSON.stringify(items.toSpliced(index, 1, ...(value === undefined ? [] : [value])), undefined, 2)}\n`
}

/** One JSON document a line; empty lines count for nothing, a line may hold an array. */
function editLines(text: string, index: number, value: object | undefined): string | undefined {
  let place = 0
  const lines = text.split('\n').flatMap((line) => {
    if (line.trim() === '') return [line]
    const item = JSON.parse(line) as unknown
    const at = index - place
    const count = Array.isArray(item) ? item.length : 1
    place += count
    if (at < 0 || at >= count) return [line]
    if (Array.isArray(item))
      return [JSON.stringify((item as unknown[]).toSpliced(at, 1, ...(value === undefined ? [] : [value])))]
    return value === undefined ? [] : [JSON.stringify(value)]
  })
  return lines.join('\n')
}

function editYaml(text: string, index: number, value: object | undefined): string | undefined {
  const yaml = readYaml(text)
  if (yaml === undefined) return undefined
  const { documents } = yaml
  let place = 0
  for (const [number, document] of documents.entries()) {
    const contents = document.contents as Node | null
    const isList = isSeq(contents)
    const count = isList ? contents.items.length : document.toJS() === null ? 0 : 1
    if (index < place + count) {
      if (isList) {
        if (value === undefined) document.deleteIn([index - place])
        else mergeAt(document, [index - place], value)
      } else if (value !== undefined) mergeAt(document, [], value)
      const from = number === 0 ? 0 : (document.range?.[0] ?? 0)
      const to = documents[number + 1]?.range?.[0] ?? text.length
      const isGone = value === undefined && !isList
      return text.slice(0, from) + (isGone ? '' : ownText(document)) + text.slice(to)
    }
    place += count
  }
  return undefined
}

function ownText(document: Document): string {
  return document.toString({ lineWidth: 0 })
}

type Path = readonly (string | number)[]

/** Makes what stands at `path` equal to `value`, touching what differs alone. */
function mergeAt(document: Document, path: Path, value: unknown): void {
  const node = path.length === 0 ? document.contents : document.getIn(path, true)
  if (isMap(node) && isPlainObject(value)) {
    const had = new Set(node.items.map(({ key }) => String((key as { value?: unknown } | null)?.value)))
    for (const key of had) if (!Object.hasOwn(value, key)) document.deleteIn([...path, key])
    for (const [key, item] of Object.entries(value)) mergeAt(document, [...path, key], item)
  } else if (isSeq(node) && Array.isArray(value)) {
    for (let index = node.items.length - 1; index >= value.length; index -= 1)
      document.deleteIn([...path, index])
    for (const [index, item] of value.entries()) mergeAt(document, [...path, index], item)
  } else if (!isEqualNode(document, node, value)) {
    if (path.length === 0) document.contents = document.createNode(value) as Document['contents']
    else document.setIn(path, document.createNode(value))
  }
}

function isEqualNode(document: Document, node: unknown, value: unknown): boolean {
  if (node === undefined || node === null) return false
  return isDeepStrictEqual((node as Node).toJS(document), value)
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
