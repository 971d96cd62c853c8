import { readFileSync } from 'node:fs'
import { once } from 'node:events'
import { WebSocket } from 'ws'

export interface Memory {
  /** Bytes of the JavaScript heap in use after a full collection. */
  readonly heap: number
  /** Bytes resident after it. */
  readonly resident: number
}

/** What a process started with `--inspect=0` holds once its garbage is collected; `url`: as it says on stderr. */
export async function memoryOf(pid: number, url: string): Promise<Memory> {
  const socket = new WebSocket(url)
  await once(socket, 'open')
  let id = 0
  const ask = async (method: string): Promise<Record<string, unknown>> => {
    socket.send(JSON.stringify({ id: (id += 1), method }))
    for (;;) {
      const [data] = (await once(socket, 'message')) as [Buffer]
      const answer = JSON.parse(data.toString()) as { id?: number; result: Record<string, unknown> }
      if (answer.id === id) return answer.result
    }
  }
  await ask('HeapProfiler.collectGarbage')
  await ask('HeapProfiler.collectGarbage')
  const { usedSize } = await ask('Runtime.getHeapUsage')
  socket.close()
  const pages = Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1])
  return { heap: Number(usedSize), resident: pages * 4096 }
}

/** The address in the line that Node writes with `--inspect`. */
export function inspectorUrl(line: string): string {
  return /ws:\/\/\S+/.exec(line)![0]
}
