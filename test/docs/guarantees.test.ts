import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { faultNames } from '../chaos/faults.ts'

const FILE = fileURLToPath(new URL('../../docs/guarantees.md', import.meta.url))
const text = readFileSync(FILE, 'utf8')

describe('docs/guarantees.md', () => {
  it('names tests and pages that exist', () => {
    const links = [...text.matchAll(/\]\(([^)#]+)/g)].map(([, link]) => link!)
    expect(links.length).toBeGreaterThan(10)
    expect(links.filter((link) => !existsSync(join(dirname(FILE), link)))).toEqual([])
  })

  it('explains every fault of a chaos run', () => {
    expect(faultNames.filter((name) => !text.includes(`\`${name}\``))).toEqual([])
  })
})
