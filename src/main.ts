#!/usr/bin/env -S node --max-semi-space-size=32
import { existsSync } from 'node:fs'
import type * as Cli from './cli/index.ts'

/** Commands that start no server: built, they run from few files, which load in a third of the time. */
const atTheDesk = new Set(['check', 'eval', 'test', 'replay', 'functions', 'init'])
const desk = new URL('desk/index.js', import.meta.url)

const isAtTheDesk = atTheDesk.has(process.argv[2] ?? '') && existsSync(desk)
const { runCli } = isAtTheDesk ? ((await import(desk.href)) as typeof Cli) : await import('./cli/index.ts')

// A reader that has seen enough (`topicrule functions | head`) is no fault.
process.stdout.on('error', () => undefined)
process.exitCode = await runCli(process.argv.slice(2))
// A pipe takes results only as fast as they are read: exiting would cut the rest off. A server waits for no reader.
if (process.argv[2] !== 'serve') await new Promise<void>((done) => process.stdout.write('', () => done()))
// librdkafka's threads and open sockets of libraries must not keep a finished command alive.
process.exit()
