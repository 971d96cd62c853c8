import { afterAll, expect, it } from 'vitest'
import { killAllProcesses } from '../helpers/process.ts'
import { payload, TestServer } from '../helpers/server.ts'

afterAll(killAllProcesses)

it('a rule that cannot be delivered does not end a running server, also where it would not have started with it', async () => {
  const server = await TestServer.start({}, { rules: { directory: 'rules', skipUndeliverable: false } })
  const sqs = {
    queueUrl: 'https://queue.example',
    roleArn: 'arn:aws:iam::000000000000:role/r',
    useBase64: false,
  }
  server.writeRule('queue', payload("SELECT * FROM 'a'", { sqs }))
  await server.process!.line(/rule\.undeliverable/, 15_000)
  await server.process!.line(/rules\.loaded.*"version":[1-9]/, 15_000)
  expect(await server.stop()).toBe(0)
})
