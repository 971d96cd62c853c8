import { spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { DirectoryStore, payloadOf } from '../../src/store/index.ts'

const WRITER = fileURLToPath(new URL('crash-writer.ts', import.meta.url))

it('loses no confirmed write and tears no file when it is killed during 1,000 concurrent writes', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'topicrule-crash-'))
  const confirmed = new Map<string, number>()
  try {
    const writer = spawn(process.execPath, ['--import', 'tsx', WRITER, directory, '1000'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    let lines = 0
    for await (const line of createInterface({ input: writer.stdout })) {
      if (line === 'begin') continue
      const [name, version] = line.split(' ')
      confirmed.set(name!, Number(version))
      // Amid the second round: some rules were replaced, others are being written.
      if ((lines += 1) === 1_600) writer.kill('SIGKILL')
    }
    expect(lines).toBeGreaterThanOrEqual(1_600)
    const store = new DirectoryStore(directory)
    const { documents, unreadable } = await store.load()
    await store.close()
    expect(unreadable).toEqual([])
    expect(documents.length).toBeGreaterThanOrEqual(1_000)
    for (const [name, version] of confirmed) {
      const [document] = store.named(name)
      const sql = String(payloadOf(document!.document)!['sql'])
      const found = Number(/SELECT (\d+)/.exec(sql)![1])
      expect([name, found >= version], `${name}: ${sql}, confirmed ${version}`).toEqual([name, true])
      const { tags } = store.stateOf(document!)
      expect(Number(tags['version'])).toBeGreaterThanOrEqual(version)
    }
    for (const file of readdirSync(directory).filter((each) => each.endsWith('.json'))) {
      JSON.parse(readFileSync(join(directory, file), 'utf8'))
      expect(statSync(join(directory, file)).mode & 0o777).toBe(0o600)
    }
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
})
