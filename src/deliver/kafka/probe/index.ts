export { type Examine, examineBroker, Examiner } from './examiner.ts'
export { probeBrokers, type ProbeStep } from './steps.ts'
export { type PeerCertificate, type Verdict } from './tls.ts'
