import { defineProperty, type PropertyCondition } from './property.ts'

const TLS_PROTOCOLS = ['SSL', 'SASL_SSL']
const overTls: PropertyCondition = { protocols: TLS_PROTOCOLS }

export const sslTruststore = defineProperty({
  name: 'ssl.truststore',
  becomes: ['ssl.ca.pem'],
  summary:
    'Certificates of the authorities that signed the brokers: JKS or PKCS #12 in base64, or PEM. Without it those of the system are trusted.',
  usedWith: overTls,
  templated: true,
})

export const sslTruststorePassword = defineProperty({
  name: 'ssl.truststore.password',
  summary: 'Password of the truststore, where it has one.',
  usedWith: overTls,
  secret: true,
  templated: true,
})

export const sslKeystore = defineProperty({
  name: 'ssl.keystore',
  becomes: ['ssl.certificate.pem', 'ssl.key.pem'],
  summary: 'Private key and certificate chain of the client: JKS or PKCS #12 in base64, or PEM.',
  usedWith: overTls,
  required: { protocols: ['SSL'] },
  optionalWith: 'SSL_WITHOUT_KEYSTORE',
  secret: true,
  templated: true,
})

export const sslKeystorePassword = defineProperty({
  name: 'ssl.keystore.password',
  summary: 'Password of the keystore; may be empty. In PEM that of an encrypted private key.',
  usedWith: overTls,
  required: { beside: 'ssl.keystore' },
  secret: true,
  templated: true,
})

export const sslKeyPassword = defineProperty({
  name: 'ssl.key.password',
  summary: 'Password of the private key where it differs from that of the keystore.',
  usedWith: overTls,
  secret: true,
  templated: true,
})
