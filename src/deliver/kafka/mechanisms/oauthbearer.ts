import { type ClientPropertySpec, defineProperty, type PropertyCondition } from '../properties/property.ts'
import { type MechanismSpec, textOf } from './mechanism.ts'

const NAME = 'OAUTHBEARER'
/** The setting with the authorities of the token endpoint; PEM once a target is resolved. */
export const ENDPOINT_TRUSTSTORE = 'sasl.oauthbearer.token.endpoint.truststore'

const usedWith: PropertyCondition = { protocols: ['SASL_SSL', 'SASL_PLAINTEXT'], mechanisms: [NAME] }
const common = { extension: NAME, usedWith } as const

const properties: readonly ClientPropertySpec[] = [
  defineProperty({
    ...common,
    name: 'sasl.oauthbearer.token.endpoint.url',
    summary:
      'Address (https) of the token endpoint of an OpenID provider, which is asked with client credentials.',
    required: true,
    maxBytes: 2048,
    librdkafka: 'sasl.oauthbearer.token.endpoint.url',
    fault: endpointFault,
  }),
  defineProperty({
    ...common,
    name: 'sasl.oauthbearer.client.id',
    summary: 'Name of the client at the token endpoint.',
    required: true,
    templated: true,
    maxBytes: 1024,
    librdkafka: 'sasl.oauthbearer.client.id',
    fault: textFault,
  }),
  defineProperty({
    ...common,
    name: 'sasl.oauthbearer.client.secret',
    summary: 'Secret of the client at the token endpoint.',
    required: true,
    templated: true,
    secret: true,
    maxBytes: 4096,
    librdkafka: 'sasl.oauthbearer.client.secret',
    fault: textFault,
  }),
  defineProperty({
    ...common,
    name: 'sasl.oauthbearer.scope',
    summary: 'Scopes to ask for, separated by spaces.',
    maxBytes: 1024,
    becomes: ['sasl.oauthbearer.scope'],
    // RFC 6749 section 3.3.
    fault: (value) =>
      /^[!#-[\]-~]+(?: [!#-[\]-~]+)*$/.test(value) ? undefined : 'must be scopes separated by single spaces',
  }),
  defineProperty({
    ...common,
    name: ENDPOINT_TRUSTSTORE,
    summary:
      'Certificates of the authorities that signed the token endpoint, as in ssl.truststore and without a password. Without it those of the system are trusted.',
    templated: true,
    becomes: ['https.ca.pem'],
  }),
]

/**
 * Bearer tokens that librdkafka fetches with client credentials and fetches again when most of their time is over.
 * RFC 7628, RFC 6749 section 4.4.
 */
export const oauthbearer: MechanismSpec = {
  name: NAME,
  extension: true,
  properties,
  toLibrdkafka: (settings) => {
    const scope = textOf(settings, 'sasl.oauthbearer.scope')
    const trusted = textOf(settings, ENDPOINT_TRUSTSTORE)
    return {
      'sasl.mechanisms': NAME,
      'sasl.oauthbearer.method': 'oidc',
      // It goes into the body of the request as it is.
      ...(scope !== '' && { 'sasl.oauthbearer.scope': encodeURIComponent(scope) }),
      ...(trusted !== '' && { 'https.ca.pem': trusted }),
    }
  },
}

function endpointFault(value: string): string | undefined {
  const url = URL.canParse(value) ? new URL(value) : undefined
  if (url?.protocol !== 'https:')
    return 'must be an https address, such as https://login.example.com/oauth2/token'
  if (url.username !== '' || url.password !== '')
    return 'must hold no credentials; use the properties for them'
  return undefined
}

function textFault(value: string): string | undefined {
  if (value === '') return 'is empty'
  return /[\x00-\x1f\x7f]/.test(value) ? 'contains a control character' : undefined
}
