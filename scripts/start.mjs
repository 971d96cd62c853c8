// npm start: sets everything up, then runs the demo of the product. Arguments are passed on.
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { ROOT, setUp } from './setup/index.mjs'

await setUp({ forTests: false })
const child = spawn(
  process.execPath,
  ['--max-semi-space-size=32', join(ROOT, 'dist/main.js'), 'demo', ...process.argv.slice(2)],
  {
    cwd: ROOT,
    stdio: 'inherit',
  },
)
// The terminal sends Ctrl-C to both processes: the demo drains and this one waits for it.
process.on('SIGINT', () => undefined)
process.on('SIGTERM', () => child.kill('SIGTERM'))
child.once('exit', (code) => process.exit(code ?? 1))
