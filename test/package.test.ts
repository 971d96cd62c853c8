import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

const PACKAGE = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
  dependencies: Record<string, string>
  devDependencies: Record<string, string>
}

describe('package.json', () => {
  // A range takes 0.5.0-dev, which sorts after 0.5.0-alpha.4 and is an older build without files that the generated
  // parser imports: who installs the package has no lock file.
  it('names one version of the parser runtime and its generator, for a range takes another build', () => {
    const { dependencies, devDependencies } = PACKAGE
    expect(dependencies['antlr4ts']).toMatch(/^\d/)
    expect(devDependencies['antlr4ts-cli']).toBe(dependencies['antlr4ts'])
  })
})
