export { HttpService, type HttpServiceOptions } from './http-service.ts'
export { type ServiceFunction, type ServiceObserver, ServiceSet } from './service-set.ts'
