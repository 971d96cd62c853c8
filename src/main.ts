#!/usr/bin/env -S node --max-semi-space-size=32
import { runCli } from './cli/index.ts'

// A reader that has seen enough (`topicrule functions | head`) is no fault.
process.stdout.on('error', () => undefined)
process.exitCode = await runCli(process.argv.slice(2))
// librdkafka's threads and open sockets of libraries must not keep a finished command alive.
process.exit()
