import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { killAllProcesses } from '../helpers/process.ts'
import { TestServer } from '../helpers/server.ts'

const COUNT = 1_000
/** Amid a later round, when some rules are being created and tagged, others replaced and deleted. */
const ANSWERS = 4_500
const ARN = 'arn:aws:iot:local:000000000000:rule'

let server: TestServer
beforeAll(async () => {
  server = await TestServer.start(
    {},
    { control: { limits: { requestsPerMinute: 0, maxConnections: 2 * COUNT } } },
  )
}, 60_000)
afterAll(async () => {
  await server?.stop()
  await killAllProcesses()
})

async function ask(method: string, path: string, body?: object): Promise<{ status: number; body: unknown }> {
  const response = await fetch(`http://127.0.0.1:${server.metricsPort}${path}`, {
    method,
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  const text = await response.text()
  return { status: response.status, body: text === '' ? undefined : JSON.parse(text) }
}

function rule(description: string): object {
  const republish = { topic: 'out', roleArn: 'arn:aws:iam::000000000000:role/r' }
  return { sql: "SELECT * FROM 'a'", description, actions: [{ republish }] }
}

interface Answered {
  /** Descriptions that were put and answered; undefined after an answered deletion. */
  last: string | undefined
  /** What was asked for last and not answered, if anything. */
  pending: string | undefined
  tag: string | undefined
  isTagPending: boolean
}

/** Puts, tags and deletes a rule in turns until the server is gone. */
async function writeOn(name: string, known: Answered, told: () => void): Promise<void> {
  for (let version = 0; ; version += 1) {
    const isDeletion = version % 4 === 3
    known.pending = isDeletion ? 'deleted' : `${name} ${version}`
    const method = isDeletion ? 'DELETE' : version % 4 === 0 ? 'POST' : 'PATCH'
    const body = isDeletion ? undefined : rule(known.pending)
    const { status } = await ask(method, `/rules/${name}`, body)
    if (status !== 200) throw new Error(`${method} ${name}: ${status}`)
    known.last = isDeletion ? undefined : known.pending
    known.pending = undefined
    if (isDeletion) known.tag = undefined
    told()
    if (isDeletion) continue
    known.isTagPending = true
    const tags = [{ Key: 'version', Value: String(version) }]
    const tagged = await ask('POST', '/tags', { resourceArn: `${ARN}/${name}`, tags })
    if (tagged.status !== 200) throw new Error(`TagResource ${name}: ${tagged.status}`)
    known.tag = String(version)
    known.isTagPending = false
    told()
  }
}

it('loses no answered change of a rule or a tag when the server is killed during 1,000 concurrent ones', async () => {
  const known = new Map<string, Answered>()
  let answers = 0
  const told = (): void => {
    if ((answers += 1) === ANSWERS) void server.process!.kill9()
  }
  const writers = Array.from({ length: COUNT }, (_, index) => {
    const answered = { last: undefined, pending: undefined, tag: undefined, isTagPending: false }
    known.set(`r${index}`, answered)
    return writeOn(`r${index}`, answered, told)
  })
  const ends = await Promise.allSettled(writers)
  const reasons = ends.map((end) => (end.status === 'rejected' ? String(end.reason) : ''))
  expect(
    reasons.filter((reason) => !reason.includes('fetch failed') && !reason.includes('terminated')),
  ).toEqual([])
  expect(answers).toBeGreaterThanOrEqual(ANSWERS)

  await server.launch()
  for (const [name, { last, pending, tag, isTagPending }] of known) {
    const { status, body } = await ask('GET', `/rules/${name}`)
    const found = status === 200 ? (body as { rule: { description: string } }).rule.description : undefined
    const allowed = pending === undefined ? [last] : [last, pending === 'deleted' ? undefined : pending]
    expect(allowed, name).toContain(found)
    if (found === undefined || pending !== undefined || isTagPending) continue
    const tagged = await ask('GET', `/tags?resourceArn=${ARN}/${name}`)
    expect(tagged.body, name).toEqual({ tags: tag === undefined ? [] : [{ Key: 'version', Value: tag }] })
  }
  const rules = join(server.directory, 'rules')
  for (const file of readdirSync(rules).filter((each) => each.endsWith('.json')))
    JSON.parse(readFileSync(join(rules, file), 'utf8'))
})
