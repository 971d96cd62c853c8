import { once } from 'node:events'
import { type IncomingMessage } from 'node:http'
import { PassThrough } from 'node:stream'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { BodyReader } from '../../src/ingest/http/body.ts'
import { readPublish } from '../../src/ingest/http/publish-request.ts'

const read = (
  target: string,
  headers: Record<string, string> = {},
  method = 'POST',
): ReturnType<typeof readPublish> => readPublish({ method, target, headers })

const json = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64')

describe('The topic of an HTTP request', () => {
  it.each([
    ['/topics/a/b', 'a/b'],
    ['/topics/a%2Fb', 'a/b'],
    ['/topics/%2Fa', '/a'],
    ['/topics//a', '/a'],
    ['/topics/a/', 'a/'],
    ['/topics/gr%C3%BC%C3%9Fe%20%F0%9F%9A%80', 'grüße 🚀'],
    ['/topics/a%25b', 'a%b'],
    ['/topics/..%2Fa', '../a'],
    ['/topics/a?qos=1', 'a'],
    ['/topics/$aws/rules/context/a', '$aws/rules/context/a'],
    ['/topics/%24aws%2Frules%2Fcontext%2Fa', '$aws/rules/context/a'],
    ['/topics/$other', '$other'],
    ['http://device.example:8081/topics/a?qos=0', 'a'],
  ])('%s is %s', (target, topic) => expect(read(target)).toMatchObject({ topic }))

  it.each([
    ['/topics/', 'empty'],
    ['/topics/?qos=1', 'empty'],
    ['/topics/a/+', 'wildcard'],
    ['/topics/a/%23', 'wildcard'],
    ['/topics/a%2Bb', 'wildcard'],
    ['/topics/%00', 'U+0000'],
    ['/topics/%', 'percent-encoded'],
    ['/topics/%zz', 'percent-encoded'],
    ['/topics/%C3', 'percent-encoded'],
    ['/topics/%ED%A0%80', 'percent-encoded'],
    [`/topics/${'a'.repeat(65_536)}`, 'longer than 65535'],
  ])('%.30s is refused', (target, why) =>
    expect(read(target)).toMatchObject({
      error: 'InvalidRequestException',
      message: expect.stringContaining(why) as string,
    }),
  )

  it.each([
    ['/', 'POST', 'ResourceNotFoundException'],
    ['/topics', 'POST', 'ResourceNotFoundException'],
    ['*', 'OPTIONS', 'ResourceNotFoundException'],
    ['/topics/a', 'GET', 'MethodNotAllowedException'],
    ['/topics/a', 'PUT', 'MethodNotAllowedException'],
    ['/things/lamp/shadow?name=x', 'GET', 'UnsupportedOperation'],
    ['/api/things/shadow/ListNamedShadowsForThing/lamp', 'GET', 'UnsupportedOperation'],
    ['/retainedMessage/a', 'GET', 'UnsupportedOperation'],
    ['/retainedMessage?maxResults=1', 'GET', 'UnsupportedOperation'],
    ['/connections/device', 'DELETE', 'UnsupportedOperation'],
  ])('%s has no %s: %s', (target, method, error) => expect(read(target, {}, method)).toMatchObject({ error }))
})

describe('The query of an HTTP request', () => {
  it.each([
    ['', 0],
    ['?qos=0', 0],
    ['?qos=1&retain=false', 1],
    ['?other=%&qos=1', 1],
  ])('%s gives QoS %i', (query, qos) => expect(read(`/topics/a${query}`)).toMatchObject({ qos }))

  it.each([
    'qos=2',
    'qos=',
    'qos',
    'qos=-1',
    'qos=1.0',
    'qos=0&qos=1',
    'retain=yes',
    'responseTopic=a/%23',
    'responseTopic=',
    'contentType=%ff',
    'contentType=%00',
    'messageExpiry=-1',
    'messageExpiry=1e3',
    'messageExpiry=4294967296',
    'messageExpiry=',
  ])('%s is refused', (query) =>
    expect(read(`/topics/a?${query}`)).toMatchObject({ error: 'InvalidRequestException' }),
  )

  it('retain=true is an unsupported operation', () =>
    expect(read('/topics/a?retain=true')).toMatchObject({ error: 'UnsupportedOperation' }))
})

