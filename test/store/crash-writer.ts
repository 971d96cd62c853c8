import { DirectoryStore } from '../../src/store/index.ts'

/** Writes rules side by side, each again and again, and tells of each write that was confirmed: `name version`. */
const [directory, count] = process.argv.slice(2)
const store = new DirectoryStore(directory!)
await store.load()
process.stdout.write('begin\n')

async function writeOn(name: string): Promise<void> {
  const created = await store.create(name, payload(1), { tags: { version: '1' } })
  if (!created.ok) throw new Error(created.message)
  process.stdout.write(`${name} 1\n`)
  for (let version = 2; ; version += 1) {
    const [document] = store.named(name)
    const result = await store.replace(document!, payload(version), { tags: { version: String(version) } })
    if (!result.ok) throw new Error(result.message)
    process.stdout.write(`${name} ${version}\n`)
  }
}

function payload(version: number): object {
  return { sql: `SELECT ${version} FROM 'a'`, description: 'x'.repeat(400), actions: [] }
}

await Promise.all(Array.from({ length: Number(count) }, (_, index) => writeOn(`rule_${index}`)))
