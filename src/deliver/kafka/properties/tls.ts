import { defineProperty, type PropertyCondition } from './property.ts'

const overTls: PropertyCondition = { protocols: ['SSL', 'SASL_SSL'] }

export const sslTruststore = defineProperty({
  name: 'ssl.truststore',
  summary:
    'Certificates of the authorities that signed the brokers; without it those of the system are trusted.',
  usedWith: overTls,
  templated: true,
})

export const sslTruststorePassword = defineProperty({
  name: 'ssl.truststore.password',
  summary: 'Password of the truststore; PEM has none.',
  usedWith: overTls,
  secret: true,
  templated: true,
})

export const sslKeystore = defineProperty({
  name: 'ssl.keystore',
  summary: 'Certificate and private key of the client.',
  usedWith: { protocols: ['SSL'] },
  required: true,
  optionalWith: 'SSL_WITHOUT_KEYSTORE',
  secret: true,
  templated: true,
})

export const sslKeystorePassword = defineProperty({
  name: 'ssl.keystore.password',
  summary: 'Password of the keystore; in PEM that of an encrypted private key.',
  usedWith: { protocols: ['SSL'] },
  secret: true,
  templated: true,
})

export const sslKeyPassword = defineProperty({
  name: 'ssl.key.password',
  summary: 'Password of the private key where it differs from that of the keystore.',
  usedWith: { protocols: ['SSL'] },
  secret: true,
  templated: true,
})
