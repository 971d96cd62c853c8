#!/usr/bin/env node
// Puts the AWS CLI for tests into the cache, once, in a directory of its own: it wants one version of botocore exactly.
// As a command it prints the directory on stdout; `PYTHONPATH=DIRECTORY python3 -m awscli` runs it.
import { ensurePythonPackages, printWhenRun } from './python-packages.mjs'

const VERSION = '1.46.3'

/** Installs the AWS CLI with `run(command, args)` unless it is there. */
export function ensureAwsCli(run) {
  return ensurePythonPackages(`awscli-${VERSION}`, [`awscli==${VERSION}`], run)
}

await printWhenRun(import.meta.url, 'the AWS CLI', ensureAwsCli)
