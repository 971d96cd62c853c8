#!/usr/bin/env node
// Puts the modules of the commands that run at the desk, and the pure libraries they need, into a few files: `dist/desk`.
// Node opens and links hundreds of small modules slowly, and these commands are over before that would have paid.
// Only commands that never start a server run from here: two copies of a class are two classes.
import { build } from 'esbuild'
import { readFileSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('..', import.meta.url))

/** Libraries that do not run from a bundle, or that few runs need, stay where npm put them. */
const BUNDLED = new Set(['antlr4ts', 'commander', 'mustache', 're2js', 'yaml', 'zod'])

export async function bundle(root = ROOT) {
  const { dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  const outdir = join(root, 'dist/desk')
  rmSync(outdir, { recursive: true, force: true })
  await build({
    absWorkingDir: root,
    entryPoints: [join(root, 'dist/cli/index.js')],
    outdir,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    minifySyntax: true,
    minifyWhitespace: true,
    keepNames: true,
    legalComments: 'eof',
    logLevel: 'warning',
    banner: {
      js: "import { createRequire as createRequireOfBundle } from 'node:module';const require = createRequireOfBundle(import.meta.url);",
    },
    external: Object.keys(dependencies).filter((name) => !BUNDLED.has(name)),
    plugins: [{ name: 'server', setup: keepServerOut }],
  })
}

/** What starts a server is loaded from the modules themselves. */
function keepServerOut({ onResolve }) {
  onResolve({ filter: /\/app\.js$/ }, () => ({ path: '../app.js', external: true }))
}

if (resolve(process.argv[1] ?? '') === fileURLToPath(import.meta.url)) await bundle()
