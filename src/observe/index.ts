export { createLog, type Log, logEvents, type LogEventName, type LogSink } from './log.ts'
export {
  type Cell,
  Histogram,
  type LabelledValue,
  Metrics,
  type MetricName,
  type MetricSpec,
  metricSpecs,
} from './metrics.ts'
export { type ClusterHealth, type PageAnswer, type Readiness, readyAnswer } from './health.ts'
export { type HealthPages, type HealthServer, serveHealth, answerPage } from './http.ts'
