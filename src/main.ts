#!/usr/bin/env node
import { runCli } from './cli/index.ts'

process.exitCode = await runCli(process.argv.slice(2))
// librdkafka's threads and open sockets of libraries must not keep a finished command alive.
process.exit()
