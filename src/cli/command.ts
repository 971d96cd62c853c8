/** One option of a command; help, parsing and the reference page are made from it. */
export interface OptionSpec {
  /** As commander writes it: `--config <file>`. */
  readonly flags: string
  readonly description: string
  readonly default?: string
  /** May be given several times; `run` sees an array, empty when it is left out. */
  readonly repeatable?: true
}

/** A use of a command, for its help and the reference page. */
export interface Example {
  /** What it does, as a sentence without its end. */
  readonly does: string
  readonly command: string
}

/** One command. `run` returns the exit code: 0 fine, 1 findings, 2 usage. */
export interface CommandSpec {
  /** With the group it belongs to, as in `kafka check`. */
  readonly name: string
  /** As commander writes them: `<path...>`, `[name]`. */
  readonly arguments?: string
  readonly summary: string
  readonly options: readonly OptionSpec[]
  readonly examples?: readonly Example[]
  run(options: Readonly<Record<string, unknown>>, args: readonly string[]): Promise<number>
}

/** Writes a line of results. Everything that is no result goes to `note`. */
export function print(line: string): void {
  process.stdout.write(`${line}\n`)
}

export function note(line: string): void {
  process.stderr.write(`${line}\n`)
}

/** Resolves when a stream takes more, or when nobody reads it any more; leaves no listener behind. */
export function untilDrained(stream: NodeJS.EventEmitter): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      for (const event of ENDS) stream.off(event, done)
      resolve()
    }
    for (const event of ENDS) stream.on(event, done)
  })
}

const ENDS = ['drain', 'error', 'close']

export const CONFIG_OPTION: OptionSpec = {
  flags: '-c, --config <file>',
  description:
    'Configuration file (YAML or JSON); without it the one that TOPICRULE_CONFIG names, else defaults. TOPICRULE_ variables override its keys.',
}
