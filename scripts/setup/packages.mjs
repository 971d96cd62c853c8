// Debian packages: which are needed for what, and how they get there.
import { spawnSync } from 'node:child_process'
import { run, SetupError, step } from './progress.mjs'

/** Building node-rdkafka with TLS, Kerberos, zstd and OAUTHBEARER, and running it; names that are overridden. */
const runPackages = [
  'build-essential',
  'python3',
  'libssl-dev',
  'libsasl2-dev',
  'libsasl2-modules-gssapi-mit',
  'krb5-user',
  'libnss-wrapper',
  'libzstd-dev',
  'liblz4-dev',
  'zlib1g-dev',
  'libcurl4-openssl-dev',
  'ca-certificates',
]

/** The real Kafka broker, real clients and the parser generator of the tests. */
const testPackages = [
  'krb5-kdc',
  'krb5-admin-server',
  'libfaketime',
  'kcat',
  'mosquitto-clients',
  'openssl',
  'git',
  'util-linux',
  'procps',
]

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

/** The distribution's default Java may be older than 17 (Ubuntu 22.04) or newer than 17 alone (Debian 13). */
function javaPackage() {
  const { stdout } = spawnSync('apt-cache', ['policy', 'openjdk-17-jre-headless'], { encoding: 'utf8' })
  return /Candidate: \d/.test(stdout ?? '') ? 'openjdk-17-jre-headless' : 'default-jre-headless'
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
  const wantsJava = forTests && javaVersion() < 17
  if (forTests && !works('mvn', ['--version'])) missing.push('maven')
  if (forTests && !works('python3', ['-m', 'pip', '--version'])) missing.push('python3-pip')
  if (missing.length === 0 && !wantsJava) return
  const root = process.getuid?.() === 0
  if (!root && !works('sudo', ['-n', 'true'])) {
    throw new SetupError(
      `Debian packages are missing and this user is neither root nor may use sudo without a password. Run as root:\n    apt-get update && apt-get install -y ${[...missing, ...(wantsJava ? [javaPackage()] : [])].join(' ')}`,
    )
  }
  const apt = (args, onLine) =>
    run(root ? 'apt-get' : 'sudo', [...(root ? [] : ['-n', 'apt-get']), ...args], {
      env: { DEBIAN_FRONTEND: 'noninteractive' },
      onLine,
    })
  const names = [...missing, ...(wantsJava ? ['Java'] : [])].join(' ')
  await step(`Installing Debian packages: ${names}`, async (onLine) => {
    await apt(['update'], onLine)
    if (wantsJava) missing.push(javaPackage())
    await apt(['install', '-y', '--no-install-recommends', ...missing], onLine)
  })
  if (forTests && javaVersion() < 17)
    throw new SetupError(
      `The tests need Java 17 or later for Apache Kafka; this machine has ${javaVersion() || 'none'}.`,
    )
}
