export { createLog, type Log, logEvents, type LogEventName, type LogSink } from './log.ts'
export { type Cell, Histogram, Metrics, type MetricName, type MetricSpec, metricSpecs } from './metrics.ts'
export { type HealthPages, type HealthServer, serveHealth } from './http.ts'
