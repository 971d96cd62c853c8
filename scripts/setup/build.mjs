// Compiles src/ to dist/ when it has changed.
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { run, step } from './progress.mjs'

/** A digest of every file that the build reads. */
function sourceStamp(root) {
  const hash = createHash('sha256')
  const files = readdirSync(join(root, 'src'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
  for (const file of [
    ...files,
    ...['tsconfig.json', 'tsconfig.build.json', 'package-lock.json', 'scripts/bundle.mjs'].map((name) =>
      join(root, name),
    ),
  ])
    hash.update(file).update(readFileSync(file))
  return hash.digest('hex')
}

export async function ensureBuild(root) {
  const stamp = join(root, '.cache/build.stamp')
  const wanted = sourceStamp(root)
  if (existsSync(join(root, 'dist/main.js')) && existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted)
    return
  await step('Compiling TypeScript', (onLine) =>
    run(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', 'tsconfig.build.json'], {
      cwd: root,
      onLine,
    }),
  )
  await step('Bundling the commands of the desk', (onLine) =>
    run(process.execPath, [join(root, 'scripts/bundle.mjs')], { cwd: root, onLine }),
  )
  mkdirSync(join(root, '.cache'), { recursive: true })
  writeFileSync(stamp, wanted)
}
