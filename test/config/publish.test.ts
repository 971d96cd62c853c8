import { describe, expect, it } from 'vitest'
import { parseConfig } from '../../src/config/index.ts'

const parse = (text: string): ReturnType<typeof parseConfig> => parseConfig(text, '/etc/topicrule', {})

describe('publish', () => {
  it('is off unless it is named', () => {
    const result = parse('mqtt: {listeners: [{anonymous: true}]}')
    expect(result).toMatchObject({ ok: true, warnings: [] })
    expect(result.ok && result.config.publish).toBeUndefined()
  })

  it('listens on the loopback interface alone and lets nobody in without credentials', () => {
    const result = parse('publish: {}')
    expect(result.ok && result.config.publish).toMatchObject({
      ...{ host: '127.0.0.1', port: 8081, anonymous: false, deadline: 30_000 },
      limits: { maxPayloadSize: 131_072 },
    })
  })

  it('has another port with TLS, and files beside the configuration', () => {
    const result = parse('publish: {tls: {cert: c.pem, key: k.pem, clientCa: ca.pem}}')
    expect(result.ok && result.config.publish).toMatchObject({
      port: 8444,
      tls: { cert: '/etc/topicrule/c.pem', key: '/etc/topicrule/k.pem', clientCa: '/etc/topicrule/ca.pem' },
    })
  })

  it('that nobody can use is warned about, until somebody can', () => {
    const warned = (more: string): unknown => {
      const result = parse(`mqtt: {listeners: [{anonymous: true}]}\npublish: {${more}}`)
      return result.ok && result.warnings.map(({ code, path }) => [code, path])
    }
    expect(warned('port: 0')).toEqual([['CONFIG_NO_ACCESS', 'publish']])
    expect(warned('anonymous: true')).toEqual([])
    expect(warned('tls: {cert: c, key: k, clientCa: ca}')).toEqual([])
  })

  it.each(['deadline: 0s', 'limits: {maxPayloadSize: 1GiB}', 'limits: {requestTimeout: 0}', 'users: {}'])(
    'does not take %s',
    (text) => expect(parse(`publish: {${text}}`)).toMatchObject({ ok: false }),
  )
})
