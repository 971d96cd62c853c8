// Debian packages: which are needed for what, and how they get there.
import { spawnSync } from 'node:child_process'
import { run, SetupError, step } from './progress.mjs'

/** Building node-rdkafka with TLS, Kerberos, zstd and OAUTHBEARER, and running it. */
const runPackages = [
  'build-essential',
  'python3',
  'libssl-dev',
  'libsasl2-dev',
  'libsasl2-modules-gssapi-mit',
  'libzstd-dev',
  'liblz4-dev',
  'zlib1g-dev',
  'libcurl4-openssl-dev',
  'ca-certificates',
]

/** The real Kafka broker, real clients and the parser generator of the tests. */
const testPackages = ['kcat', 'mosquitto-clients', 'openssl', 'git', 'util-linux', 'procps']

function isInstalled(name) {
  const { stdout, status } = spawnSync('dpkg-query', ['-W', '-f=${Status}', name], { encoding: 'utf8' })
  return status === 0 && stdout.endsWith(' installed')
}

function works(command, args) {
  return spawnSync(command, args, { stdio: 'ignore' }).status === 0
}

/** Java 17 or later, by whatever name the distribution has it. */
function javaVersion() {
  const { stderr, stdout, error } = spawnSync('java', ['-version'], { encoding: 'utf8' })
  return error ? 0 : Number(/version "(\d+)/.exec(`${stderr}${stdout}`)?.[1] ?? 0)
}

/** Installs what is missing; `forTests` adds what only the tests need. */
export async function ensurePackages(forTests) {
  if (!works('dpkg-query', ['--version'])) {
    console.error(
      'This is not Debian or Ubuntu: assuming that the libraries listed in scripts/setup/packages.mjs are there.',
    )
    return
  }
  const wanted = forTests ? [...runPackages, ...testPackages] : runPackages
  const missing = wanted.filter((name) => !isInstalled(name))
  if (forTests && javaVersion() < 17) missing.push('default-jre-headless')
  if (forTests && !works('mvn', ['--version'])) missing.push('maven')
  if (missing.length === 0) return
  const root = process.getuid?.() === 0
  if (!root && !works('sudo', ['-n', 'true'])) {
    throw new SetupError(
      `Debian packages are missing and this user is neither root nor may use sudo without a password. Run as root:\n    apt-get update && apt-get install -y ${missing.join(' ')}`,
    )
  }
  const apt = (args, onLine) =>
    run(root ? 'apt-get' : 'sudo', [...(root ? [] : ['-n', 'apt-get']), ...args], {
      env: { DEBIAN_FRONTEND: 'noninteractive' },
      onLine,
    })
  await step(`Installing Debian packages: ${missing.join(' ')}`, async (onLine) => {
    await apt(['update'], onLine)
    await apt(['install', '-y', '--no-install-recommends', ...missing], onLine)
  })
  if (forTests && javaVersion() < 17)
    throw new SetupError(
      `The tests need Java 17 or later for Apache Kafka; this machine has ${javaVersion() || 'none'}.`,
    )
}
