import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { promisify } from 'node:util'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))
const page = readFileSync(`${root}docs/desk.md`, 'utf8')
const examples = [...page.matchAll(/```sh\n([\s\S]*?)```\n(?:\n[^`\n]*\n)?\n```text\n([\s\S]*?)```/g)].map(
  ([, command, printed]) => [command!.trim(), printed!] as const,
)

it('has an output for each of its commands', () => {
  expect(examples.length).toBe([...page.matchAll(/```sh\n/g)].length)
})

it.each(examples)('docs/desk.md prints what it says: %s', async (command, printed) => {
  const shell = `topicrule() { "${process.execPath}" --import tsx src/main.ts "$@"; }\n${command}`
  const { NO_COLOR: _none, FORCE_COLOR: _forced, ...env } = process.env
  const { stdout } = await promisify(execFile)('bash', ['-c', shell], { cwd: root, env })
  expect(stdout).toBe(printed)
})
