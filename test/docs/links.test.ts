import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

function pagesIn(directory: string): string[] {
  return readdirSync(join(ROOT, directory)).flatMap((name) =>
    name.endsWith('.md') ? [join(directory, name)] : [],
  )
}

const pages = ['.', 'docs', 'docs/reference', 'examples', 'bench'].flatMap(pagesIn)

/** The paths, from the root, of what a page links to inside the repository. */
function linksOf(page: string): { readonly path: string; readonly anchor: string | undefined }[] {
  const text = readFileSync(join(ROOT, page), 'utf8')
  return [...text.matchAll(/\]\((?!https?:)([^)#\s]*)(?:#([^)\s]+))?\)/g)].map(([, path, anchor]) => ({
    path: path === '' ? page : join(dirname(page), path!),
    anchor,
  }))
}

/** Identifiers of headings as GitHub makes them. */
function anchorsOf(page: string): string[] {
  const text = readFileSync(join(ROOT, page), 'utf8').replace(/^```[\s\S]*?^```$/gm, '')
  return [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading]) =>
    heading!
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  )
}

describe('the documentation', () => {
  it.each(pages)('%s links only to what exists', (page) => {
    const missing = linksOf(page).filter(({ path }) => !existsSync(join(ROOT, path)))
    expect(missing.map(({ path }) => path)).toEqual([])
  })

  it.each(pages)('%s links only to headings that exist', (page) => {
    const missing = linksOf(page).filter(
      ({ path, anchor }) => anchor !== undefined && path.endsWith('.md') && !anchorsOf(path).includes(anchor),
    )
    expect(missing.map(({ path, anchor }) => `${path}#${anchor}`)).toEqual([])
  })

  it('has an index that names every page', () => {
    const linked = linksOf('docs/README.md').map(({ path }) => path)
    const others = pages.filter((page) => page.startsWith('docs') && page !== 'docs/README.md')
    expect(others.length).toBeGreaterThan(20)
    expect(others.filter((page) => !linked.includes(page))).toEqual([])
  })
})
