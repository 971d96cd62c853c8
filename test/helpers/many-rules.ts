import { kafkaAction } from './server.ts'

/** Rule number `index` of a fleet that all deliver to one cluster; each has a topic of its own. */
export function fleetRule(index: number, bootstrap: string, topic: string): object {
  const properties = { 'bootstrap.servers': bootstrap, 'security.protocol': 'PLAINTEXT' }
  return {
    sql: `SELECT deviceId, temp, humidity, topic(3) AS device FROM 'fleet/${index}/+/data' WHERE temp > ${index % 50}`,
    description: `Readings of fleet ${index}`,
    awsIotSqlVersion: '2016-03-23',
    ruleDisabled: false,
    actions: [kafkaAction({ topic, properties, more: { key: '${deviceId}' } })],
  }
}

/** Sends one request of the control API. @throws Error with the answer where it is a refusal */
export async function ask(base: string, method: string, path: string, body?: object): Promise<unknown> {
  const response = await fetch(base + path, {
    method,
    ...(body !== undefined && {
      ...{ headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) },
    }),
  })
  const text = await response.text()
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`)
  return text === '' ? undefined : (JSON.parse(text) as unknown)
}

/** Creates the rules `from` to `to`, `concurrency` at a time. */
export async function createFleet(
  base: string,
  { from, to, concurrency }: { readonly from: number; readonly to: number; readonly concurrency: number },
  ruleOf: (index: number) => object,
): Promise<void> {
  let next = from
  const worker = async (): Promise<void> => {
    for (let index = next++; index < to; index = next++)
      await ask(base, 'POST', `/rules/fleet_${index}`, ruleOf(index))
  }
  await Promise.all(Array.from({ length: concurrency }, worker))
}

/** Names of all rules, page by page. */
export async function listAll(base: string, pageSize: number): Promise<string[]> {
  const names: string[] = []
  let token: string | undefined
  do {
    const query = new URLSearchParams({ maxResults: String(pageSize), ...(token && { nextToken: token }) })
    const page = (await ask(base, 'GET', `/rules?${query}`)) as {
      rules: { ruleName: string }[]
      nextToken?: string
    }
    names.push(...page.rules.map(({ ruleName }) => ruleName))
    token = page.nextToken
  } while (token !== undefined)
  return names
}
