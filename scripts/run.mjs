// Runs a TypeScript script of this folder: `node scripts/run.mjs NAME ARGUMENTS...` compiles what scripts/NAME.ts
// imports to .cache/scripts (incrementally; type errors are the type check's business) and calls its `main`.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath, pathToFileURL } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const [name, ...args] = process.argv.slice(2)
if (name === undefined || !/^[a-z-]+$/.test(name) || !existsSync(`${root}scripts/${name}.ts`)) {
  console.error('usage: node scripts/run.mjs NAME ARGUMENTS...')
  process.exit(2)
}
const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc')
const compiled = spawnSync(process.execPath, [tsc, '-p', `${root}tsconfig.scripts.json`], {
  encoding: 'utf8',
})
const entry = `${root}.cache/scripts/scripts/${name}.js`
if (!existsSync(entry)) {
  console.error(compiled.stdout)
  process.exit(2)
}
const { main } = await import(pathToFileURL(entry).href)
process.exitCode = await main(args)
