export {
  type ClientContext,
  type Message,
  type MessageSink,
  type PublishProperties,
  type Settlement,
} from './message.ts'
export { newTraceId, type TraceId } from './trace-id.ts'
