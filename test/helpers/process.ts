import { spawn, type ChildProcess } from 'node:child_process'
import { existsSync } from 'node:fs'

/** A child process whose output is kept as lines and which does not outlive its parent. */
export interface RunningProcess {
  readonly pid: number
  /** Lines of stdout and stderr seen so far. */
  readonly stdout: readonly string[]
  readonly stderr: readonly string[]
  /** Resolves when the process has ended. */
  readonly exited: Promise<Exit>
  /** Resolves with the first line (of either stream, also past ones) that matches; rejects when the process ends first or `timeout` ms pass. */
  line(pattern: RegExp, timeout?: number): Promise<string>
  signal(name: NodeJS.Signals): void
  /** SIGTERM, then SIGKILL after `grace` ms. */
  stop(grace?: number): Promise<Exit>
  kill9(): Promise<Exit>
}

export interface Exit {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}

export interface ProcessOptions {
  readonly cwd?: string
  readonly env?: NodeJS.ProcessEnv
  /** Text for the standard input; closed at once without it. */
  readonly input?: string | Buffer
  /** Sees every line of output; with it, only the last lines are kept in memory. */
  readonly onLine?: (line: string) => void
}

const running = new Set<ChildProcess>()
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL')
})

/** Ends what `startProcess` started and is still running; integration tests call it last. */
export async function killAllProcesses(): Promise<void> {
  const ended = [...running].map((child) => new Promise((resolve) => child.once('exit', resolve)))
  for (const child of running) child.kill('SIGKILL')
  await Promise.all(ended)
}

/** Starts `command`; the kernel ends it when this process dies, however it dies (prctl PR_SET_PDEATHSIG, by setpriv). */
export function startProcess(
  command: string,
  args: readonly string[],
  options: ProcessOptions = {},
): RunningProcess {
  const bound = existsSync('/usr/bin/setpriv')
  const child = spawn(
    bound ? '/usr/bin/setpriv' : command,
    bound ? ['--pdeathsig', 'KILL', command, ...args] : [...args],
    { cwd: options.cwd, env: options.env ?? process.env, stdio: ['pipe', 'pipe', 'pipe'] },
  )
  return track(child, `${command} ${args.join(' ')}`.slice(0, 200), options)
}

/** Runs `command` to its end; rejects with its output when it does not exit with 0. */
export async function runProcess(
  command: string,
  args: readonly string[],
  options: ProcessOptions & { readonly timeout?: number } = {},
): Promise<{ stdout: string[]; stderr: string[] }> {
  const child = startProcess(command, args, options)
  const timer = setTimeout(() => child.signal('SIGKILL'), options.timeout ?? 60_000)
  const { code, signal } = await child.exited
  clearTimeout(timer)
  if (code !== 0) throw new Error(`${command} ended with ${code ?? signal}\n${tail(child)}`)
  return { stdout: [...child.stdout], stderr: [...child.stderr] }
}

function track(child: ChildProcess, title: string, options: ProcessOptions): RunningProcess {
  running.add(child)
  const stdout: string[] = []
  const stderr: string[] = []
  const watchers = new Set<(line: string) => void>()
  if (options.onLine) watchers.add(keepTail(options.onLine, stdout, stderr))
  collect(child.stdout!, stdout, watchers)
  collect(child.stderr!, stderr, watchers)
  child.stdin!.on('error', () => {})
  child.stdin!.end(options.input)
  let ended = false
  const exited = new Promise<Exit>((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', () => running.delete(child))
    child.once('close', (code, signal) => {
      ended = true
      resolve({ code, signal })
    })
  })
  exited.catch(() => running.delete(child))
  const self: RunningProcess = {
    pid: child.pid ?? 0,
    stdout,
    stderr,
    exited,
    line(pattern, timeout = 30_000) {
      const past = [...stdout, ...stderr].find((line) => pattern.test(line))
      if (past !== undefined) return Promise.resolve(past)
      return new Promise((resolve, reject) => {
        const fail = (why: string): void => {
          watchers.delete(watch)
          clearTimeout(timer)
          reject(new Error(`${title}: ${why} before a line matched ${pattern}\n${tail(self)}`))
        }
        const watch = (line: string): void => {
          if (!pattern.test(line)) return
          watchers.delete(watch)
          clearTimeout(timer)
          resolve(line)
        }
        const timer = setTimeout(() => fail(`${timeout} ms passed`), timeout)
        watchers.add(watch)
        exited.then(
          ({ code, signal }) => fail(`ended with ${code ?? signal}`),
          (error: Error) => fail(error.message),
        )
      })
    },
    signal(name) {
      if (!ended) child.kill(name)
    },
    async stop(grace = 15_000) {
      self.signal('SIGTERM')
      self.signal('SIGCONT')
      const timer = setTimeout(() => self.signal('SIGKILL'), grace)
      const exit = await exited
      clearTimeout(timer)
      return exit
    },
    kill9() {
      self.signal('SIGKILL')
      return exited
    },
  }
  return self
}

function collect(
  stream: NodeJS.ReadableStream,
  lines: string[],
  watchers: Set<(line: string) => void>,
): void {
  let rest = ''
  stream.setEncoding('utf8')
  stream.on('data', (text: string) => {
    const parts = (rest + text).split('\n')
    rest = parts.pop() ?? ''
    for (const line of parts) emit(line)
  })
  stream.on('end', () => {
    if (rest !== '') emit(rest)
  })
  function emit(line: string): void {
    lines.push(line)
    for (const watcher of [...watchers]) watcher(line)
  }
}

const KEPT = 1000

function keepTail(onLine: (line: string) => void, ...buffers: string[][]): (line: string) => void {
  return (line) => {
    onLine(line)
    for (const lines of buffers) if (lines.length > 2 * KEPT) lines.splice(0, lines.length - KEPT)
  }
}

function tail(child: RunningProcess): string {
  return [...child.stdout.slice(-10), ...child.stderr.slice(-20)].join('\n')
}
