export { MAX_TAPS, type Tap, TapHub, type TapHubOptions } from './hub.ts'
export { type TapOptions } from './options.ts'
export { TapStream } from './stream.ts'
