// Steps with a sign of life, plain Node: runs before node_modules exists.
import { spawn } from 'node:child_process'

const HEARTBEAT_MS = 10_000
const KEPT_LINES = 60

/** A step that cannot go on: a sentence that says what is missing and what to do. */
export class SetupError extends Error {}

/** Runs `work` as a named step; prints its name, each ten seconds that it is still at work, and how long it took. */
export async function step(name, work) {
  const started = performance.now()
  const seconds = () => `${((performance.now() - started) / 1000).toFixed(0)} s`
  console.error(`• ${name}`)
  let last = ''
  const timer = setInterval(() => console.error(`    … ${seconds()}${last ? `: ${last}` : ''}`), HEARTBEAT_MS)
  try {
    const result = await work((line) => (last = line.trim().slice(0, 100) || last))
    console.error(`  done in ${seconds()}`)
    return result
  } finally {
    clearInterval(timer)
  }
}

/** Runs a command quietly; the last line it printed is given to `onLine`. Rejects with its last lines when it fails. */
export function run(command, args, { env = {}, onLine = () => {}, cwd } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const lines = []
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk) => {
        const fresh = chunk
          .toString()
          .split('\n')
          .filter((line) => line.trim() !== '')
        lines.push(...fresh)
        lines.splice(0, lines.length - KEPT_LINES)
        if (fresh.length > 0) onLine(fresh.at(-1))
      })
    }
    child.once('error', (error) => reject(new SetupError(`${command} cannot be run: ${error.message}.`)))
    child.once('close', (code) => {
      if (code === 0) resolve(lines.join('\n'))
      else
        reject(
          new SetupError(
            `"${command} ${args.join(' ')}" failed with exit code ${code}:\n${lines.slice(-25).join('\n')}`,
          ),
        )
    })
  })
}
