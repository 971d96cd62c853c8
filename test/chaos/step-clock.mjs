// Loaded into the server before it starts: SIGURG steps its wall clock, an hour ahead and an hour back in turns, SIGWINCH
// makes it right. Both are ignored by a process that has not loaded this yet. The clocks of librdkafka and Kafka stay.
const HOUR = 3_600_000
const RealDate = Date
let offset = 0
let next = HOUR
globalThis.Date = class extends RealDate {
  constructor(...args) {
    if (args.length === 0) super(RealDate.now() + offset)
    else super(...args)
  }

  static now() {
    return RealDate.now() + offset
  }
}
process.on('SIGURG', () => {
  offset = next
  next = -next
})
process.on('SIGWINCH', () => (offset = 0))
