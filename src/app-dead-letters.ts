import { type Config } from './config/index.ts'
import { DeadLetterStore } from './deadletter/index.ts'
import { type Log, type Metrics } from './observe/index.ts'

/** The dead letters of the configuration; undefined where it has none. Rejects when the directory cannot be used. */
export async function openDeadLetters(
  config: Config,
  metrics: Metrics,
  log: Log,
): Promise<DeadLetterStore | undefined> {
  if (config.deadLetter === undefined) return undefined
  const store = await DeadLetterStore.open(config.deadLetter, {
    removed(file, letters, because) {
      metrics.cell('topicrule_dead_letters_removed_total').value += letters
      log.event('deadletter.removed', { file, letters, because })
    },
    damaged: (file, lines) => log.event('deadletter.damaged', { file, lines }),
    failed(reason) {
      metrics.cell('topicrule_dead_letter_failures_total').value += 1
      log.event('deadletter.failed', { reason })
    },
  })
  metrics.gauge('topicrule_dead_letter_bytes', () => store.bytes)
  return store
}
