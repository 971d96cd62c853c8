export { type Examine, examineBroker, Examiner } from './examiner.ts'
export { addressesOf, type BrokerAddress, shown } from './address.ts'
export { probeBroker, type ProbeStep } from './steps.ts'
export { type PeerCertificate, type Verdict } from './tls.ts'
