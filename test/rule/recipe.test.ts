import { describe, expect, it } from 'vitest'
import { type KafkaTarget } from '../../src/deliver/specs.ts'
import { type Failure } from '../../src/errors.ts'
import { type CompiledKafkaAction, type PropertyRecipe } from '../../src/rule/index.ts'
import { type Environment, type Services } from '../../src/sql/index.ts'
import { type Value } from '../../src/value/index.ts'
import { compiled, kafka, payload, report } from './report.ts'

const options = {
  name: 'r',
  extensions: ['SASL_PLAINTEXT'],
  services: new Set(['get_secret']),
}
const scram = {
  'security.protocol': 'SASL_PLAINTEXT',
  'sasl.mechanism': 'SCRAM-SHA-512',
  'sasl.scram.username': "${get_secret('login', 'SecretString', 'user')}",
  'sasl.scram.password': "${get_secret('login', 'SecretString', 'password')}",
}

function recipeOf(properties: Record<string, unknown> = {}): PropertyRecipe {
  const rule = compiled(payload({ actions: [kafka({}, { ...scram, ...properties })] }), options)
  expect(rule.deliverable).toBe(true)
  return (rule.actions[0] as CompiledKafkaAction).target as PropertyRecipe
}

const asked: (readonly Value[])[] = []
function environment(answer: (args: readonly Value[]) => string | Failure): Environment {
  const services: Services = {
    call: (_name, args) => {
      asked.push(args)
      const value = answer(args)
      return Promise.resolve(typeof value === 'string' ? { ok: true, value } : { ok: false, failure: value })
    },
  }
  return { accountId: '1', now: () => 0, random: () => 0, newUuid: () => '', services }
}

async function resolve(
  properties: Record<string, unknown>,
  answer: (args: readonly Value[]) => string | Failure = (args) => `${String(args[2])}-value`,
): Promise<KafkaTarget | Failure> {
  const resolution = await recipeOf(properties).resolve(environment(answer))
  return resolution.ok ? resolution.target : resolution.failure
}

describe('client properties that look up secrets', () => {
  it('are looked up once each, side by side, when a producer is opened and not before', async () => {
    asked.length = 0
    const recipe = recipeOf()
    expect(asked).toEqual([])
    expect(recipe.bootstrapServers).toBe('localhost:9092')
    const resolution = await recipe.resolve(environment((args) => `${String(args[2])}-value`))
    const target = resolution.ok ? resolution.target : undefined
    expect(target?.settings.get('sasl.scram.username')).toBe('user-value')
    expect(JSON.stringify([...target!.settings])).not.toContain('password-value')
    expect(asked).toEqual([
      ['login', 'SecretString', 'user'],
      ['login', 'SecretString', 'password'],
    ])
  })

  it('are equal recipes for equal documents, and equal targets for equal values', async () => {
    expect(recipeOf().identity).toBe(recipeOf().identity)
    const other = { 'sasl.scram.password': "${get_secret('other', 'SecretString', 'password')}" }
    expect(recipeOf(other).identity).not.toBe(recipeOf().identity)
    const [one, two] = [await resolve({}), await resolve(other)]
    expect((one as KafkaTarget).identity).toBe((two as KafkaTarget).identity)
    const changed = await resolve({}, () => 'x')
    expect((changed as KafkaTarget).identity).not.toBe((one as KafkaTarget).identity)
  })

  it('may hold text beside the secret, and take a value that looks like a template as it is', async () => {
    const target = await resolve(
      { 'sasl.scram.username': "u-${get_secret('a', 'SecretString')}" },
      () => '${x}',
    )
    expect((target as KafkaTarget).settings.get('sasl.scram.username')).toBe('u-${x}')
  })

  const kerberos = {
    'security.protocol': 'SASL_PLAINTEXT',
    'sasl.mechanism': 'GSSAPI',
    'sasl.kerberos.service.name': 'kafka',
    'sasl.kerberos.krb5.realm': 'A.TEST',
    'sasl.kerberos.krb5.kdc': 'kdc',
    'sasl.kerberos.principal': 'alice',
    'sasl.kerberos.keytab': "${get_secret('keytab', 'SecretBinary')}",
  }

  it.each([
    ['sasl.kerberos.krb5.kdc', 'kdc\n[plugins]\n${'],
    ['sasl.kerberos.krb5.realm', 'A }\n${'],
    ['sasl.kerberos.principal', '-V ${'],
    ['sasl.kerberos.service.name', 'kafka/${'],
  ])('are checked although a value looks like a template: %s', async (name, value) => {
    const late = await resolve({ ...kerberos, [name]: "${get_secret('it', 'SecretString')}" }, () => value)
    expect(late).toMatchObject({ code: 'KAFKA_PROPERTY_VALUE', class: 'rule' })
    const characters = Array.from(value, (character) => `chr(${character.charCodeAt(0)})`)
    const constant = `\${concat(${characters.join(', ')})}`
    const document = payload({ actions: [kafka({}, { ...kerberos, [name]: constant })] })
    expect(report(document, options)).toEqual([
      expect.stringMatching(new RegExp(`^error KAFKA_PROPERTY_VALUE .*${name}`)),
    ])
  })

  it('fail by what the service says, or by what is wrong with the values', async () => {
    const failure = { code: 'SECRET_NOT_FOUND', class: 'rule', resource: '"login"', message: 'none' } as const
    expect(await resolve({}, () => failure)).toEqual(failure)
    expect(await resolve({}, () => 'a\0b')).toMatchObject({ code: 'KAFKA_PROPERTY_VALUE', class: 'rule' })
    const store = await resolve(
      { ...tls, 'ssl.truststore': "${get_secret('ca', 'SecretBinary')}" },
      () => 'AAAA',
    )
    expect(store).toMatchObject({ class: 'rule', resource: 'localhost:9092' })
    expect((store as Failure).code).toMatch(/^KAFKA_STORE/)
  })

  const tls = { 'security.protocol': 'SASL_SSL' }

  it.each([
    ["${get_secret(topic(), 'SecretString')}"],
    ["${get_secret('a', 'SecretString', kind)}"],
    ["${get_secret('a', 'SecretString')}${clientid()}"],
    ["${get_secret(newuuid(), 'SecretString')}"],
    ["${concat(get_secret('a', 'SecretString'), timestamp())}"],
  ])('are refused when they read the message: %s', (template) => {
    const document = payload({ actions: [kafka({}, { ...scram, 'sasl.scram.password': template })] })
    expect(report(document, options)).toEqual([
      expect.stringMatching(/^error RULE_PROPERTY_READS_MESSAGE .*sasl.scram.password/),
    ])
  })

  it('leave the rest of the properties checked when the rule is created', () => {
    const wrong = kafka({}, { ...scram, ...tls, 'ssl.truststore': 'no store', acks: '2' })
    const lines = report(payload({ actions: [wrong] }), options)
    expect(lines).toEqual([expect.stringMatching(/^error KAFKA_PROPERTY_VALUE .*acks/)])
    const faulty = kafka({}, { ...scram, ...tls, 'ssl.truststore': 'no store' })
    expect(report(payload({ actions: [faulty] }), options)).toEqual([
      expect.stringMatching(/^error KAFKA_STORE\w* .*ssl.truststore/),
    ])
    const closed = { 'ssl.truststore.password': "${get_secret('a', 'SecretString')}" }
    const later = kafka({}, { ...scram, ...tls, 'ssl.truststore': 'no store', ...closed })
    expect(report(payload({ actions: [later] }), options)).toEqual([])
  })
})
