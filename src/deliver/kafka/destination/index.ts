export { advertisedBrokers, brokersPart, isAnyBrokerUp } from './advertised.ts'
export {
  checkDestination,
  type DestinationFiles,
  type Destinations,
  egressOf,
  openDestinations,
} from './destinations.ts'
export { type HostOverrides, hostsFile } from './overrides.ts'
export { DestinationGuard, type GuardVerdict, type Lookup } from './guard.ts'
export { defaultEgress, type DestinationRules, EgressPolicy } from './policy.ts'
