// Puts Python packages that tests need into a directory outside the work tree, once. Plain Node: runs before
// node_modules exists.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs'
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Directory that holds (or will hold) the packages; `name` has their version, and it follows the Python. */
export function pythonDirectory(name) {
  const { stdout } = spawnSync('python3', ['-c', 'import sys; print(sys.implementation.cache_tag)'], {
    encoding: 'utf8',
  })
  const cache = process.env.XDG_CACHE_HOME || join(homedir(), '.cache')
  return join(cache, 'topicrule', `${name}-${(stdout ?? '').trim() || 'python'}`)
}

/** Installs the packages with `run(command, args)` unless they are there; two runs at once do not hurt each other. */
export async function ensurePythonPackages(name, packages, run) {
  const directory = pythonDirectory(name)
  if (existsSync(directory)) return directory
  mkdirSync(join(directory, '..'), { recursive: true })
  const fresh = mkdtempSync(`${directory}.`)
  try {
    const options = ['--quiet', '--no-compile', '--disable-pip-version-check', '--target', fresh]
    await run('python3', ['-m', 'pip', 'install', ...options, ...packages])
    if (!existsSync(directory)) renameSync(fresh, directory)
  } finally {
    rmSync(fresh, { recursive: true, force: true })
  }
  return directory
}

/** Prints the directory that `ensure` yields where the script at `url` is the command that was run. */
export async function printWhenRun(url, what, ensure) {
  if (resolve(process.argv[1] ?? '') !== fileURLToPath(url)) return
  const directory = await ensure((command, args) => {
    const { status, error } = spawnSync(command, args, { stdio: ['ignore', 2, 2] })
    if (status !== 0)
      throw new Error(`${command} could not install ${what}: ${error?.message ?? `exit code ${status}`}`)
  })
  console.log(directory)
}
