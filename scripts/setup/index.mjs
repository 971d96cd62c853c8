// Puts a fresh machine into a state in which the product runs; does nothing where that is done. Plain Node.
import { fileURLToPath } from 'node:url'
import { ensureBuild } from './build.mjs'
import { ensureModules } from './modules.mjs'
import { ensurePackages } from './packages.mjs'
import { SetupError } from './progress.mjs'

export const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const OLDEST_NODE = [20, 19]

function checkNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  const [wantedMajor, wantedMinor] = OLDEST_NODE
  if (major > wantedMajor || (major === wantedMajor && minor >= wantedMinor)) return
  throw new SetupError(
    `Node ${OLDEST_NODE.join('.')} or later is needed; this is ${process.version}. Install a current LTS release.`,
  )
}

/** Installs and builds what is missing. Ends the process with one clear sentence when it cannot go on. */
export async function setUp({ forTests }) {
  try {
    checkNode()
    await ensurePackages(forTests)
    await ensureModules(ROOT)
    await ensureBuild(ROOT)
  } catch (error) {
    if (!(error instanceof SetupError)) throw error
    console.error(`\nCannot go on: ${error.message}`)
    process.exit(1)
  }
}
