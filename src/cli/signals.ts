/** Resolves at the first SIGINT or SIGTERM; a second one ends the process at once. */
export function onStopSignal(): Promise<void> {
  return new Promise((resolve) => {
    let asked = false
    const stop = (): void => {
      if (asked) process.exit(130)
      asked = true
      resolve()
    }
    process.on('SIGINT', stop)
    process.on('SIGTERM', stop)
  })
}

/** Keeps a SIGHUP from ending the process; from `start` on each calls back, one that came before at once. */
export function onReloadSignal(): { start(reload: () => void): void } {
  let reload: (() => void) | undefined
  let isAsked = false
  process.on('SIGHUP', () => {
    isAsked = true
    reload?.()
  })
  return {
    start(callback) {
      reload = callback
      if (isAsked) callback()
    },
  }
}
