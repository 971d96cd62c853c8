// npm packages and the native Kafka client.
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { run, SetupError, step } from './progress.mjs'

const NEEDED = ['ssl', 'sasl_gssapi', 'sasl_scram', 'zstd', 'lz4']

function lockStamp(root) {
  const lock = readFileSync(join(root, 'package-lock.json'))
  return createHash('sha256').update(lock).update(`${process.version}-${process.arch}`).digest('hex')
}

/** `npm ci` unless it was done for this lock file, and a working native client. */
export async function ensureModules(root) {
  const stamp = join(root, '.cache/modules.stamp')
  const wanted = lockStamp(root)
  const done =
    existsSync(stamp) &&
    existsSync(join(root, 'node_modules/.package-lock.json')) &&
    readFileSync(stamp, 'utf8') === wanted
  if (done) return
  // No parallel make: the rules of librdkafka's build tree do not say what waits for what.
  await step(
    'Installing npm packages and compiling the Kafka client (about 3 minutes the first time)',
    (onLine) =>
      run('npm', ['ci', '--no-fund', '--no-audit', '--foreground-scripts'], {
        cwd: root,
        env: headersEnv(),
        onLine,
      }),
  )
  let features = await clientFeatures(root)
  if (features === undefined) {
    await step('Compiling the Kafka client', (onLine) =>
      run('npm', ['rebuild', 'node-rdkafka', '--foreground-scripts'], {
        cwd: root,
        env: headersEnv(),
        onLine,
      }),
    )
    features = await clientFeatures(root)
  }
  if (features === undefined)
    throw new SetupError(
      'The Kafka client (node-rdkafka) was compiled but cannot be loaded. Run "npm rebuild node-rdkafka --foreground-scripts" and read what it prints.',
    )
  const missing = NEEDED.filter((name) => !features.includes(name))
  if (missing.length > 0)
    throw new SetupError(
      `The Kafka client was built without ${missing.join(', ')}. Install the Debian packages of scripts/setup/packages.mjs, remove node_modules, and run this again.`,
    )
  removeBuildTree(root)
  mkdirSync(join(root, '.cache'), { recursive: true })
  writeFileSync(stamp, wanted)
}

/**
 * Node's own headers where they were installed beside it and are of its version, so that compiling needs no download
 * from nodejs.org (https://github.com/nodejs/node-gyp#command-options, `--nodedir`).
 */
function headersEnv() {
  const prefix = dirname(dirname(realpathSync(process.execPath)))
  const header = join(prefix, 'include/node/node_version.h')
  if (process.env.npm_config_nodedir !== undefined || !existsSync(header)) return {}
  const text = readFileSync(header, 'utf8')
  const version = ['MAJOR', 'MINOR', 'PATCH']
    .map((part) => new RegExp(`#define NODE_${part}_VERSION (\\d+)`).exec(text)?.[1])
    .join('.')
  return `v${version}` === process.version ? { npm_config_nodedir: prefix } : {}
}

async function clientFeatures(root) {
  try {
    const text = await run(process.execPath, ['-p', "require('node-rdkafka').features.join()"], { cwd: root })
    return text.trim().split('\n').at(-1).split(',')
  } catch {
    return undefined
  }
}

/** Object files and sources of librdkafka, half a gigabyte: the client needs its two shared libraries alone. */
function removeBuildTree(root) {
  const at = (path) => join(root, 'node_modules/node-rdkafka', path)
  for (const path of [
    'build/Release/obj.target',
    'build/deps/librdkafka',
    'build/deps/librdkafka-static.a',
    'build/deps/librdkafka.a',
    'build/deps/librdkafka++.a',
    'deps/librdkafka/src',
    'deps/librdkafka/src-cpp',
    'deps/librdkafka/tests',
    'deps/librdkafka/examples',
  ])
    rmSync(at(path), { recursive: true, force: true })
}
