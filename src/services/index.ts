export { HttpService, type HttpServiceOptions } from './http-service.ts'
export { protobufDirectory, protobufSource } from './protobuf.ts'
export { type ServiceFunction, type ServiceObserver, ServiceSet } from './service-set.ts'