describe('The MQTT 5 properties of an HTTP request', () => {
  it('are none where nothing names them', () =>
    expect(read('/topics/a?qos=1')).toEqual({ topic: 'a', qos: 1, properties: undefined }))

  it('are read as the operation Publish has them', () => {
    const query = 'contentType=text/plain;+charset%3Dutf-8&responseTopic=re%2Fply&messageExpiry=4294967295'
    const headers = {
      'x-amz-mqtt5-payload-format-indicator': 'UTF8_DATA',
      'x-amz-mqtt5-correlation-data': Buffer.from([0, 255, 1]).toString('base64'),
      'x-amz-mqtt5-user-properties': json([{ b: '1' }, { a: 'grüße' }, { b: '' }, { ['__proto__']: 'p' }]),
    }
    expect(read(`/topics/a?${query}`, headers)).toMatchObject({
      properties: {
        payloadFormatIndicator: 1,
        contentType: 'text/plain; charset=utf-8',
        responseTopic: 're/ply',
        messageExpiryInterval: 4_294_967_295,
        correlationData: Buffer.from([0, 255, 1]),
        userProperties: [
          ['b', '1'],
          ['a', 'grüße'],
          ['b', ''],
          ['__proto__', 'p'],
        ],
      },
    })
  })

  it.each([
    ['x-amz-mqtt5-payload-format-indicator', '1'],
    ['x-amz-mqtt5-correlation-data', 'not base64!'],
    ['x-amz-mqtt5-correlation-data', 'AP8'],
    ['x-amz-mqtt5-user-properties', '[{"a":"1"}]'],
    ['x-amz-mqtt5-user-properties', json({ a: '1' })],
    ['x-amz-mqtt5-user-properties', json([{ a: 1 }])],
    ['x-amz-mqtt5-user-properties', json([{ a: '1', b: '2' }])],
    ['x-amz-mqtt5-user-properties', json([{}])],
    ['x-amz-mqtt5-user-properties', json([['a', '1']])],
    ['x-amz-mqtt5-user-properties', json(['a'])],
    ['x-amz-mqtt5-user-properties', json([null])],
    ['x-amz-mqtt5-user-properties', json([{ a: '\u0000' }])],
    ['x-amz-mqtt5-user-properties', Buffer.from('[{"a":"\\ud800"}]').toString('base64')],
    ['x-amz-mqtt5-user-properties', Buffer.from([0x5b, 0xff, 0x5d]).toString('base64')],
    ['x-amz-mqtt5-user-properties', Buffer.from('['.repeat(8_000)).toString('base64')],
  ])('%s: %.40s is refused', (header, value) =>
    expect(read('/topics/a', { [header]: value })).toMatchObject({ error: 'InvalidRequestException' }),
  )
})

it('Reading a request of any text ends in a request or a refusal', () => {
  const texts = fc.record({
    path: fc.string({ unit: 'binary', maxLength: 30 }),
    query: fc.string({ maxLength: 30 }),
    header: fc.string({ unit: 'binary', maxLength: 30 }),
  })
  fc.assert(
    fc.property(texts, ({ path, query, header }) => {
      const headers = {
        'x-amz-mqtt5-user-properties': Buffer.from(header).toString('base64'),
        'x-amz-mqtt5-correlation-data': header,
      }
      for (const each of [{}, headers]) {
        const result = read(`/topics/${path}?contentType=${query}&${query}`, each)
        if ('error' in result) expect(result.message).not.toBe('')
        else expect(result.topic).not.toMatch(/[+#\u0000]/)
      }
    }),
    { numRuns: 500 },
  )
})

describe('A body whose request was answered before its end', () => {
  it('takes nothing of the budget any more, however much of it still comes', async () => {
    const waiting = { bytes: 0, limit: 1_000 }
    const request = Object.assign(new PassThrough(), { headers: {} })
    const body = new BodyReader(request as unknown as IncomingMessage, 500, waiting)
    const outcome = body.read()
    request.write(Buffer.alloc(100))
    await expect.poll(() => waiting.bytes).toBe(100)
    body.discard()
    body.release()
    expect(await outcome).toEqual({ kind: 'gone' })
    request.end(Buffer.alloc(100))
    await once(request, 'end')
    expect(waiting.bytes).toBe(0)
  })
})
