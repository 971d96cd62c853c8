#!/usr/bin/env node
// Puts moto (a stand-in for AWS Secrets Manager and STS in tests, and boto3 with it) into the cache, once. As a command
// it prints the directory on stdout; `PYTHONPATH=DIRECTORY python3 -m moto.server` runs it.
import { ensurePythonPackages, printWhenRun } from './python-packages.mjs'

const VERSION = '5.2.1'
/** Without moto's extra `server`, whose other packages are for services that no test asks for. */
const PACKAGES = [`moto==${VERSION}`, 'flask==3.1.2', 'flask-cors==6.0.1']

/** Installs moto with `run(command, args)` unless it is there. */
export function ensureMoto(run) {
  return ensurePythonPackages(`moto-${VERSION}`, PACKAGES, run)
}

await printWhenRun(import.meta.url, 'moto', ensureMoto)
