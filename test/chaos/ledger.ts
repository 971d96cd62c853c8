import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { type LedgerCommand, type LedgerCounts, type LedgerOptions, type LedgerProof } from './protocol.ts'

/** The ledger process as its parent sees it. */
export interface Ledger {
  tell(kind: 'start' | 'stop' | 'calm' | 'flap'): Promise<void>
  counts(): Promise<LedgerCounts>
  prove(command: Omit<LedgerCommand & { kind: 'prove' }, 'kind'>): Promise<LedgerProof>
  end(): Promise<void>
}

interface Answer {
  readonly id: number
  readonly answer?: unknown
  readonly error?: string
}

export function startLedger(options: LedgerOptions): Ledger {
  const entry = fileURLToPath(new URL('./ledger-process.ts', import.meta.url))
  const child = fork(entry, [JSON.stringify(options)], {
    execArgv: ['--import', 'tsx', '--max-old-space-size=4096'],
    // Numbers that are no JSON (Infinity) and long lists travel.
    serialization: 'advanced',
  })
  const waiting = new Map<number, { resolve: (answer: unknown) => void; reject: (error: Error) => void }>()
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  child.on('message', ({ id, answer, error }: Answer) => {
    const asked = waiting.get(id)
    waiting.delete(id)
    if (error === undefined) asked?.resolve(answer)
    else asked?.reject(new Error(error))
  })
  child.on('exit', (code, signal) => {
    for (const { reject } of waiting.values()) reject(new Error(`the ledger ended with ${code ?? signal}`))
  })
  let last = 0
  const ask = (command: LedgerCommand): Promise<unknown> =>
    new Promise((resolve, reject) => {
      last += 1
      waiting.set(last, { resolve, reject })
      child.send({ id: last, command })
    })
  return {
    async tell(kind) {
      await ask({ kind })
    },
    counts: async () => (await ask({ kind: 'count' })) as LedgerCounts,
    prove: async (command) => (await ask({ kind: 'prove', ...command })) as LedgerProof,
    async end() {
      if (child.connected) await ask({ kind: 'end' }).catch(() => undefined)
      await exited
    },
  }
}
