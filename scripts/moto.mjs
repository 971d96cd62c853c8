#!/usr/bin/env node
// Puts moto (a stand-in for AWS Secrets Manager and STS in tests) into a directory of Python packages outside the
// work tree, once. Plain Node: runs before node_modules exists. As a command it prints the directory on stdout;
// `PYTHONPATH=DIRECTORY python3 -m moto.server` runs it.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs'
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const VERSION = '5.2.1'
/** Without moto's extra `server`, whose other packages are for services that no test asks for. */
const PACKAGES = [`moto==${VERSION}`, 'flask==3.1.2', 'flask-cors==6.0.1']

/** Directory that holds (or will hold) the packages: they follow version and Python. */
export function motoDirectory() {
  const { stdout } = spawnSync('python3', ['-c', 'import sys; print(sys.implementation.cache_tag)'], {
    encoding: 'utf8',
  })
  const cache = process.env.XDG_CACHE_HOME || join(homedir(), '.cache')
  return join(cache, 'topicrule', `moto-${VERSION}-${(stdout ?? '').trim() || 'python'}`)
}

/** Installs moto with `run(command, args)` unless it is there; two runs at once do not hurt each other. */
export async function ensureMoto(run) {
  const directory = motoDirectory()
  if (existsSync(directory)) return directory
  mkdirSync(join(directory, '..'), { recursive: true })
  const fresh = mkdtempSync(`${directory}.`)
  try {
    const options = ['--quiet', '--no-compile', '--disable-pip-version-check', '--target', fresh]
    await run('python3', ['-m', 'pip', 'install', ...options, ...PACKAGES])
    if (!existsSync(directory)) renameSync(fresh, directory)
  } finally {
    rmSync(fresh, { recursive: true, force: true })
  }
  return directory
}

if (resolve(process.argv[1] ?? '') === fileURLToPath(import.meta.url)) {
  const directory = await ensureMoto((command, args) => {
    const { status, error } = spawnSync(command, args, { stdio: ['ignore', 2, 2] })
    if (status !== 0)
      throw new Error(`${command} could not install moto: ${error?.message ?? `exit code ${status}`}`)
  })
  console.log(directory)
}
