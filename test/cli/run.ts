import { vi } from 'vitest'
import { runCli } from '../../src/cli/index.ts'

export interface CliRun {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** Runs one command line in this process and returns what it wrote. */
export async function run(...argv: string[]): Promise<CliRun> {
  const written = { stdout: '', stderr: '' }
  const spies = (['stdout', 'stderr'] as const).map((stream) =>
    vi.spyOn(process[stream], 'write').mockImplementation((text) => {
      written[stream] += String(text)
      return true
    }),
  )
  try {
    return { code: await runCli(argv), ...written }
  } finally {
    for (const spy of spies) spy.mockRestore()
  }
}
